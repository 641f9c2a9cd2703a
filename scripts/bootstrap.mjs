/**
 * Installs what a bare clone lacks: the packages, and with --browser a Chromium for the tests.
 * With nothing to do it costs one hash of the lockfile. Only Node's built-ins may be imported up here.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stampFile = `${root}node_modules/.kintsugi-stamp`;

const stamp = createHash("sha256")
  .update(readFileSync(`${root}package-lock.json`))
  .update(`${process.platform} ${process.arch} ${process.versions.modules}`)
  .digest("hex");

if (!existsSync(stampFile) || readFileSync(stampFile, "utf8") !== stamp) {
  npm(["ci", "--no-audit", "--no-fund"]);
  writeFileSync(stampFile, stamp);
}

if (process.argv.includes("--browser")) await needBrowser();

async function needBrowser() {
  const { findChromium } = await import("./chromium.mjs");
  if (findChromium()) return;
  if (process.platform === "linux" && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    run("apt-get", ["update"]);
    run("apt-get", ["install", "-y", "--no-install-recommends", "chromium"]);
  }
  if (findChromium()) return;
  run(process.execPath, [`${root}node_modules/@playwright/test/cli.js`, "install", "chromium"]);
  if (findChromium()) return;
  console.error("The tests need a Chromium. Install Chrome, Chromium or Edge, or set CHROMIUM_PATH to one.");
  process.exit(1);
}

function npm(args) {
  const cli = process.env.npm_execpath;
  const done = cli ? run(process.execPath, [cli, ...args]) : run("npm", args);
  if (done.status !== 0) process.exit(done.status ?? 1);
}

function run(command, args) {
  return spawnSync(command, args, { cwd: root, stdio: "inherit", shell: false });
}
