import { describe, test } from "vitest";
import { checkGradient } from "../../testing/check-gradient.ts";
import { node } from "../../testing/onnx-graph.ts";

describe("matrix products agree with central differences", () => {
  test.for([
    [
      [3, 4],
      [4, 2],
    ],
    [
      [2, 3, 4],
      [4, 5],
    ],
    [
      [2, 2, 3, 4],
      [4, 2],
    ],
    [
      [2, 3, 2, 4],
      [2, 3, 4, 2],
    ],
    [
      [2, 3, 4],
      [2, 4, 2],
    ],
    [
      [2, 1, 3, 4],
      [3, 4, 2],
    ],
    [
      [1, 3, 4],
      [5, 4, 2],
    ],
    [
      [3, 4],
      [2, 4, 2],
    ],
    [[4], [4, 3]],
    [[4], [2, 4, 3]],
    [[3, 4], [4]],
    [[2, 3, 4], [4]],
    [[4], [4]],
  ])("MatMul of %s and %s", async ([a, b]) => {
    await checkGradient({ nodes: [node("MatMul", ["a", "b"], ["y"])], inputs: { a, b } });
  });

  test.for([0, 1].flatMap((transA) => [0, 1].map((transB) => ({ transA, transB }))))(
    "Gemm with $transA and $transB transposed",
    async ({ transA, transB }) => {
      const a = transA ? [4, 3] : [3, 4];
      const b = transB ? [2, 4] : [4, 2];
      const plain = node("Gemm", ["a", "b"], ["y"], { transA, transB });
      await checkGradient({ nodes: [plain], inputs: { a, b } });
      const factors = { transA, transB, alpha: { float: 2 }, beta: { float: -0.5 } };
      for (const c of [[3, 2], [2], [3, 1], [1, 2], []]) {
        const nodes = [node("Gemm", ["a", "b", "c"], ["y"], factors)];
        await checkGradient({ nodes, inputs: { a, b, c } });
      }
    },
  );
});
