/** A network that trains in milliseconds, and data that it can learn. */
import type { LabelledData, Network } from "../train/network.ts";
import { floatValue, node, onnxModel, wave } from "./onnx-graph.ts";

const FEATURES = 4;
const CLASSES = 3;

/** 4 → 6 (tanh) → 3, weights as inputs: `a.weight` (6 × 4) as Gemm has it, `b.weight` (6 × 3) as MatMul has it. */
export const smallNet: Network = {
  model: onnxModel({
    input: [
      floatValue("x", ["N", FEATURES]),
      floatValue("a.weight", [6, FEATURES]),
      floatValue("a.bias", [6]),
      floatValue("b.weight", [6, CLASSES]),
      floatValue("b.bias", [CLASSES]),
    ],
    output: [floatValue("logits", ["N", CLASSES])],
    node: [
      node("Gemm", ["x", "a.weight", "a.bias"], ["a"], { transB: 1 }),
      node("Tanh", ["a"], ["hidden"]),
      node("MatMul", ["hidden", "b.weight"], ["b"]),
      node("Add", ["b", "b.bias"], ["logits"]),
    ],
  }),
  weights: [
    { name: "a.weight", dtype: "f32", shape: [6, FEATURES] },
    { name: "a.bias", dtype: "f32", shape: [6] },
    { name: "b.weight", dtype: "f32", shape: [6, CLASSES] },
    { name: "b.bias", dtype: "f32", shape: [CLASSES] },
  ],
  input: { name: "x", shape: [FEATURES] },
  logits: "logits",
  classes: CLASSES,
  constants: {},
};

/** Weights of the small network that depend on the seed only. */
export function smallWeights(seed = 0): Map<string, Float32Array<ArrayBuffer>> {
  return new Map(
    smallNet.weights.map(({ name, shape }, i) => [
      name,
      wave(
        shape.reduce((product, size) => product * size, 1),
        seed * 10 + i,
      ),
    ]),
  );
}

/** Points around three centres, in turn; `seed` moves the points and not the centres. */
export function smallData(count: number, seed = 0): LabelledData {
  const labels = Uint8Array.from({ length: count }, (_, row) => row % CLASSES);
  const noise = wave(count * FEATURES, seed + 100);
  return {
    count,
    labels,
    rows(indices) {
      const x = new Float32Array(indices.length * FEATURES);
      for (let i = 0; i < indices.length; i++) {
        for (let f = 0; f < FEATURES; f++) {
          x[i * FEATURES + f] = (f === labels[indices[i]] ? 1 : -0.3) + noise[indices[i] * FEATURES + f] / 2;
        }
      }
      return x;
    },
  };
}
