/**
 * Measures the page on the zoo, in a real Chromium against the built app: first load, edit → numbers, the settled
 * evaluation, and the main thread while a per-tensor slider is dragged. The baseline of the same run is
 * onnxruntime-node on the same graph and examples. Prints; gates nothing.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { chromium } from "@playwright/test";
import { preview } from "vite";
import { chromiumFlags, findChromium } from "../scripts/chromium.mjs";
import { evaluateInNode } from "./node-baseline.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const EDITS = 15;

const server = await preview({ root, preview: { port: 4177, strictPort: true } });
const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumFlags });
const results = { machine: `${cpus().length} × ${cpus()[0]?.model}`, node: process.version };
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(observe);
  results.load = await firstLoad(page);
  await settled(page);
  results.threads = Number(/(\d+) thread/.exec(await page.locator("footer").innerText())?.[1]);
  results.edit = await edits(page);
  results.drag = await drag(page);
  await settled(page);
  results.settled = await settledSeconds(page);
  results.node = await evaluateInNode(join(root, "public/zoo/vision"));
  results.settledToNode = round(results.settled.seconds / results.node.seconds);
  results.bytes = bytes();
} finally {
  await browser.close();
  await server.close();
}
print(results);
const at = process.argv.indexOf("--json");
if (at > 0) writeFileSync(process.argv[at + 1], `${JSON.stringify(results, null, 2)}\n`);

/** Runs in the page before anything else: keeps what the app measures of itself, and every long task. */
function observe() {
  globalThis.seen = { measures: [], longTasks: [] };
  const keep = (list, type) =>
    new PerformanceObserver((entries) => {
      for (const { name, startTime, duration } of entries.getEntries())
        list.push({ name, startTime, duration });
    }).observe({ type, buffered: true });
  keep(globalThis.seen.measures, "measure");
  keep(globalThis.seen.longTasks, "longtask");
}

async function firstLoad(page) {
  await page.goto("http://localhost:4177/");
  await page.waitForFunction(
    () => globalThis.seen.measures.some(({ name }) => name === "kintsugi:first-numbers"),
    null,
    { timeout: 60_000 },
  );
  const firstLive = await page.evaluate(() => {
    const { startTime, duration } = globalThis.seen.measures.find(
      ({ name }) => name === "kintsugi:first-numbers",
    );
    return startTime + duration;
  });
  const firstPaint = await page.evaluate(
    () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
  );
  return { firstPaintMs: round(firstPaint), firstLiveChartMs: round(firstLive) };
}

/** Median and worst of EDITS edits of one tensor's drop rate, each after the page has come to rest. */
async function edits(page) {
  const slider = await tensorSlider(page);
  await clear(page);
  for (let i = 0; i < EDITS; i++) {
    await slider.evaluate(setShare, (10 + ((i * 37) % 80)) / 100);
    const count = i + 1;
    await page.waitForFunction(
      (n) => globalThis.seen.measures.filter(({ name }) => name === "kintsugi:quick").length >= n,
      count,
    );
  }
  const { measures } = await page.evaluate(() => globalThis.seen);
  const of = (name) =>
    summary(measures.filter((measure) => measure.name === name).map(({ duration }) => duration));
  return { firstNumbersMs: of("kintsugi:first-numbers"), quickMs: of("kintsugi:quick") };
}

/** Long tasks of the main thread and updates shown while the slider moves at 60 Hz for three seconds. */
async function drag(page) {
  const slider = await tensorSlider(page);
  const box = await slider.boundingBox();
  await clear(page);
  await page.mouse.move(box.x + 4, box.y + box.height / 2);
  await page.mouse.down();
  const start = Date.now();
  for (let i = 0; Date.now() - start < 3000; i++) {
    await page.mouse.move(box.x + 4 + ((i * 2) % (box.width - 8)), box.y + box.height / 2);
    await page.waitForTimeout(16);
  }
  await page.mouse.up();
  const { measures, longTasks } = await page.evaluate(() => globalThis.seen);
  return {
    longTasksOver50Ms: longTasks.length,
    longestMs: round(Math.max(0, ...longTasks.map(({ duration }) => duration))),
    updatesPerSecond: round(measures.filter(({ name }) => name === "kintsugi:first-numbers").length / 3),
  };
}

async function settledSeconds(page) {
  const slider = await tensorSlider(page);
  await clear(page);
  await slider.evaluate(setShare, 0.33);
  await page.waitForFunction(
    () => globalThis.seen.measures.some(({ name }) => name === "kintsugi:settled"),
    null,
    { timeout: 60_000 },
  );
  const { measures } = await page.evaluate(() => globalThis.seen);
  return { seconds: round(measures.find(({ name }) => name === "kintsugi:settled").duration / 1000) };
}

async function tensorSlider(page) {
  return page.getByRole("grid").getByRole("slider").first();
}

/** Moves a range input to a share of its range as a user's key would: React listens to `input`. */
function setShare(input, share) {
  const value = Number(input.min || 0) + share * (Number(input.max || 100) - Number(input.min || 0));
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  set.call(input, String(value));
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

async function settled(page) {
  await page.waitForSelector('[data-phase="settled"]', { timeout: 120_000 });
}

async function clear(page) {
  await page.evaluate(() => {
    globalThis.seen.measures.length = 0;
    globalThis.seen.longTasks.length = 0;
  });
}

function bytes() {
  const assets = join(root, "dist/assets");
  const kinds = { page: 0, wasm: 0, styles: 0 };
  for (const name of readdirSync(assets)) {
    const kind = name.endsWith(".wasm")
      ? "wasm"
      : name.endsWith(".css")
        ? "styles"
        : /\.m?js$/.test(name)
          ? "page"
          : undefined;
    if (kind) kinds[kind] += gzipSync(readFileSync(join(assets, name))).byteLength;
  }
  return { gzip: kinds, zoo: folderSize(join(root, "public/zoo")) };
}

function folderSize(path) {
  const stat = statSync(path);
  return stat.isDirectory()
    ? readdirSync(path).reduce((sum, name) => sum + folderSize(join(path, name)), 0)
    : stat.size;
}

function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: round(sorted[sorted.length >> 1]),
    min: round(sorted[0]),
    max: round(sorted.at(-1)),
    n: sorted.length,
  };
}

function round(value) {
  return Number(Number(value).toPrecision(3));
}

function print(value, indent = "") {
  for (const [key, item] of Object.entries(value)) {
    if (typeof item === "object" && item !== null && !("median" in item)) {
      console.log(`${indent}${key}`);
      print(item, `${indent}  `);
    } else {
      console.log(
        `${indent}${key.padEnd(24 - indent.length)} ${typeof item === "object" ? `median ${item.median}, ${item.min}–${item.max} (n ${item.n})` : item}`,
      );
    }
  }
}
