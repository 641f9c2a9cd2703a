/** Prints what a visitor downloads and fails above the budget: gzipped kB of page, lazy parts, workers and wasm. */
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** Budgets in gzipped kB. wasm is onnxruntime-web's own; the page must stay quick to open. */
const budget = { page: 370, styles: 25, lazy: 280, workers: 300, optimiser: 180, wasm: 4200 };

const folder = new URL("../dist/assets/", import.meta.url);
const html = readFileSync(new URL("../dist/index.html", import.meta.url), "utf8");
const sizes = { page: 0, styles: 0, lazy: 0, workers: 0, optimiser: 0, wasm: 0 };

for (const name of readdirSync(folder)) {
  const kind = kindOf(name);
  if (kind) sizes[kind] += gzipSync(readFileSync(new URL(name, folder)), { level: 9 }).byteLength / 1000;
}

let isOver = false;
for (const [kind, kB] of Object.entries(sizes)) {
  const over = kB > budget[kind];
  isOver ||= over;
  console.log(
    `${kind.padEnd(8)} ${kB.toFixed(0).padStart(5)} kB gzip of ${budget[kind]}${over ? "  over budget" : ""}`,
  );
}
if (isOver) process.exit(1);

function kindOf(name) {
  if (name.endsWith(".wasm")) return "wasm";
  if (name.endsWith(".css")) return "styles";
  // Fetched when the first training or measurement is asked for.
  if (name.startsWith("optimise.worker-")) return "optimiser";
  if (/\.worker-/.test(name) || name.startsWith("ort-")) return "workers";
  if (/\.m?js$/.test(name)) return html.includes(name) ? "page" : "lazy";
  return undefined;
}
