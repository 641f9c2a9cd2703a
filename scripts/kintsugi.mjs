/** `npm run -s kintsugi -- …`: bundles cli/main.ts unless nothing has changed since the last time, then runs it. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { stampOf } from "./stamp.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const outDir = `${root}cli/.cache`;
const module = `${outDir}/main.mjs`;
const stampFile = `${outDir}/main.stamp`;

const stamp = stampOf(root, ["cli", "src/core", "src/kernels", "scripts", "package-lock.json"]);
if (!existsSync(module) || !existsSync(stampFile) || readFileSync(stampFile, "utf8") !== stamp) {
  // In a process of its own: the bundler's memory would count as the command's.
  const args = [`${root}scripts/bundle.mjs`, "cli/main.ts", outDir, "main"];
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(stampFile, stamp);
}
await import(pathToFileURL(module).href);
