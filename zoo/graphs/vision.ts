/**
 * The vision network: a transformer on 7 × 7 patches of 28 × 28 grey pictures, 204,288 parameters.
 *
 * Everything is two-dimensional wherever it can be: rows are (picture, token).
 */
import type { ModelProto } from "onnx-buf";
import type { TensorSpec } from "../../src/core/tensor/tensor.ts";
import { GraphWriter } from "./writer.ts";

const DIM = 64;
const DEPTH = 4;
const HEADS = 4;
const PATCH = 7;
const GRID = 28 / PATCH;
const TOKENS = GRID ** 2;
const HEAD = DIM / HEADS;
/** Logits are this times a cosine. */
export const LOGIT_SCALE = 12;

/** The trunk's 53 weights in order of depth, (out × in) as in PyTorch. Matrices are stored in f16, the rest in f32. */
export const visionWeights: readonly TensorSpec[] = [
  ...layer("patch_embed", DIM, PATCH ** 2),
  { name: "pos_embed", dtype: "f32", shape: [TOKENS, DIM] },
  ...Array.from({ length: DEPTH }, (_, i) => [
    ...layer(`blocks.${i}.norm1`, DIM),
    ...layer(`blocks.${i}.attn.qkv`, 3 * DIM, DIM),
    ...layer(`blocks.${i}.attn.proj`, DIM, DIM),
    ...layer(`blocks.${i}.norm2`, DIM),
    ...layer(`blocks.${i}.mlp.fc1`, 4 * DIM, DIM),
    ...layer(`blocks.${i}.mlp.fc2`, DIM, 4 * DIM),
  ]).flat(),
  ...layer("norm", DIM),
];

function layer(name: string, out: number, into?: number): TensorSpec[] {
  const weight: TensorSpec = into
    ? { name: `${name}.weight`, dtype: "f16", shape: [out, into] }
    : { name: `${name}.weight`, dtype: "f32", shape: [out] };
  return [weight, { name: `${name}.bias`, dtype: "f32", shape: [out] }];
}

/**
 * The graph that evaluates the zoo: x (N × 1 × 28 × 28), W (C × 64), mu (64) and the weights → logits (N × C) of a
 * frozen cosine head, and features (N × 64).
 */
export function visionSkeleton(): ModelProto {
  const g = new GraphWriter();
  features(g);
  const centred = g.node("Sub", ["features", "mu"]);
  const squared = g.node("Mul", [centred, centred]);
  const squares = g.node("ReduceSum", [squared, g.ints("last_axis", [1])], { keepdims: 1 });
  const length = g.node("Max", [g.node("Sqrt", [squares]), g.float("tiny", 1e-12)]);
  const unit = g.node("Div", [centred, length]);
  const cosine = g.node("MatMul", [unit, g.node("Transpose", ["W"], { perm: [1, 0] })]);
  g.node("Mul", [cosine, g.float("scale", LOGIT_SCALE)], {}, "logits");
  g.input("x", ["N", 1, 28, 28]);
  g.input("W", ["C", DIM]);
  g.input("mu", [DIM]);
  for (const { name, shape } of visionWeights) g.input(name, shape);
  return g.finish("vision", { logits: ["N", "C"], features: ["N", DIM] });
}

/** The graph that the base is trained with: a linear head of its own on the features, thrown away afterwards. */
export function visionPretraining(classes: number): { model: ModelProto; weights: readonly TensorSpec[] } {
  const g = new GraphWriter();
  g.linear(features(g), "head", "logits");
  const weights: readonly TensorSpec[] = [
    ...visionWeights,
    { name: "head.weight", dtype: "f32", shape: [classes, DIM] },
    { name: "head.bias", dtype: "f32", shape: [classes] },
  ];
  g.input("x", ["N", 1, 28, 28]);
  for (const { name, shape } of weights) g.input(name, shape);
  return { model: g.finish("vision_pretraining", { logits: ["N", classes] }), weights };
}

/** x → "features" (N × 64), the mean over tokens. */
function features(g: GraphWriter): string {
  let x = g.node("Reshape", ["x", g.ints("patch_grid", [-1, GRID, PATCH, GRID, PATCH])]);
  x = g.node("Transpose", [x], { perm: [0, 1, 3, 2, 4] });
  x = g.node("Reshape", [x, g.ints("patch_rows", [-1, PATCH ** 2])]);
  x = g.linear(x, "patch_embed");
  x = g.node("Reshape", [x, g.ints("as_tokens", [-1, TOKENS, DIM])]);
  x = g.node("Add", [x, "pos_embed"]);
  x = g.node("Reshape", [x, g.ints("as_rows", [-1, DIM])]);
  for (let i = 0; i < DEPTH; i++) {
    x = g.node("Add", [x, attention(g, norm(g, x, `blocks.${i}.norm1`), `blocks.${i}.attn`)]);
    x = g.node("Add", [x, mlp(g, norm(g, x, `blocks.${i}.norm2`), `blocks.${i}.mlp`)]);
  }
  x = norm(g, x, "norm");
  x = g.node("Reshape", [x, "as_tokens"]);
  return g.node("ReduceMean", [x, g.ints("token_axis", [1])], { keepdims: 0 }, "features");
}

function attention(g: GraphWriter, rows: string, name: string): string {
  const qkv = g.node("Reshape", [
    g.linear(rows, `${name}.qkv`),
    g.ints("as_qkv", [-1, TOKENS, 3, HEADS, HEAD]),
  ]);
  const parts = g.node("Transpose", [qkv], { perm: [2, 0, 3, 1, 4] }); // (3 × N × heads × tokens × 16)
  const part = (i: number) => g.node("Gather", [parts, g.int(`part_${i}`, i)], { axis: 0 });
  const [q, k, v] = [part(0), part(1), part(2)];
  const scores = g.node("MatMul", [q, g.node("Transpose", [k], { perm: [0, 1, 3, 2] })]);
  const scaled = g.node("Mul", [scores, g.float("attention_scale", 1 / Math.sqrt(HEAD))]);
  const mixed = g.node("MatMul", [g.node("Softmax", [scaled], { axis: -1 }), v]);
  const joined = g.node("Transpose", [mixed], { perm: [0, 2, 1, 3] });
  return g.linear(g.node("Reshape", [joined, "as_rows"]), `${name}.proj`);
}

function mlp(g: GraphWriter, rows: string, name: string): string {
  return g.linear(g.node("Gelu", [g.linear(rows, `${name}.fc1`)]), `${name}.fc2`);
}

function norm(g: GraphWriter, rows: string, name: string): string {
  return g.node("LayerNormalization", [rows, `${name}.weight`, `${name}.bias`], {
    axis: -1,
    epsilon: { float: 1e-5 },
  });
}
