/**
 * `npm run bench [-- PART] [-- …]`: installs the baselines beside the benchmarks and runs all parts in order, or the one
 * that is named; what follows its name goes to it (`page --json FILE`). `stream` needs 8 GB of disk and runs only when it
 * is named. Prints; gates nothing.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" };

const parts = {
  page: { heading: "The page on the zoo", run: ["bench/page.mjs"], isBuilt: true },
  kernels: { heading: "Kernels against copying", run: ["bench/kernels.ts"] },
  edit: { heading: "An edit in 8 experts × 1 M parameters", run: ["bench/edit.ts"] },
  training: { heading: "One training step", run: ["bench/training.ts", "bench/training-page.mjs"] },
  localisation: { heading: "Localisation and sensitivity", run: ["bench/localisation.ts"] },
  doge: { heading: "DOGE", run: ["bench/doge.ts"] },
  lora: { heading: "LoRA experts, merged and routed", run: ["bench/lora.ts"] },
  stream: { heading: "Models larger than memory", run: ["bench/stream.ts"], isAsked: true },
  accuracy: { heading: "What merges of the zoo keep", run: ["bench/accuracy.ts"] },
};

const [first, ...rest] = process.argv.slice(2);
const always = Object.keys(parts).filter((name) => !parts[name].isAsked);
const wanted = first === undefined ? always : [first];
if (!wanted.every((name) => name in parts)) {
  console.error(`usage: npm run bench [-- ${Object.keys(parts).join(" | ")}]`);
  process.exit(2);
}

run("scripts/bootstrap.mjs", ["--browser"]);
if (!existsSync(`${root}bench/node_modules`)) npm(["ci", "--no-audit", "--no-fund", "--prefix", "bench"]);
for (const name of wanted) {
  const { heading, run: scripts, isBuilt } = parts[name];
  console.log(`\n${heading} (${name})`);
  if (isBuilt) run("scripts/build-once.mjs");
  for (const script of scripts) {
    if (script.endsWith(".ts")) run("scripts/run-ts.mjs", [script, ...rest]);
    else run(script, rest);
  }
}

/** Runs a script of ours. */
function run(script, args = []) {
  step(process.execPath, [script, ...args]);
}

function npm(args) {
  const cli = process.env.npm_execpath;
  if (cli) step(process.execPath, [cli, ...args]);
  else step("npm", args);
}

function step(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, env, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
