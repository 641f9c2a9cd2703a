import { create } from "@bufbuild/protobuf";
import { ValueInfoProtoSchema } from "onnx-buf";
import { describe, expect, it } from "vitest";
import { encodeOnnx } from "../formats/onnx.ts";
import { floatValue, intsTensor, node, onnxModel, typedTensor } from "../testing/onnx-graph.ts";
import { fed, runOnnx } from "../testing/run-onnx.ts";
import { layForward } from "./forward.ts";

const ints = { a: [7, -7, 4, 0, 3, 9], b: [2, 2, -3, 5, 4, 9], two: [2], one: [1], zero: [0], minus: [-1] };
const stored = [
  ...Object.entries(ints).map(([name, values]) => intsTensor(name, values)),
  intsTensor("shape", [2, 3]),
  intsTensor("sizes", [1, 2]),
  intsTensor("repeats", [2, 1]),
  intsTensor("end", [Number.MAX_SAFE_INTEGER]),
  intsTensor("before", [-100]),
  typedTensor("f", [6], Float32Array.of(0.5, 1.5, -2.5, 2.4, -0.1, 3)),
  typedTensor("g", [6], Float32Array.of(2, -1, 0.3, 2.4, 1, 0)),
];
const matrix = node("Reshape", ["a", "shape"], ["m"]);

/** What the chain's last value is by our arithmetic, and by the runtime's. */
async function both(nodes: Parameters<typeof onnxModel>[0]["node"] & object, opset = 17) {
  const last = nodes.at(-1)?.output?.[0] ?? "";
  const model = onnxModel(
    {
      node: nodes,
      initializer: stored.filter(({ name }) => nodes.some(({ input }) => input?.includes(name))),
      input: [floatValue("x", [2, 5])],
      output: [create(ValueInfoProtoSchema, { name: last })],
    },
    opset,
  );
  const tape = layForward({ model, inputs: {}, output: last, wrt: [] });
  const run = await runOnnx(encodeOnnx(model), { x: fed([2, 5], new Float32Array(10)) });
  const { data, dims } = run.get(last)!;
  return { ours: tape.type(last), theirs: { data: Array.from(data, Number), dims }, left: tape.nodes.length };
}

