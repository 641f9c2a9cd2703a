/** Installs the packages beside this file that are missing: onnxruntime-node, and those that the texts come from. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));

if (!existsSync(`${here}node_modules/.package-lock.json`)) {
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
  const cli = process.env.npm_execpath;
  const { status } = cli
    ? spawnSync(process.execPath, [cli, ...args], { cwd: here, stdio: "inherit" })
    : spawnSync("npm", args, { cwd: here, stdio: "inherit" });
  process.exitCode = status ?? 1;
}
