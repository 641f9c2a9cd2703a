import type { ModelProto } from "onnx-buf";
import { describe, expect, it } from "vitest";
import { webRunner } from "../../../cli/web-runner.ts";
import { quietContext } from "../context.ts";
import { floatValue, node, onnxModel, smallNetwork, wave } from "../testing/onnx-graph.ts";
import { smallData, smallNet, smallWeights } from "../testing/small-training.ts";
import { gramCost, gramMatrices, gramSpec } from "./gram.ts";
import { linearUses } from "./gram-graph.ts";

const spec = (name: string, ...shape: number[]) => ({ name, shape, dtype: "f32" as const });
const model = (...nodes: ReturnType<typeof node>[]): ModelProto =>
  onnxModel({ input: [floatValue("x", ["N", 4])], output: [floatValue("y", ["N", 4])], node: nodes });
const weight = spec("w", 4, 4);

describe("finding linear layers", () => {
  it("tells from the operator which way a weight is stored, square ones too", () => {
    const first = (made: ModelProto) => linearUses(made, [weight])[0];
    expect(first(model(node("MatMul", ["x", "w"], ["y"])))).toMatchObject({ inputsFirst: true });
    expect(first(model(node("Gemm", ["x", "w"], ["y"])))).toMatchObject({ inputsFirst: true });
    expect(first(model(node("Gemm", ["x", "w"], ["y"], { transB: 1 })))).toMatchObject({
      inputsFirst: false,
      input: "x",
    });
    const turned = model(
      node("Transpose", ["w"], ["wt"], { perm: [1, 0] }),
      node("MatMul", ["x", "wt"], ["y"]),
    );
    expect(first(turned)).toMatchObject({ weight: "w", inputsFirst: false });
  });

  it("leaves out weights that something else reads, and what is no matrix", () => {
    const tied = model(node("Gather", ["w", "i"], ["e"]), node("MatMul", ["e", "w"], ["y"]));
    expect(linearUses(tied, [weight])).toEqual([]);
    const network = smallNetwork();
    const tensors = [spec("conv.weight", 4, 1, 3, 3), spec("bn.weight", 4), spec("fc.weight", 3, 64)];
    expect(linearUses(network, tensors)).toMatchObject([{ weight: "fc.weight", inputs: 64 }]);
  });
});

describe("Gram matrices", () => {
  const weights = smallWeights(1);
  const data = smallData(40);
  const input = { runner: webRunner, network: smallNet, weights, data };

  it("are XᵀX / n of what each layer is given", async () => {
    const { matrices, inputsFirst, examples } = await gramMatrices(input, gramSpec.parse({}), quietContext);
    expect(examples).toBe(40);
    expect(inputsFirst).toEqual(["b.weight"]);
    expect([...matrices.keys()]).toEqual(["a.weight", "b.weight"]);
    const x = data.rows(
      Array.from({ length: 40 }, (_, i) => i),
      0,
    );
    const rows = Array.from({ length: 40 }, (_, i) => [...x.subarray(i * 4, i * 4 + 4)]);
    expect(matrices.get("a.weight") ?? []).toBeAllclose(gramOf(rows), { rtol: 1e-5, atol: 1e-6 });
    const [a, bias] = [weights.get("a.weight") ?? [], weights.get("a.bias") ?? []];
    const hidden = rows.map((row) =>
      Array.from({ length: 6 }, (_, i) =>
        Math.tanh(bias[i] + row.reduce((sum, value, f) => sum + value * a[i * 4 + f], 0)),
      ),
    );
    // tanh of the runtime is an approximation.
    expect(matrices.get("b.weight") ?? []).toBeAllclose(gramOf(hidden), { rtol: 1e-4, atol: 1e-5 });
  });

  it("are summed over tokens for layers of more than two dimensions, and shared by layers of one input", async () => {
    const tokens = onnxModel({
      input: [floatValue("x", ["N", 2, 3]), floatValue("q", [3, 3]), floatValue("k", [3, 2])],
      output: [floatValue("y", ["N", 2, 2])],
      node: [node("MatMul", ["x", "q"], ["a"]), node("MatMul", ["x", "k"], ["y"])],
    });
    const x = wave(5 * 6, 3);
    const network = {
      model: tokens,
      weights: [spec("q", 3, 3), spec("k", 3, 2)],
      input: { name: "x", shape: [2, 3] },
      logits: "y",
      classes: 2,
      constants: {},
    };
    const few = { count: 5, labels: new Uint8Array(5), rows: () => x.slice() };
    const values = new Map([
      ["q", wave(9, 1)],
      ["k", wave(6, 2)],
    ]);
    const { matrices } = await gramMatrices(
      { runner: webRunner, network, weights: values, data: few },
      gramSpec.parse({}),
      quietContext,
    );
    const rows = Array.from({ length: 10 }, (_, i) => [...x.subarray(i * 3, i * 3 + 3)]);
    const expected = gramOf(rows).map((value) => value * 2); // ten tokens are five examples
    expect(matrices.get("q") ?? []).toBeAllclose(expected, { rtol: 1e-5, atol: 1e-6 });
    expect(matrices.get("k")).toEqual(matrices.get("q"));
  });

  it("read whole batches where the graph has a fixed size, and refuse less than one", async () => {
    const fixed = onnxModel({
      input: [floatValue("x", [16, 4]), floatValue("w", [3, 4])],
      output: [floatValue("y", [16, 3])],
      node: [node("Gemm", ["x", "w"], ["y"], { transB: 1 })],
    });
    const network = { ...smallNet, model: fixed, weights: [spec("w", 3, 4)] };
    const given = { ...input, network, weights: new Map([["w", wave(12, 1)]]) };
    expect((await gramMatrices(given, gramSpec.parse({}), quietContext)).examples).toBe(32);
    const run = gramMatrices(given, gramSpec.parse({ examples: 8 }), quietContext);
    await expect(run).rejects.toMatchObject({ code: "eval/graph" });
  });

  it("tell what they take before they start", () => {
    expect(gramCost(gramSpec.parse({ examples: 30 }), smallNet, 40)).toMatchObject({
      examples: 30,
      passes: 30,
      bytes: (16 + 36) * 16,
    });
  });
});

/** XᵀX / rows. */
function gramOf(rows: readonly (readonly number[])[]): number[] {
  const width = rows[0].length;
  return Array.from({ length: width * width }, (_, at) => {
    const [i, j] = [Math.floor(at / width), at % width];
    return rows.reduce((sum, row) => sum + row[i] * row[j], 0) / rows.length;
  });
}
