/** Builds dist/ unless the sources have not changed since the last build. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stampFile = join(root, "dist", ".stamp");
const inputs = ["src", "workers", "public", "index.html", "vite.config.ts", "package-lock.json", "scripts"];

const hash = createHash("sha256");
for (const input of inputs) addTree(join(root, input));
const stamp = hash.digest("hex");

if (!existsSync(stampFile) || readFileSync(stampFile, "utf8") !== stamp) {
  const done = spawnSync(
    process.execPath,
    [join(root, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"],
    {
      cwd: root,
      stdio: "inherit",
    },
  );
  if (done.status !== 0) process.exit(done.status ?? 1);
  writeFileSync(stampFile, stamp);
}

function addTree(path) {
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path).sort()) addTree(join(path, name));
  } else {
    hash.update(path.slice(root.length)).update("\0").update(readFileSync(path));
  }
}
