/** `npm run -s kintsugi -- …`: bundles cli/main.ts unless nothing has changed since the last time, then runs it. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { stampOf } from "./stamp.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const outDir = `${root}cli/.cache`;
const module = `${outDir}/main.mjs`;
const stampFile = `${outDir}/main.stamp`;

const stamp = stampOf(root, ["cli", "src/core", "src/kernels", "scripts", "package-lock.json"]);
if (!existsSync(module) || !existsSync(stampFile) || readFileSync(stampFile, "utf8") !== stamp) {
  const { bundle } = await import("./bundle.mjs");
  await bundle("cli/main.ts", outDir, "main");
  writeFileSync(stampFile, stamp);
}
await import(pathToFileURL(module).href);
