/**
 * Bundles a TypeScript script for Node by Vite's SSR build (Node 20 runs no TypeScript); packages stay outside.
 * Usage: node scripts/bundle.mjs ENTRY OUT_DIR NAME     (writes OUT_DIR/NAME.mjs)
 */
import { isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { kernels } from "./kernels.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** @param entry from the root @param outDir the module is written there as `name`.mjs */
export async function bundle(entry, outDir, name) {
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
        output: { entryFileNames: `${name}.mjs`, chunkFileNames: `${name}-[name].mjs` },
      },
    },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle(...process.argv.slice(2));
