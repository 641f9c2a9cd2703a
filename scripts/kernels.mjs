/**
 * Vite plugin: compiles src/kernels/assembly to WebAssembly when something is built, served or tested, and only when a
 * source has changed since. Provides `virtual:kernels` (the module's bytes).
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const NAME = "virtual:kernels";
const RESOLVED = `\0${NAME}`;
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SOURCES = "src/kernels/assembly";
const CACHE = `${ROOT}.cache/kernels`;
/** No relaxed SIMD and no threads: the same bits on every machine. */
const OPTIONS = ["--runtime", "stub", "-O3", "--noAssert", "--enable", "simd", "--importMemory"];

/** @returns {import("vite").Plugin} */
export function kernels() {
  return {
    name: "kintsugi:kernels",
    resolveId: (id) => (id === NAME ? RESOLVED : undefined),
    async load(id) {
      if (id !== RESOLVED) return undefined;
      for (const file of sources()) this.addWatchFile(file);
      return `export const kernels = new Uint8Array([${[...(await compile())].join()}]);`;
    },
  };
}

/** The module's bytes, from the cache when the sources are those it was made of. @throws Error with the compiler's words */
async function compile() {
  const hash = createHash("sha256").update(OPTIONS.join());
  for (const file of sources()) hash.update(readFileSync(file));
  const cached = `${CACHE}/${hash.digest("hex").slice(0, 16)}.wasm`;
  try {
    return readFileSync(cached);
  } catch {
    // Not compiled yet.
  }
  let binary;
  const { error, stderr } = await asc.main([`${SOURCES}/index.ts`, ...OPTIONS, "--outFile", "kernels.wasm"], {
    readFile: (name) => {
      try {
        return readFileSync(`${ROOT}${name}`, "utf8");
      } catch {
        return null;
      }
    },
    writeFile: (_name, contents) => {
      binary = contents;
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`src/kernels/assembly does not compile:\n${stderr.toString()}`);
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(cached, binary);
  return binary;
}

function sources() {
  const folder = `${ROOT}${SOURCES}`;
  return readdirSync(folder)
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => `${folder}/${name}`);
}
