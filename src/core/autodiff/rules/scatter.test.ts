import { create } from "@bufbuild/protobuf";
import { TensorProto_DataType, TensorProtoSchema } from "onnx-buf";
import { describe, expect, test } from "vitest";
import { checkGradient } from "../../testing/check-gradient.ts";
import { node } from "../../testing/onnx-graph.ts";

const index = (shape: readonly number[], values: readonly number[]) =>
  create(TensorProtoSchema, {
    name: "index",
    dims: shape.map(BigInt),
    dataType: TensorProto_DataType.INT64,
    int64Data: values.map(BigInt),
  });

const scatters = [
  { op: "ScatterND", x: [4, 3], updates: [2, 3], place: index([2, 1], [3, 1]), attributes: {} },
  {
    op: "ScatterElements",
    x: [3, 4],
    updates: [2, 2],
    place: index([2, 2], [3, 0, 1, -1]),
    attributes: { axis: 1 },
  },
];

describe("scatters agree with central differences", () => {
  test.for(scatters)("$op that overwrites", async ({ op, x, updates, place, attributes }) => {
    const nodes = [node(op, ["x", "index", "updates"], ["y"], attributes)];
    await checkGradient({ nodes, inputs: { x, updates }, stored: [place] });
  });

  test.for(scatters)("$op that adds", async ({ op, x, updates, place, attributes }) => {
    const nodes = [node(op, ["x", "index", "updates"], ["y"], { ...attributes, reduction: "add" })];
    await checkGradient({ nodes, inputs: { x, updates }, stored: [place] });
  });

  test("one that multiplies is refused", async () => {
    const nodes = [node("ScatterND", ["x", "index", "updates"], ["y"], { reduction: "mul" })];
    const inputs = { x: [4, 3], updates: [2, 3] };
    const run = checkGradient({ nodes, inputs, stored: [index([2, 1], [3, 1])] });
    await expect(run).rejects.toMatchObject({ code: "autodiff/unsupported" });
  });
});

describe("CumSum agrees with central differences", () => {
  test.for([{}, { exclusive: 1 }, { reverse: 1 }, { exclusive: 1, reverse: 1 }])("%o", async (attributes) => {
    const nodes = [node("CumSum", ["x", "axis"], ["y"], attributes)];
    await checkGradient({ nodes, inputs: { x: [2, 4, 3] }, ints: { axis: [1] } });
  });
});

describe("Trilu agrees with central differences", () => {
  test.for([{}, { upper: 0 }])("%o", async (attributes) => {
    const plain = node("Trilu", ["x"], ["y"], attributes);
    await checkGradient({ nodes: [plain], inputs: { x: [2, 4, 3] } });
    const shifted = node("Trilu", ["x", "k"], ["y"], attributes);
    const k = rawScalar("k", 1);
    await checkGradient({ nodes: [shifted], inputs: { x: [3, 4] }, stored: [k] });
  });
});

function rawScalar(name: string, value: number) {
  return create(TensorProtoSchema, {
    name,
    dataType: TensorProto_DataType.INT64,
    int64Data: [BigInt(value)],
  });
}
