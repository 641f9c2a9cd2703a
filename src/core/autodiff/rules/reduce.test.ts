import { describe, expect, it } from "vitest";
import { checkGradient, gradientsOf } from "../../testing/check-gradient.ts";
import { node } from "../../testing/onnx-graph.ts";

const ops = [
  "ReduceSum",
  "ReduceMean",
  "ReduceMax",
  "ReduceMin",
  "ReduceL1",
  "ReduceL2",
  "ReduceSumSquare",
  "ReduceLogSumExp",
];
/** A tenth apart, so that no difference makes another entry the extreme one, and none is 0. */
const x = { shape: [2, 3, 4], values: Array.from({ length: 24 }, (_, i) => (((i * 7) % 24) - 11.5) / 10) };

describe("reductions", () => {
  it.each(ops)("%s with axes as an input", async (op) => {
    for (const keepdims of [0, 1]) {
      const nodes = [node(op, ["x", "axes"], ["y"], { keepdims })];
      await checkGradient({ nodes, inputs: { x }, ints: { axes: [-1, 0] }, opset: 18 });
    }
  });

  it.each(ops.slice(1))("%s with axes as an attribute", async (op) => {
    const nodes = [node(op, ["x"], ["y"], { axes: [1], keepdims: 0 })];
    await checkGradient({ nodes, inputs: { x }, opset: 14 });
  });

  it.each(ops)("%s of everything", async (op) => {
    await checkGradient({ nodes: [node(op, ["x"], ["y"])], inputs: { x }, opset: 18 });
  });

  it("over no axes does nothing where it is told so", async () => {
    const nodes = [node("ReduceSum", ["x", "axes"], ["y"], { noop_with_empty_axes: 1 })];
    const { ops: emitted } = await checkGradient({ nodes, inputs: { x }, ints: { axes: [] } });
    expect(emitted).not.toContain("Reshape");
  });

  it("equal extremes share the gradient", async () => {
    const nodes = [node("ReduceMax", ["x"], ["y"])];
    const inputs = { x: { shape: [4], values: [2, 1, 2, 0] } };
    const { gradients } = await gradientsOf({ nodes, inputs });
    const [first, second, third, fourth] = gradients.get("x") ?? [];
    expect(first).toBe(third);
    expect([second, fourth]).toEqual([0, 0]);
  });

  it("a product is refused by name", async () => {
    const nodes = [node("ReduceProd", ["x"], ["y"])];
    await expect(checkGradient({ nodes, inputs: { x: [3] }, opset: 18 })).rejects.toThrow("(ReduceProd)");
  });
});
