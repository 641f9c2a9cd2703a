/**
 * Splits the drawn glyphs by font family, joins MNIST and Fashion-MNIST, and writes what training reads:
 * `.data/vision.safetensors.gz` and fonts-of-splits.json (which family went where).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import * as classes from "./classes.mjs";
import { clothes, digits } from "./lib/digits-and-clothes.mjs";
import { alikeGroups } from "./lib/likeness.mjs";
import { shuffled, stratified } from "./lib/random.mjs";
import { encode } from "./lib/safetensors.mjs";

const LIMITS = { train: 20_000, fewShot: 64, validation: 1_000, test: 2_000 };
const CAPITALS = { test: 0.17, validation: 0.11 }; // share of the families

const DATA = new URL("../.data/", import.meta.url);
const faces = JSON.parse(readFileSync(new URL("glyphs/faces.json", DATA), "utf8"));
const glyphs = Object.fromEntries(
  ["capitals", "hiragana", ...Object.keys(classes.base)].map((s) => [s, readGlyphs(s)]),
);
const groupOf = joinAlike();
const roleOf = assignRoles();
const tensors = {};

addBase();
addTask("digits", fromPool(digits(), "digits"));
addTask("clothes", fromPool(clothes(), "clothes"));
for (const task of ["capitals", "hiragana"]) addTask(task, fromGlyphs(task));
writeFileSync(new URL("vision.safetensors.gz", DATA), gzipSync(encode(tensors), { level: 9 }));
writeFonts();

function readGlyphs(script) {
  const { labels, face } = JSON.parse(readFileSync(new URL(`glyphs/${script}.json`, DATA), "utf8"));
  return { labels, face, pixels: readFileSync(new URL(`glyphs/${script}.bin`, DATA)) };
}

/** Family groups after joining those whose drawings are alike: face → name of the joined group. */
function joinAlike() {
  const parent = new Map(faces.map((f) => [f.group, f.group]));
  const root = (g) => (parent.get(g) === g ? g : root(parent.get(g)));
  for (const script of ["capitals", "hiragana"]) {
    for (const [a, b, difference] of alikeGroups(glyphs[script], (f) => faces[f].group)) {
      console.log(`joined ${a} and ${b}: difference ${difference.toFixed(3)}`);
      parent.set(root(a), root(b));
    }
  }
  return faces.map((f) => root(f.group));
}

/** "base" or "<task>.<split>" for each face; a group that the base saw draws nothing else. */
function assignRoles() {
  const seenByBase = new Set(faces.flatMap((f, i) => (f.role.startsWith("base") ? [groupOf[i]] : [])));
  const mine = faces.flatMap((f, i) =>
    f.role === "capitals" && !seenByBase.has(groupOf[i]) ? [groupOf[i]] : [],
  );
  const groups = shuffled([...new Set(mine)].sort(), "capitals families");
  const tests = Math.round(groups.length * CAPITALS.test);
  const validations = Math.round(groups.length * CAPITALS.validation);
  const part = new Map(
    groups.map((g, i) => [g, i < tests ? "test" : i < tests + validations ? "validation" : "train"]),
  );
  const hiraganaPart = new Map();
  return faces.map((f, i) => {
    if (f.role.startsWith("base")) return "base";
    if (seenByBase.has(groupOf[i])) return "unused";
    if (f.role === "capitals") return `capitals.${part.get(groupOf[i])}`;
    const wanted = f.role.replace("hiragana", "").toLowerCase();
    if ((hiraganaPart.get(groupOf[i]) ?? wanted) !== wanted)
      throw new Error(`${groupOf[i]} is in two splits`);
    hiraganaPart.set(groupOf[i], wanted);
    return `hiragana.${wanted}`;
  });
}

function addBase() {
  const rows = [];
  const seen = new Set();
  let first = 0;
  for (const [script, characters] of Object.entries(classes.base)) {
    const { labels, face, pixels } = glyphs[script];
    labels.forEach((label, row) => {
      const image = pixels.subarray(row * 784, (row + 1) * 784);
      if (roleOf[face[row]] === "base" && isNew(seen, image, first + label))
        rows.push([image, first + label]);
    });
    first += characters.length;
  }
  const held = new Uint8Array(rows.length);
  for (const i of shuffled(rows.keys(), "held-out base glyphs").slice(0, Math.round(rows.length * 0.03)))
    held[i] = 1;
  put("base", rows);
  tensors["base.held"] = { dtype: "U8", shape: [rows.length], data: held };
}

/** MNIST and Fashion-MNIST: validation from their training part. */
function fromPool({ train, test }, name) {
  const order = stratified(train.labels, `${name} training`);
  const pick = (part, rows) => rows.map((row) => [part.images[row], part.labels[row]]);
  return {
    train: pick(train, order.slice(0, LIMITS.train)),
    validation: pick(train, order.slice(LIMITS.train, LIMITS.train + LIMITS.validation)),
    test: pick(test, stratified(test.labels, `${name} test`).slice(0, LIMITS.test)),
  };
}

function fromGlyphs(task) {
  const { labels, face, pixels } = glyphs[task];
  const out = { train: [], validation: [], test: [] };
  const seen = new Set();
  labels.forEach((label, row) => {
    const [owner, split] = roleOf[face[row]].split(".");
    if (owner !== task) return;
    const image = pixels.subarray(row * 784, (row + 1) * 784);
    if (isNew(seen, image, label)) out[split].push([image, label]);
  });
  for (const split of ["validation", "test"]) {
    const order = stratified(
      out[split].map(([, label]) => label),
      `${task} ${split}`,
    );
    out[split] = order.slice(0, LIMITS[split]).map((row) => out[split][row]);
  }
  return out;
}

/** Many files of one family repeat their kana to the pixel: of YOzFont's 5,612 pictures 646 differ. */
function isNew(seen, image, label) {
  const key = `${label} ${image.toString("latin1")}`;
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}

function addTask(task, { train, validation, test }) {
  const few = stratified(
    train.map(([, label]) => label),
    `${task} few-shot`,
    LIMITS.fewShot,
  ).map((row) => train[row]);
  const splits = { train, fewShot: few, validation, test };
  for (const [split, rows] of Object.entries(splits)) put(`${task}.${split}`, rows);
  console.log(
    task,
    Object.entries(splits)
      .map(([s, r]) => `${s} ${r.length}`)
      .join(", "),
  );
}

function put(name, rows) {
  const images = Buffer.concat(rows.map(([image]) => image));
  tensors[`${name}.images`] = { dtype: "U8", shape: [rows.length, 28, 28], data: images };
  tensors[`${name}.labels`] = {
    dtype: "U16",
    shape: [rows.length],
    data: Uint16Array.from(rows, ([, label]) => label),
  };
}

function writeFonts() {
  const families = new Map();
  faces.forEach(({ family, source, licence }, i) => {
    const key = `${source} ${roleOf[i]}`;
    const entry = families.get(key) ?? { family, source, licence, part: roleOf[i], faces: 0 };
    entry.faces++;
    families.set(key, entry);
  });
  const path = new URL("fonts-of-splits.json", import.meta.url);
  writeFileSync(path, `${JSON.stringify([...families.values()], null, 2)}\n`);
  const count = {};
  for (const { part, faces: n } of families.values()) {
    count[part] ??= { families: 0, faces: 0 };
    count[part].families++;
    count[part].faces += n;
  }
  console.table(count);
}
