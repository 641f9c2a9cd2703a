import { describe, expect, it } from "vitest";
import { checkGradient } from "../../testing/check-gradient.ts";
import { node } from "../../testing/onnx-graph.ts";

describe("Where", () => {
  it("sends the gradient to what was chosen, summed over what was repeated", async () => {
    const nodes = [node("Greater", ["c", "a"], ["chosen"]), node("Where", ["chosen", "a", "b"], ["y"])];
    await checkGradient({ nodes, inputs: { c: [2, 3], a: [3], b: [2, 1] } });
  });
});

describe("operators without a gradient", () => {
  it.each(["Sign", "Floor", "Ceil", "Round"])("%s stops it", async (op) => {
    const { gradients } = await checkGradient({
      nodes: [node(op, ["x"], ["s"]), node("Mul", ["s", "w"], ["y"])],
      inputs: { x: { shape: [4], values: [0.3, -0.3, 1.7, -2.2] }, w: [4] },
    });
    expect(gradients.get("x")).toEqual([]);
  });

  it.each([
    ["Equal", "And"],
    ["GreaterOrEqual", "Or"],
    ["Less", "Xor"],
    ["LessOrEqual", "And"],
  ])("masks of %s and %s select", async (relation, logic) => {
    await checkGradient({
      nodes: [
        node(relation, ["x", "w"], ["a"]),
        node("Greater", ["w", "x"], ["b"]),
        node("Not", ["b"], ["n"]),
        node(logic, ["a", "n"], ["m"]),
        node("Cast", ["m"], ["f"], { to: 1 }),
        node("Mul", ["f", "w"], ["y"]),
      ],
      inputs: { x: [6], w: [6] },
    });
  });

  it("ArgMax gives indices, which nothing flows through", async () => {
    await checkGradient({
      nodes: [
        node("ArgMax", ["x"], ["i"], { axis: 1, keepdims: 0 }),
        node("Cast", ["i"], ["f"], { to: 1 }),
        node("Mul", ["f", "w"], ["y"]),
      ],
      inputs: { x: { shape: [2, 3], values: [1, 5, 2, 9, 3, 4] }, w: [2] },
    });
  });
});
