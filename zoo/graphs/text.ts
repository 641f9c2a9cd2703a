/** The text network: hashed n-grams → two hidden layers → classes. */
import type { ModelProto } from "onnx-buf";
import type { TextEncoding } from "../../src/core/eval/text.ts";
import type { TensorSpec } from "../../src/core/tensor/tensor.ts";
import { GraphWriter } from "./writer.ts";

export const TEXT_ENCODING: TextEncoding = { kind: "hashed-ngrams", size: 4096, n: [1, 2, 3], scale: 4 };
const WIDTHS = [TEXT_ENCODING.size, 128, 64] as const;

/** Matrices are stored in f16, biases in f32; (out × in). */
export function textWeights(classes: number): readonly TensorSpec[] {
  return layers(classes).flatMap(({ name, out, into }): TensorSpec[] => [
    { name: `${name}.weight`, dtype: "f16", shape: [out, into] },
    { name: `${name}.bias`, dtype: "f32", shape: [out] },
  ]);
}

/** The graph without weights: x (N × 4096) and the weights → logits (N × C). */
export function textSkeleton(classes: number): ModelProto {
  const g = new GraphWriter();
  let x = "x";
  for (const { name } of layers(classes)) {
    x = name === "head" ? g.linear(x, name, "logits") : g.node("Gelu", [g.linear(x, name)]);
  }
  g.input("x", ["N", TEXT_ENCODING.size]);
  for (const { name, shape } of textWeights(classes)) g.input(name, shape);
  return g.finish("text", { logits: ["N", classes] });
}

function layers(classes: number) {
  const [size, wide, narrow] = WIDTHS;
  return [
    { name: "fc1", out: wide, into: size },
    { name: "fc2", out: narrow, into: wide },
    { name: "head", out: classes, into: narrow },
  ];
}
