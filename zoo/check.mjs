/**
 * Checks the shipped files: everything family.json names is there, and the skeleton fed with the shipped weights
 * gives the accuracies that training measured.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import * as ort from "onnxruntime-web";
import { network } from "./lib/network.mjs";
import { decode, floats } from "./lib/safetensors.mjs";

const TOLERANCE = { logit: 1e-4, accuracy: 1e-3 };
const OUT = new URL("../public/zoo/vision/", import.meta.url);
const family = JSON.parse(readFileSync(new URL("family.json", OUT), "utf8"));
const heads = decode(readFileSync(new URL(family.heads.file, OUT))).tensors;
const problems = [];

ort.env.wasm.numThreads = 1;
const session = await ort.InferenceSession.create(readFileSync(new URL(family.skeleton, OUT)));

checkFiles();
const base = weights(family.base);
const measured = JSON.parse(readFileSync(new URL("results/measured.json", import.meta.url), "utf8"));
const run = measured.runs[measured.seeds.findIndex((s) => s.shipped)];
await checkWitness();
for (const [k, { id, checkpoints }] of family.experts.entries()) {
  compare(`base on ${id}`, await accuracy(base, id, "test"), run.perTask.base[k]);
  for (const [i, { file }] of checkpoints.entries()) {
    if (i < checkpoints.length - 1 && !process.argv.includes("--all")) continue;
    compare(file, await accuracy(weights(file), id, "test"), run.perTask.expert[i][k]);
  }
}
console.log(`${(size(OUT) / 2 ** 20).toFixed(1)} MiB in public/zoo/vision`);
for (const problem of problems) console.error("WRONG", problem);
process.exitCode = problems.length ? 1 : 0;

function checkFiles() {
  const files = [
    family.skeleton,
    family.base,
    family.heads.file,
    ...family.experts.flatMap((e) => e.checkpoints.map((c) => c.file)),
  ];
  for (const file of files) if (!existsSync(new URL(file, OUT))) problems.push(`${file} is missing`);
  for (const { id, classes, n } of family.tasks) {
    for (const [split, rows] of Object.entries(n)) {
      const { images, labels, el2n, learned } = readSplit(id, split);
      for (const t of [images, labels, el2n, learned])
        if (t.shape[0] !== rows) problems.push(`${id}.${split}: rows`);
      if (new Set(labels.data).size !== classes.length) problems.push(`${id}.${split}: a class is missing`);
    }
    const [all, quick] = [readSplit(id, "validation"), readSplit(id, "quick")];
    if (Buffer.compare(Buffer.from(all.images.data.slice(0, 256 * 784)), Buffer.from(quick.images.data)))
      problems.push(`${id}: quick is no prefix`);
  }
}

/** The prototypes are the head: W comes out again from the base and two few-shot images of each class. */
async function checkWitness() {
  for (const { id, classes } of family.tasks) {
    const { images } = readSplit(id, "fewShot");
    const rows = [...heads[`prototypes.${id}`].data];
    const chosen = new Uint8Array(rows.length * 784);
    for (const [i, row] of rows.entries())
      chosen.set(images.data.subarray(row * 784, (row + 1) * 784), i * 784);
    const { features } = await forward(base, id, chosen, rows.length);
    const mu = heads.mu.data;
    const W = heads[`W.${id}`].data;
    let worst = 0;
    for (let c = 0; c < classes.length; c++) {
      const pair = [0, 1].map((p) => unit(Array.from(mu, (m, d) => features[(2 * c + p) * 64 + d] - m)));
      const mean = unit(pair[0].map((v, d) => v + pair[1][d]));
      for (let d = 0; d < 64; d++) worst = Math.max(worst, Math.abs(mean[d] - W[c * 64 + d]));
    }
    if (!(worst < TOLERANCE.logit)) problems.push(`${id}: the head differs by ${worst} from its prototypes`);
    console.log(`${id}: head from prototypes within ${worst.toExponential(1)}`);
    const path = new URL(".data/trained/witness.safetensors", import.meta.url);
    if (!existsSync(path)) continue; // only after a training
    const expected = decode(readFileSync(path)).tensors[id].data;
    const { logits } = await forward(base, id, readSplit(id, "test").images.data.subarray(0, 64 * 784), 64);
    const difference = logits.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0);
    if (!(difference < TOLERANCE.logit))
      problems.push(`${id}: logits differ by ${difference} from PyTorch's`);
    console.log(`${id}: logits within ${difference.toExponential(1)} of PyTorch's`);
  }
}

function unit(v) {
  const length = Math.hypot(...v);
  return v.map((x) => x / length);
}

function compare(what, here, there) {
  const off = Math.abs(here - there);
  if (!(off <= TOLERANCE.accuracy)) problems.push(`${what}: ${here} here, ${there} in PyTorch`);
  console.log(`${what}: ${here.toFixed(4)} (PyTorch ${there.toFixed(4)})`);
}

function readSplit(task, split) {
  return decode(gunzipSync(readFileSync(new URL(`eval/${task}.${split}.bin`, OUT)))).tensors;
}

function weights(file) {
  const { tensors } = decode(readFileSync(new URL(file, OUT)));
  return Object.fromEntries(
    Object.entries(network.shapes).map(([name, shape]) => [
      name,
      new ort.Tensor("float32", floats(tensors[name]), shape),
    ]),
  );
}

async function forward(model, task, bytes, n) {
  const { mean, std } = family.input;
  const x = Float32Array.from(bytes, (v) => (v / 255 - mean) / std);
  const W = heads[`W.${task}`];
  const out = await session.run({
    ...model,
    x: new ort.Tensor("float32", x, [n, 1, 28, 28]),
    W: new ort.Tensor("float32", W.data, W.shape),
    mu: new ort.Tensor("float32", heads.mu.data, [64]),
  });
  return { logits: out.logits.data, features: out.features.data };
}

async function accuracy(model, task, split) {
  const { images, labels } = readSplit(task, split);
  const classes = heads[`W.${task}`].shape[0];
  let right = 0;
  for (let from = 0; from < labels.data.length; from += 250) {
    const n = Math.min(250, labels.data.length - from);
    const { logits } = await forward(model, task, images.data.subarray(from * 784, (from + n) * 784), n);
    for (let i = 0; i < n; i++) {
      const row = logits.subarray(i * classes, (i + 1) * classes);
      if (row.indexOf(Math.max(...row)) === labels.data[from + i]) right++;
    }
  }
  return right / labels.data.length;
}

function size(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const url = new URL(entry.isDirectory() ? `${entry.name}/` : entry.name, folder);
    return sum + (entry.isDirectory() ? size(url) : statSync(url).size);
  }, 0);
}
