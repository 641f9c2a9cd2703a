import { describe, it } from "vitest";
import { checkGradient } from "../../testing/check-gradient.ts";
import { node } from "../../testing/onnx-graph.ts";

describe("arithmetic agrees with central differences", () => {
  it.each(["Add", "Sub", "Mul", "Div", "Max", "Min"])("%s, of equal and of broadcast shapes", async (op) => {
    await checkGradient({ nodes: [node(op, ["a", "b"], ["y"])], inputs: { a: [2, 3], b: [2, 3] } });
    await checkGradient({ nodes: [node(op, ["a", "b"], ["y"])], inputs: { a: [2, 1, 4], b: [3, 1] } });
    await checkGradient({ nodes: [node(op, ["a", "b"], ["y"])], inputs: { a: [], b: [2, 3] } });
  });
});
