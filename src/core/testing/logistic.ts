/** Logistic regression as `Gradients`, by hand: exact derivatives without a runtime. */
import type { LossKind } from "../autodiff/loss.ts";
import { softmax } from "../statistics/squares.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import type { GradientBatch, GradientResult, Gradients, WeightValues } from "../train/gradients.ts";
import type { LabelledData } from "../train/network.ts";
import { wave } from "./onnx-graph.ts";

export const FEATURES = 4;
export const CLASSES = 3;

export const logisticTensors: readonly TensorSpec[] = [
  { name: "fc1.weight", dtype: "f32", shape: [CLASSES, FEATURES] },
  { name: "fc1.bias", dtype: "f32", shape: [CLASSES] },
  { name: "unused.weight", dtype: "f32", shape: [2, 2] },
];

/** logits = x · Wᵀ + b; a third tensor is never read, so its gradient is 0. */
export const logistic: Gradients = {
  async evaluate(weights, batch, loss) {
    return add(weights, batch, loss);
  },
  async predict(weights, x, rows) {
    return logitsOf(weights, x, rows);
  },
  async perExample(weights, batch, loss, each) {
    for (let row = 0; row < batch.rows; row++) {
      const x = batch.x.subarray(row * FEATURES, (row + 1) * FEATURES);
      const labels = batch.labels ? [batch.labels[row]] : [];
      each(row, add(weights, { x, rows: 1, labels, weights: [1] }, loss).gradients);
    }
  },
  microBatch: (rows) => ({ rows, runs: 1, bytesAtPeak: 0 }),
  async close() {},
};

/** Weights of the regression that depend on the seed only. */
export function logisticWeights(seed: number, scale = 1): Map<string, Float32Array<ArrayBuffer>> {
  return new Map(
    logisticTensors.map(({ name, shape }, i) => [
      name,
      wave(
        shape.reduce((product, size) => product * size, 1),
        seed + i,
      ).map((value) => value * scale),
    ]),
  );
}

/** Points around a corner per class, in turn. */
export function cornerData(count: number, seed = 0): LabelledData {
  const labels = Uint8Array.from({ length: count }, (_, row) => row % CLASSES);
  const noise = wave(count * FEATURES, seed);
  return {
    count,
    labels,
    rows(indices) {
      const x = new Float32Array(indices.length * FEATURES);
      for (let i = 0; i < x.length; i++) {
        const [row, feature] = [indices[Math.floor(i / FEATURES)], i % FEATURES];
        x[i] = (feature === labels[row] ? 1 : 0) + noise[row * FEATURES + feature] / 3;
      }
      return x;
    },
  };
}

function add(weights: WeightValues, batch: GradientBatch, kind: LossKind): GradientResult {
  const { x, rows } = batch;
  const logits = logitsOf(weights, x, rows);
  const losses = new Float32Array(rows);
  const gradients = new Map(
    logisticTensors.map(({ name }) => [name, new Float32Array(of(weights, name).length)]),
  );
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    const share = batch.weights ? batch.weights[row] : 1 / rows;
    const z = logits.subarray(row * CLASSES, (row + 1) * CLASSES);
    const { value, slope } = lossOf(z, batch.labels?.[row] ?? 0, kind);
    losses[row] = value;
    loss += share * value;
    for (let c = 0; c < CLASSES; c++) {
      of(gradients, "fc1.bias")[c] += share * slope[c];
      for (let f = 0; f < FEATURES; f++)
        of(gradients, "fc1.weight")[c * FEATURES + f] += share * slope[c] * x[row * FEATURES + f];
    }
  }
  return { loss, losses, logits, gradients };
}

function logitsOf(weights: WeightValues, x: Float32Array, rows: number): Float32Array {
  const out = new Float32Array(rows * CLASSES);
  for (let i = 0; i < out.length; i++) {
    const [row, c] = [Math.floor(i / CLASSES), i % CLASSES];
    out[i] = of(weights, "fc1.bias")[c];
    for (let f = 0; f < FEATURES; f++)
      out[i] += of(weights, "fc1.weight")[c * FEATURES + f] * x[row * FEATURES + f];
  }
  return out;
}

/** The loss of one example and its derivative by the logits. */
function lossOf(logits: Float32Array, label: number, kind: LossKind) {
  const p = softmax(logits);
  const is = (c: number) => (c === label ? 1 : 0);
  const entropy = -p.reduce((sum, share) => sum + share * Math.log(share), 0);
  switch (kind) {
    case "cross-entropy":
      return { value: -Math.log(p[label]), slope: p.map((share, c) => share - is(c)) };
    case "log-probability":
      return { value: Math.log(p[label]), slope: p.map((share, c) => is(c) - share) };
    case "logit":
      return { value: logits[label], slope: p.map((_, c) => is(c)) };
    case "entropy":
      return { value: entropy, slope: p.map((share) => -share * (Math.log(share) + entropy)) };
    default:
      throw new Error(`no ${kind} here`);
  }
}

function of<T>(map: ReadonlyMap<string, T>, name: string): T {
  const found = map.get(name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}