describe("what is computed in advance is what the runtime computes", () => {
  it.each([
    ["Add", [node("Add", ["a", "b"], ["y"])]],
    ["Sub", [node("Sub", ["a", "two"], ["y"])]],
    ["Mul", [node("Mul", ["a", "b"], ["y"])]],
    ["Div of integers", [node("Div", ["a", "b"], ["y"])]],
    ["Div of floats", [node("Div", ["f", "g"], ["y"])]],
    ["Mod", [node("Mod", ["a", "b"], ["y"])]],
    ["Mod as in C", [node("Mod", ["a", "b"], ["y"], { fmod: 1 })]],
    ["Pow", [node("Pow", ["a", "two"], ["y"])]],
    ["Max", [node("Max", ["a", "b", "two"], ["y"])]],
    ["Min", [node("Min", ["a", "b"], ["y"])]],
    ["Sum", [node("Sum", ["f", "g"], ["y"])]],
    ["Neg", [node("Neg", ["a"], ["y"])]],
    ["Abs", [node("Abs", ["a"], ["y"])]],
    ["Sqrt", [node("Abs", ["f"], ["p"]), node("Sqrt", ["p"], ["y"])]],
    ["Exp", [node("Exp", ["f"], ["y"])]],
    ["Floor", [node("Floor", ["f"], ["y"])]],
    ["Ceil", [node("Ceil", ["f"], ["y"])]],
    ["Round", [node("Round", ["f"], ["y"])]],
    ["Sign", [node("Sign", ["f"], ["y"])]],
    ["Clip", [node("Clip", ["f"], ["y"])]],
    ["Cast to integers", [node("Cast", ["f"], ["y"], { to: 7 })]],
    ["Cast to bool", [node("Cast", ["a"], ["c"], { to: 9 }), node("Cast", ["c"], ["y"], { to: 1 })]],
    ["Equal", [node("Equal", ["f", "g"], ["c"]), node("Cast", ["c"], ["y"], { to: 7 })]],
    ["Where", [node("Greater", ["a", "b"], ["c"]), node("Where", ["c", "a", "minus"], ["y"])]],
    [
      "Not, And, Or",
      [
        node("Less", ["a", "b"], ["p"]),
        node("LessOrEqual", ["a", "zero"], ["q"]),
        node("Not", ["q"], ["n"]),
        node("And", ["p", "n"], ["r"]),
        node("Or", ["r", "q"], ["c"]),
        node("Cast", ["c"], ["y"], { to: 7 }),
      ],
    ],
    ["Reshape and Transpose", [matrix, node("Transpose", ["m"], ["y"])]],
    ["Unsqueeze and Squeeze", [node("Unsqueeze", ["a", "one"], ["u"]), node("Squeeze", ["u"], ["y"])]],
    ["Flatten", [matrix, node("Flatten", ["m"], ["y"], { axis: 0 })]],
    ["Expand", [node("Expand", ["two", "shape"], ["y"])]],
    ["Tile", [matrix, node("Tile", ["m", "repeats"], ["y"])]],
    ["Concat along the first axis", [node("Concat", ["a", "two", "b"], ["y"], { axis: 0 })]],
    ["Concat along the last axis", [matrix, node("Concat", ["m", "m"], ["y"], { axis: -1 })]],
    ["Slice", [node("Slice", ["a", "one", "end", "zero", "two"], ["y"])]],
    ["Slice, reversed", [node("Slice", ["a", "minus", "before", "zero", "minus"], ["y"])]],
    ["Slice of a matrix", [matrix, node("Slice", ["m", "one", "end", "one"], ["y"])]],
    ["Split", [matrix, node("Split", ["m", "sizes"], ["p", "y"], { axis: 1 })]],
    ["Gather", [matrix, node("Gather", ["m", "one"], ["y"], { axis: 1 })]],
    ["ReduceProd", [node("ReduceProd", ["a"], ["y"])]],
    ["ReduceSum over an axis", [matrix, node("ReduceSum", ["m", "zero"], ["y"], { keepdims: 0 })]],
    ["ReduceMax over an axis", [matrix, node("ReduceMax", ["m"], ["y"], { axes: [1] })]],
    ["NonZero", [matrix, node("NonZero", ["m"], ["y"])]],
    ["Trilu", [matrix, node("Trilu", ["m"], ["y"], { upper: 0 })]],
    ["EyeLike", [matrix, node("EyeLike", ["m"], ["y"], { k: 1 })]],
    ["ConstantOfShape", [node("ConstantOfShape", ["shape"], ["y"], { value: intsTensor("", [5]) })]],
    [
      "Shape of a part, Size",
      [
        node("Shape", ["x"], ["s"], { start: -1 }),
        node("Size", ["x"], ["n"]),
        node("Mul", ["s", "n"], ["y"]),
      ],
    ],
  ])("%s", async (_, nodes) => {
    const { ours, theirs, left } = await both(nodes);
    expect(left).toBe(0);
    expect(ours.shape).toEqual(theirs.dims);
    expect(ours.constant).toBeAllclose(theirs.data);
  });
});

it("the chain that exporters write for a view becomes one Reshape", () => {
  const model = onnxModel({
    node: [
      node("Shape", ["x"], ["shape"]),
      node("Gather", ["shape", "zero"], ["batch"]),
      node("Gather", ["shape", "minus"], ["width"]),
      node("Div", ["width", "two"], ["half"]),
      node("Cast", ["half"], ["float"], { to: 1 }),
      node("Floor", ["float"], ["whole"]),
      node("Cast", ["whole"], ["heads"], { to: 7 }),
      node("Concat", ["batch", "heads", "minus"], ["target"], { axis: 0 }),
      node("Reshape", ["x", "target"], ["y"]),
    ],
    initializer: stored,
    input: [floatValue("x", ["N", 6])],
  });
  const tape = layForward({ model, inputs: { x: [4, 6] }, output: "y", wrt: ["x"] });
  expect(tape.nodes.map(({ node: { op } }) => op)).toEqual(["Reshape"]);
  expect(tape.type("y").shape).toEqual([4, 3, 2]);
});
