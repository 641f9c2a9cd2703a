/**
 * Runs a TypeScript script with Node: bundles it (see bundle.mjs), then imports it.
 * Usage: node scripts/run-ts.mjs zoo/measure.ts [arguments]
 */
import { basename, dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundle } from "./bundle.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const [entry, ...rest] = process.argv.slice(2);
if (!entry) {
  console.error("usage: node scripts/run-ts.mjs SCRIPT.ts [arguments]");
  process.exit(2);
}
// Beside the script, so that packages are found where the script would find them.
const outDir = resolve(root, dirname(entry), ".cache");
const name = basename(entry, ".ts");

await bundle(entry, outDir, name);
process.argv = [process.argv[0], entry, ...rest];
await import(pathToFileURL(resolve(outDir, `${name}.mjs`)).href);
