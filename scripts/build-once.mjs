/** Builds dist/ unless the sources have not changed since the last build. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stampOf } from "./stamp.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const stampFile = join(root, "dist", ".stamp");
const inputs = ["src", "workers", "public", "index.html", "vite.config.ts", "package-lock.json", "scripts"];

const stamp = stampOf(root, inputs);

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
