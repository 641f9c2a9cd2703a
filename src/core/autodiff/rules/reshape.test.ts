import { describe, expect, it } from "vitest";
import { checkGradient } from "../../testing/check-gradient.ts";
import { node } from "../../testing/onnx-graph.ts";

describe("shapes", () => {
  it.each([
    ["-1", [4, -1], {}],
    ["0 for the size it has", [0, -1, 2], {}],
    ["a scalar's place", [1, 24], {}],
    ["zeros allowed, none there", [24], { allowzero: 1 }],
  ])("Reshape with %s", async (_, shape, attributes) => {
    const nodes = [node("Reshape", ["x", "shape"], ["y"], attributes)];
    await checkGradient({ nodes, inputs: { x: [2, 3, 4] }, ints: { shape } });
  });

  it.each([0, 1, 2, -1, 3])("Flatten at %d", async (axis) => {
    await checkGradient({ nodes: [node("Flatten", ["x"], ["y"], { axis })], inputs: { x: [2, 3, 2] } });
  });

  it("Squeeze and Unsqueeze by axes, and of every axis of size 1", async () => {
    const x = [1, 3, 1];
    const ints = { axes: [-1] };
    await checkGradient({ nodes: [node("Squeeze", ["x", "axes"], ["y"])], inputs: { x }, ints });
    await checkGradient({ nodes: [node("Squeeze", ["x"], ["y"])], inputs: { x } });
    await checkGradient({
      nodes: [node("Unsqueeze", ["x", "axes"], ["y"])],
      inputs: { x: [3, 2] },
      ints: { axes: [0, -1] },
    });
  });

  it("Transpose by a permutation, and reversed", async () => {
    const x = [2, 3, 4];
    await checkGradient({ nodes: [node("Transpose", ["x"], ["y"])], inputs: { x } });
    await checkGradient({ nodes: [node("Transpose", ["x"], ["y"], { perm: [1, 2, 0] })], inputs: { x } });
  });

  it("Expand to a larger shape, and to one that the value is larger than", async () => {
    const nodes = [node("Expand", ["x", "shape"], ["y"])];
    await checkGradient({ nodes, inputs: { x: [3, 1] }, ints: { shape: [2, 1, 4] } });
    await checkGradient({ nodes, inputs: { x: [3, 4] }, ints: { shape: [3, 1] } });
  });

  it("Identity, Dropout in inference, and Cast to the same type pass the gradient", async () => {
    await checkGradient({
      nodes: [
        node("Identity", ["x"], ["a"]),
        node("Dropout", ["a"], ["b"]),
        node("Cast", ["b"], ["y"], { to: 1 }),
      ],
      inputs: { x: [3] },
    });
  });

  it("Cast to integers stops it", async () => {
    const { gradients } = await checkGradient({
      nodes: [
        node("Cast", ["x"], ["i"], { to: 7 }),
        node("Cast", ["i"], ["f"], { to: 1 }),
        node("Mul", ["f", "x"], ["y"]),
      ],
      inputs: { x: { shape: [3], values: [1.5, -2.5, 0.5] } },
    });
    expect(gradients.get("x")?.[2]).toBeCloseTo(0, 12);
  });
});
