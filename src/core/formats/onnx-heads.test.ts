import { create } from "@bufbuild/protobuf";
import { NodeProtoSchema } from "onnx-buf";
import { describe, expect, it } from "vitest";
import { encode } from "../tensor/dtype.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import { floatValue, node, onnxModel, rawTensor, typedTensor, wave } from "../testing/onnx-graph.ts";
import { fed, joined, runOnnx } from "../testing/run-onnx.ts";
import { encodeOnnx } from "./onnx.ts";
import { type TaskHead, withTaskHeads } from "./onnx-heads.ts";
import { graphOf } from "./onnx-message.ts";
import { declarationOf, withWeights } from "./onnx-skeleton.ts";

describe("withTaskHeads", () => {
  const W: TensorSpec = { name: "W", dtype: "f32", shape: [3, 4] };
  const head = (task: string, classes: number, seed: number): TaskHead => ({
    task,
    weights: [
      { spec: { ...W, shape: [classes, 4] }, bytes: encode(wave(classes * 4, seed), "f32").bytes },
      { spec: { name: "mu", dtype: "f32", shape: [4] }, bytes: encode(wave(4, seed + 1), "f32").bytes },
    ],
  });

  /** features = relu(x · V); logits = gain · ((features − mu) · Wᵀ). */
  const twoPart = () =>
    onnxModel({
      input: [floatValue("x", ["N", 2]), floatValue("W", ["C", 4]), floatValue("mu", [4])],
      output: [floatValue("logits", ["N", "C"]), floatValue("features", ["N", 4])],
      initializer: [rawTensor("V", [2, 4], wave(8, 2)), typedTensor("gain", [], Float32Array.of(12))],
      node: [
        node("MatMul", ["x", "V"], ["xV"]),
        node("Transpose", ["W"], ["WT"], { perm: [1, 0] }),
        node("Relu", ["xV"], ["features"]),
        node("Sub", ["features", "mu"], ["centred"]),
        node("MatMul", ["centred", "WT"], ["raw"]),
        node("Mul", ["raw", "gain"], ["logits"]),
      ],
    });

  it("keeps the trunk once and gives every task what its own head gives", async () => {
    const heads = [head("digits", 3, 4), head("capitals", 5, 6)];
    const model = withTaskHeads(twoPart(), heads);
    const graph = graphOf(model);
    expect(graph.input.map(({ name }) => name)).toEqual(["x"]);
    expect(graph.output.map(({ name }) => name)).toEqual(["logits_digits", "logits_capitals", "features"]);
    expect(declarationOf(graph.output[1])!.shape).toEqual(["N", 5]);
    expect(graph.node.filter(({ opType }) => opType === "Relu")).toHaveLength(1);
    expect(graph.node).toHaveLength(2 + 2 * 4);
    expect(graph.initializer.map(({ name }) => name)).toEqual([
      "V",
      "gain",
      "digits/W",
      "digits/mu",
      "capitals/W",
      "capitals/mu",
    ]);

    const rows = fed([3, 2], wave(6, 9));
    const all = await runOnnx(encodeOnnx(model), { x: rows });
    for (const { task, weights } of heads) {
      const alone = await runOnnx(await joined(withWeights(twoPart(), weights)), { x: rows });
      expect(all.get(`logits_${task}`)).toEqual(alone.get("logits"));
      expect(all.get("features")).toEqual(alone.get("features"));
    }
  });

  it("renames inside the branches of control flow", async () => {
    const branch = (op: string) => ({
      name: op,
      node: [node(op, ["raw", "mu"], [`${op}_out`])],
      output: [floatValue(`${op}_out`, ["N", "C"])],
    });
    const model = onnxModel({
      input: [floatValue("x", ["N", 4]), floatValue("mu", [4])],
      output: [floatValue("logits", ["N", 4])],
      node: [
        node("Mul", ["x", "x"], ["squares"]),
        node("Add", ["x", "mu"], ["raw"]),
        node("ReduceSum", ["squares"], ["sum"], { keepdims: 0 }),
        node("Cast", ["sum"], ["any"], { to: 9 }),
        node("If", ["any"], ["logits"]),
      ],
    });
    const attribute = [
      { name: "then_branch", type: 5, g: branch("Add") },
      { name: "else_branch", type: 5, g: branch("Sub") },
    ];
    model.graph!.node[4] = create(NodeProtoSchema, {
      opType: "If",
      input: ["any"],
      output: ["logits"],
      attribute,
    });
    const mu = wave(4, 1);
    const weights = [
      { spec: { name: "mu", dtype: "f32" as const, shape: [4] }, bytes: encode(mu, "f32").bytes },
    ];
    const row = wave(4, 3);
    const got = await runOnnx(encodeOnnx(withTaskHeads(model, [{ task: "a", weights }])), {
      x: fed([1, 4], row),
    });
    expect(got.get("logits_a")!.data).toBeAllclose(
      row.map((value, i) => value + 2 * mu[i]!),
      { rtol: 1e-6, atol: 1e-6 },
    );
  });

  it("refuses heads that do not fit and names that are taken", () => {
    const [first] = head("a", 3, 1).weights;
    expect(() => withTaskHeads(twoPart(), [head("a", 3, 1), { task: "b", weights: [first!] }])).toThrow(
      "mu is missing",
    );
    expect(() => withTaskHeads(twoPart(), [head("a", 3, 1), head("a", 3, 2)])).toThrow("would occur twice");
    const wide = { ...head("a", 3, 1).weights[1]!, spec: { name: "mu", dtype: "f32" as const, shape: [5] } };
    expect(() => withTaskHeads(twoPart(), [{ task: "a", weights: [first!, wide] }])).toThrow(
      "[4] in the graph and [5]",
    );
  });
});
