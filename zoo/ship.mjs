/**
 * Puts a training's results into `public/zoo/vision`: weights and heads as they are, the evaluation sets with their
 * difficulty scores, and family.json. card.mjs writes the card.
 *
 *   node ship.mjs [trained]     (default .data/trained, as train.py wrote it)
 */
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import * as classes from "./classes.mjs";
import { decode, encode } from "./lib/safetensors.mjs";

const QUICK = 256;
const STEPS = [20, 40, 80, 160, 320, 640, 1280, 2560];
const TASKS = [
  { id: "digits", label: "Digits", classes: [..."0123456789"] },
  {
    id: "clothes",
    label: "Clothes",
    classes: "T-shirt,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot".split(","),
  },
  { id: "capitals", label: "Capitals", classes: classes.capitals },
  { id: "hiragana", label: "Hiragana", classes: classes.hiragana },
];

const HERE = new URL(".", import.meta.url);
const ZOO = new URL("../public/zoo/", HERE);
const OUT = new URL("vision/", ZOO);
const trained = new URL(`${process.argv[2] ?? ".data/trained"}/`, HERE);

const { tensors: data } = decode(gunzipSync(readFileSync(new URL(".data/vision.safetensors.gz", HERE))));
const { tensors: scores } = decode(readFileSync(new URL("scores.safetensors", trained)));

rmSync(new URL("experts/", OUT), { recursive: true, force: true });
mkdirSync(new URL("eval/", OUT), { recursive: true });
copyFileSync(new URL("base.safetensors", trained), new URL("base.safetensors", OUT));
copyFileSync(new URL("heads.safetensors", trained), new URL("heads.safetensors", OUT));
cpSync(new URL("experts/", trained), new URL("experts/", OUT), { recursive: true });
for (const task of TASKS) {
  task.n = {};
  for (const split of ["fewShot", "validation", "quick", "test"]) task.n[split] = writeSplit(task.id, split);
}
copyFileSync(new URL("measured.json", trained), new URL("results/measured.json", HERE));
copyFileSync(new URL(".data/fonts.json", HERE), new URL("results/fonts.json", HERE));
writeJson(new URL("family.json", OUT), {
  version: 1,
  id: "vision",
  name: "Vision zoo",
  skeleton: "skeleton.onnx",
  base: "base.safetensors",
  heads: { file: "heads.safetensors", scale: 12 },
  input: { name: "x", shape: [1, 28, 28], mean: 0.2, std: 0.35 },
  logits: "logits",
  tasks: TASKS,
  experts: TASKS.map(({ id, label }) => ({
    id,
    label: `${label} expert`,
    task: id,
    checkpoints: STEPS.map((step) => ({ step, file: `experts/${id}/step-${step}.safetensors` })),
  })),
});
writeJson(new URL("index.json", ZOO), {
  version: 1,
  families: [{ id: "vision", path: "vision/", name: "Vision zoo" }],
});

/** @returns {number} how many rows the split has */
function writeSplit(task, split) {
  const from = split === "quick" ? "validation" : split; // quick = the first rows of validation
  const n = split === "quick" ? QUICK : data[`${task}.${from}.labels`].shape[0];
  const rows = (tensor, width = 1) => tensor.data.slice(0, n * width);
  const file = encode({
    images: { dtype: "U8", shape: [n, 28, 28], data: rows(data[`${task}.${from}.images`], 784) },
    labels: { dtype: "U8", shape: [n], data: Uint8Array.from(rows(data[`${task}.${from}.labels`])) },
    el2n: { dtype: "F32", shape: [n], data: rows(scores[`${task}.${from}.el2n`]) },
    learned: { dtype: "U16", shape: [n], data: rows(scores[`${task}.${from}.learned`]) },
  });
  writeFileSync(new URL(`eval/${task}.${split}.bin`, OUT), gzipSync(file, { level: 9 }));
  return n;
}

function writeJson(url, value) {
  writeFileSync(url, `${JSON.stringify(value, null, 1)}\n`);
}
