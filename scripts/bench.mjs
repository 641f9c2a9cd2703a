/** `npm run bench [-- --json FILE]`: builds, installs the baselines beside the benchmarks, runs them, prints ratios. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" };

step(process.execPath, ["scripts/bootstrap.mjs", "--browser"]);
step(process.execPath, ["scripts/build-once.mjs"]);
if (!existsSync(`${root}bench/node_modules`)) {
  const cli = process.env.npm_execpath;
  const args = ["ci", "--no-audit", "--no-fund", "--prefix", "bench"];
  if (cli) step(process.execPath, [cli, ...args]);
  else step("npm", args);
}
step(process.execPath, ["bench/page.mjs", ...process.argv.slice(2)]);

function step(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, env, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
