import { create } from "@bufbuild/protobuf";
import { TensorProto_DataType, TensorProtoSchema } from "onnx-buf";
import { describe, expect, test } from "vitest";
import { checkGradient } from "../../testing/check-gradient.ts";
import { node } from "../../testing/onnx-graph.ts";

/** Scatters add from opset 16 on; 14 takes the other way. */
const OPSETS = [14, 17];

const index = (shape: readonly number[], values: readonly number[]) =>
  create(TensorProtoSchema, {
    name: "index",
    dims: shape.map(BigInt),
    dataType: TensorProto_DataType.INT64,
    int64Data: values.map(BigInt),
  });

interface GatherCase {
  readonly name: string;
  readonly x: readonly number[];
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly attributes?: Readonly<Record<string, number>>;
}

const gathers: readonly GatherCase[] = [
  { name: "tokens of an embedding, some twice", x: [5, 3], shape: [2, 3], values: [1, 4, 1, 0, 1, 4] },
  { name: "negative indices", x: [4, 2], shape: [3], values: [-1, 0, -4] },
  { name: "tokens of a short table", x: [2, 3], shape: [5], values: [1, 0, -1, 1, 0] },
  { name: "tokens of a long table, from both ends", x: [9, 2], shape: [4], values: [8, -1, 3, 8] },
  { name: "a single entry", x: [3, 4], shape: [], values: [2] },
  { name: "the last entry of axis 1", x: [2, 3, 4], shape: [], values: [-1], attributes: { axis: 1 } },
  { name: "a run of axis 1", x: [2, 5, 3], shape: [3], values: [1, 2, 3], attributes: { axis: 1 } },
  {
    name: "any order of the last axis",
    x: [2, 3, 4],
    shape: [2, 2],
    values: [3, 0, 0, 2],
    attributes: { axis: -1 },
  },
];

const elements: readonly GatherCase[] = [
  { name: "along axis 0", x: [3, 2], shape: [4, 2], values: [0, 1, 2, 1, 0, -1, 0, 1] },
  {
    name: "along axis 1, of some rows",
    x: [3, 4],
    shape: [2, 3],
    values: [3, 0, 3, 1, 1, -4],
    attributes: { axis: 1 },
  },
  {
    name: "along the middle",
    x: [2, 3, 2],
    shape: [2, 2, 2],
    values: [0, 2, 2, 2, 1, 0, 1, 1],
    attributes: { axis: 1 },
  },
];

const slices: readonly GatherCase[] = [
  { name: "entries", x: [3, 4], shape: [3, 2], values: [0, 1, 2, 3, 0, 1] },
  { name: "rows, negative and twice", x: [3, 4], shape: [2, 2, 1], values: [-1, 0, 2, 0] },
  { name: "in batches", x: [2, 3, 4], shape: [2, 2, 1], values: [0, 2, 1, 1], attributes: { batch_dims: 1 } },
];

const both = (cases: readonly GatherCase[]) =>
  cases.flatMap((given) => OPSETS.map((opset) => ({ ...given, opset })));

describe.for([
  ["Gather", gathers],
  ["GatherElements", elements],
  ["GatherND", slices],
] as const)("%s agrees with central differences", ([op, cases]) => {
  test.for(both(cases))("$name, opset $opset", async ({ x, shape, values, attributes, opset }) => {
    const nodes = [node(op, ["x", "index"], ["y"], attributes)];
    await checkGradient({ nodes, inputs: { x }, stored: [index(shape, values)], opset });
  });
});

describe("Gather", () => {
  test.for(OPSETS)("of indices that only the run knows, opset %i", async (opset) => {
    const nodes = [
      node("ArgMax", ["scores"], ["tokens"], { axis: 1, keepdims: 0 }),
      node("Gather", ["x", "tokens"], ["y"]),
    ];
    const scores = { shape: [4, 2], values: [0, 1, 1, 0, 0, 1, 0, 1] };
    await checkGradient({ nodes, inputs: { x: [2, 3], scores }, opset });
  });

  test("of a shape is known before the run", async () => {
    const nodes = [
      node("Shape", ["x"], ["shape"]),
      node("Gather", ["shape", "index"], ["size"]),
      node("Unsqueeze", ["size", "zero"], ["sizes"]),
      node("Concat", ["sizes", "rest"], ["target"], { axis: 0 }),
      node("Reshape", ["x", "target"], ["y"]),
    ];
    const ints = { zero: [0], rest: [-1] };
    await checkGradient({ nodes, inputs: { x: [2, 3, 4] }, ints, stored: [index([], [0])] });
  });

  test("of an axis that is not there is refused", async () => {
    const nodes = [node("Gather", ["x", "index"], ["y"], { axis: 2 })];
    const run = checkGradient({ nodes, inputs: { x: [2, 3] }, stored: [index([1], [0])] });
    await expect(run).rejects.toMatchObject({ code: "autodiff/unsupported" });
  });
});
