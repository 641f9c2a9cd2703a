import { describe, expect, test } from "vitest";
import { checkGradient } from "../../testing/check-gradient.ts";
import { node } from "../../testing/onnx-graph.ts";

describe("operators that are refused by name", () => {
  test.for(["LSTM", "GRU", "RNN"])("%s", async (op) => {
    const nodes = [node(op, ["x", "w", "r"], ["y"], { hidden_size: 2 })];
    const run = checkGradient({ nodes, inputs: { x: [3, 1, 2], w: [1, 8, 2], r: [1, 8, 2] } });
    await expect(run).rejects.toMatchObject({
      code: "autodiff/unsupported",
      details: { node: "node_y", operator: op },
    });
    await expect(run).rejects.toThrow(/recurrent layer/);
  });

  test.for(["com.microsoft:Attention", "com.microsoft:MultiHeadAttention"])("%s", async (op) => {
    const run = checkGradient({ nodes: [node(op, ["x", "w"], ["y"])], inputs: { x: [1, 2, 4], w: [4, 12] } });
    await expect(run).rejects.toMatchObject({ code: "autodiff/unsupported", details: { operator: op } });
    await expect(run).rejects.toThrow(/fused by an optimiser/);
  });
});
