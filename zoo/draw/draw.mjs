/**
 * Draws every glyph of every face into `.data/glyphs/`: `<script>.bin` (28 × 28 u8) and `<script>.json`.
 *
 * Needs `npm ci`, the Debian fonts unpacked by `fetch.mjs`, and Chromium (CHROMIUM_PATH or /usr/bin/chromium).
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { chromium } from "playwright-core";
import * as classes from "./classes.mjs";
import { faces } from "./lib/faces.mjs";
import { drawInPage } from "./lib/page.mjs";
import { coverage } from "./lib/sfnt.mjs";

const OUT = new URL("../.data/glyphs/", import.meta.url);
const PIXELS = 28 * 28;
const CHARACTERS = { capitals: classes.capitals, hiragana: classes.hiragana, ...classes.base };

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run".split(
    " ",
  ),
});
const page = await browser.newPage();
let current;
await page.route("http://zoo.test/**", (route) =>
  route.request().url().endsWith("/page")
    ? route.fulfill({ contentType: "text/html", body: "<!doctype html><title>zoo</title>" })
    : route.fulfill({
        contentType: "font/sfnt",
        body: current,
        headers: { "access-control-allow-origin": "*" },
      }),
);
await page.goto("http://zoo.test/page");

const sets = Object.fromEntries(
  Object.keys(CHARACTERS).map((s) => [s, { images: [], labels: [], face: [] }]),
);
const list = faces();
const kept = [];
const refused = [];
for (const face of list) {
  const index = kept.length;
  let any = false;
  for (const [script, path] of Object.entries(face.files)) {
    try {
      any = (await drawFace(face, index, script, path)) || any;
    } catch (error) {
      refused.push(`${face.source} ${face.variant} ${script}: ${String(error.message).split("\n")[0]}`);
    }
  }
  if (any) {
    const { files, ...rest } = face;
    kept.push(rest);
  }
}
await browser.close();

mkdirSync(OUT, { recursive: true });
for (const [script, { images, labels, face }] of Object.entries(sets)) {
  writeFileSync(new URL(`${script}.bin`, OUT), Buffer.concat(images));
  writeFileSync(
    new URL(`${script}.json`, OUT),
    JSON.stringify({ characters: CHARACTERS[script], labels, face }),
  );
  console.log(script, labels.length, "images,", new Set(face).size, "faces");
}
writeFileSync(new URL("faces.json", OUT), JSON.stringify(kept, null, 1));
console.log(kept.length, "faces;", refused.length, "refused");
for (const line of refused) console.log("  ", line);

async function drawFace(_face, index, script, path) {
  current = readFileSync(path);
  const has = coverage(current);
  const wanted = CHARACTERS[script].map((c, i) => [c, i]).filter(([c]) => has(c.codePointAt(0)));
  if (wanted.length < CHARACTERS[script].length / 2) return false;
  const { drawn, pixels } = await page.evaluate(drawInPage, {
    url: `http://zoo.test/font-${script}-${index}-${Math.abs(hash(path))}`,
    characters: wanted.map(([c]) => c),
  });
  const bytes = Buffer.from(pixels, "base64");
  const images = drawn.map((_, i) => bytes.subarray(i * PIXELS, (i + 1) * PIXELS));
  // A font that answers several characters with one and the same picture has no real glyphs for them.
  const seen = new Map();
  for (const image of images)
    seen.set(image.toString("latin1"), (seen.get(image.toString("latin1")) ?? 0) + 1);
  const set = sets[script];
  let any = false;
  drawn.forEach((d, i) => {
    if (seen.get(images[i].toString("latin1")) > 1) return;
    set.images.push(images[i]);
    set.labels.push(wanted[d][1]);
    set.face.push(index);
    any = true;
  });
  return any;
}

function hash(text) {
  let h = 7;
  for (const c of text) h = (Math.imul(h, 31) + c.codePointAt(0)) | 0;
  return h;
}
