/**
 * Runs a TypeScript script with Node: bundles it by Vite's SSR build (Node 20 runs no TypeScript), then imports it.
 * Packages stay outside the bundle. Usage: node scripts/run-ts.mjs zoo/measure.ts [arguments]
 */
import { basename, dirname, isAbsolute, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";
import { kernels } from "./kernels.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const [entry, ...rest] = process.argv.slice(2);
if (!entry) {
  console.error("usage: node scripts/run-ts.mjs SCRIPT.ts [arguments]");
  process.exit(2);
}
// Beside the script, so that packages are found where the script would find them.
const outDir = resolve(root, dirname(entry), ".cache");
const name = basename(entry, ".ts");

await build({
  root,
  configFile: false,
  logLevel: "warn",
  publicDir: false,
  plugins: [kernels()],
  build: {
    ssr: resolve(root, entry),
    outDir,
    emptyOutDir: false,
    target: "node20",
    rolldownOptions: {
      external: (id) => /^[a-z@]/i.test(id) && !isAbsolute(id) && !id.startsWith("virtual:"),
      output: { entryFileNames: `${name}.mjs` },
    },
  },
});
process.argv = [process.argv[0], entry, ...rest];
await import(pathToFileURL(resolve(outDir, `${name}.mjs`)).href);
