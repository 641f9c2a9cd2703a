/**
 * Writes the evaluation graph without weights: every trunk tensor is a graph input, because onnxruntime-web cannot
 * replace initializers. One small file serves the base, every expert and every merge.
 *
 *   x [N,1,28,28], W [C,64], mu [64] and the 53 tensors  →  logits [N,C], features [N,64]
 *
 * Everything is two-dimensional wherever it can be: rows are (image, token).
 */
import { writeFileSync } from "node:fs";
import { create, toBinary } from "@bufbuild/protobuf";
import * as onnx from "onnx-buf";
import { network } from "./lib/network.mjs";

const { dim, depth, heads, patch, tokens } = network;
const GRID = 28 / patch;
const HEAD = dim / heads;
const OUT = new URL("../public/zoo/vision/skeleton.onnx", import.meta.url);

const nodes = [];
const initializers = [];

// Patches: [N,1,28,28] → rows of one 7 × 7 patch each.
let x = node("Reshape", ["x", ints("patch_grid", [-1, GRID, patch, GRID, patch])]);
x = node("Transpose", [x], { perm: [0, 1, 3, 2, 4] });
x = node("Reshape", [x, ints("patch_rows", [-1, patch * patch])]);
x = linear(x, "patch_embed");
x = node("Reshape", [x, ints("as_tokens", [-1, tokens, dim])]);
x = node("Add", [x, "pos_embed"]);
x = node("Reshape", [x, ints("as_rows", [-1, dim])]);
for (let i = 0; i < depth; i++) {
  x = node("Add", [x, attention(norm(x, `blocks.${i}.norm1`), `blocks.${i}.attn`)]);
  x = node("Add", [x, mlp(norm(x, `blocks.${i}.norm2`), `blocks.${i}.mlp`)]);
}
x = norm(x, "norm");
x = node("Reshape", [x, "as_tokens"]);
node("ReduceMean", [x, ints("token_axis", [1])], { keepdims: 0 }, "features");

// Frozen cosine head.
const centred = node("Sub", ["features", "mu"]);
const squares = node("ReduceSum", [node("Mul", [centred, centred]), ints("last_axis", [1])], { keepdims: 1 });
const length = node("Max", [node("Sqrt", [squares]), float("tiny", 1e-12)]);
const unit = node("Div", [centred, length]);
const cosine = node("MatMul", [unit, node("Transpose", ["W"], { perm: [1, 0] })]);
node("Mul", [cosine, float("scale", 12)], {}, "logits");

const inputs = [
  input("x", ["N", 1, 28, 28]),
  input("W", ["C", dim]),
  input("mu", [dim]),
  ...Object.entries(network.shapes).map(([name, shape]) => input(name, shape)),
];
const model = create(onnx.ModelProtoSchema, {
  irVersion: 9n,
  producerName: "kintsugi zoo",
  opsetImport: [{ domain: "", version: 20n }],
  graph: {
    name: "vision",
    node: nodes,
    initializer: initializers,
    input: inputs,
    output: [input("logits", ["N", "C"]), input("features", ["N", dim])],
  },
});
writeFileSync(OUT, toBinary(onnx.ModelProtoSchema, model));
console.log(nodes.length, "nodes,", inputs.length, "inputs");

function attention(rows, name) {
  const qkv = node("Reshape", [linear(rows, `${name}.qkv`), ints("as_qkv", [-1, tokens, 3, heads, HEAD])]);
  const parts = node("Transpose", [qkv], { perm: [2, 0, 3, 1, 4] }); // [3, N, heads, tokens, 16]
  const [q, k, v] = [0, 1, 2].map((i) => node("Gather", [parts, scalar(`part_${i}`, i)], { axis: 0 }));
  const scores = node("MatMul", [q, node("Transpose", [k], { perm: [0, 1, 3, 2] })]);
  const weights = node("Softmax", [node("Mul", [scores, float("attention_scale", 1 / Math.sqrt(HEAD))])], {
    axis: -1,
  });
  const mixed = node("Transpose", [node("MatMul", [weights, v])], { perm: [0, 2, 1, 3] });
  return linear(node("Reshape", [mixed, "as_rows"]), `${name}.proj`);
}

function mlp(rows, name) {
  return linear(node("Gelu", [linear(rows, `${name}.fc1`)]), `${name}.fc2`);
}

function linear(rows, name) {
  return node("Gemm", [rows, `${name}.weight`, `${name}.bias`], { transB: 1 });
}

function norm(rows, name) {
  return node("LayerNormalization", [rows, `${name}.weight`, `${name}.bias`], { axis: -1, epsilon: 1e-5 });
}

/** Adds a node with one output and gives that output's name back. */
function node(opType, from, attributes = {}, output = `${opType.toLowerCase()}_${nodes.length}`) {
  const attribute = Object.entries(attributes).map(([name, value]) => {
    if (Array.isArray(value))
      return { name, type: onnx.AttributeProto_AttributeType.INTS, ints: value.map(BigInt) };
    if (name === "epsilon") return { name, type: onnx.AttributeProto_AttributeType.FLOAT, f: value };
    return { name, type: onnx.AttributeProto_AttributeType.INT, i: BigInt(value) };
  });
  nodes.push({ opType, name: output, input: from, output: [output], attribute });
  return output;
}

function input(name, shape) {
  const dim = shape.map((d) => ({
    value: typeof d === "string" ? { case: "dimParam", value: d } : { case: "dimValue", value: BigInt(d) },
  }));
  const tensor = { elemType: onnx.TensorProto_DataType.FLOAT, shape: { dim } };
  return { name, type: { value: { case: "tensorType", value: tensor } } };
}

function ints(name, values) {
  return constant({
    name,
    dataType: onnx.TensorProto_DataType.INT64,
    dims: [BigInt(values.length)],
    int64Data: values.map(BigInt),
  });
}

function scalar(name, value) {
  return constant({ name, dataType: onnx.TensorProto_DataType.INT64, dims: [], int64Data: [BigInt(value)] });
}

function float(name, value) {
  return constant({ name, dataType: onnx.TensorProto_DataType.FLOAT, dims: [], floatData: [value] });
}

function constant(tensor) {
  if (!initializers.some((t) => t.name === tensor.name)) initializers.push(tensor);
  return tensor.name;
}
