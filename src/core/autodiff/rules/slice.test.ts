import { describe, expect, it } from "vitest";
import { checkGradient } from "../../testing/check-gradient.ts";
import { node } from "../../testing/onnx-graph.ts";

describe("Slice", () => {
  it.each([
    ["from the middle", [1], [3], [0], [1]],
    ["of two axes", [1, 0], [3, 2], [0, 1], [1, 1]],
    ["to the end", [2], [Number.MAX_SAFE_INTEGER], [0], [1]],
    ["counted from the end", [-3], [-1], [-1], [1]],
    ["every second", [1], [6], [0], [2]],
    ["every third of two axes", [0, 1], [6, 4], [0, 1], [3, 3]],
    ["reversed", [-1], [-Number.MAX_SAFE_INTEGER], [0], [-1]],
    ["reversed, every second", [4], [0], [0], [-2]],
    ["past the end", [3], [100], [0], [1]],
  ])("%s", async (_, starts, ends, axes, steps) => {
    const nodes = [node("Slice", ["x", "starts", "ends", "axes", "steps"], ["y"])];
    await checkGradient({ nodes, inputs: { x: [6, 4] }, ints: { starts, ends, axes, steps } });
  });

  it("without axes and steps", async () => {
    const nodes = [node("Slice", ["x", "starts", "ends"], ["y"])];
    await checkGradient({ nodes, inputs: { x: [4, 4] }, ints: { starts: [1, 2], ends: [4, 4] } });
  });

  it("side by side, gradients are joined and not added", async () => {
    const part = (name: string, from: string, to: string) => node("Slice", ["x", from, to, "axis"], [name]);
    const { ops } = await checkGradient({
      nodes: [
        part("a", "zero", "two"),
        part("b", "two", "four"),
        part("c", "five", "six"),
        node("Mul", ["a", "b"], ["ab"]),
        node("Mul", ["ab", "c"], ["y"]),
      ],
      inputs: { x: [2, 6] },
      ints: { zero: [0], two: [2], four: [4], five: [5], six: [6], axis: [1] },
    });
    expect(ops.filter((op) => op === "Concat")).toHaveLength(1);
    expect(ops).not.toContain("Sum");
  });

  it("that overlap, gradients are added", async () => {
    const { ops } = await checkGradient({
      nodes: [
        node("Slice", ["x", "zero", "two"], ["a"]),
        node("Slice", ["x", "one", "three"], ["b"]),
        node("Mul", ["a", "b"], ["y"]),
      ],
      inputs: { x: [4] },
      ints: { zero: [0], one: [1], two: [2], three: [3] },
    });
    expect(ops).toContain("Sum");
  });
});

describe("Pad", () => {
  it.each([
    ["around", [1, 0, 2, 1]],
    ["with negative sizes", [-1, 2, 0, -1]],
  ])("%s", async (_, pads) => {
    await checkGradient({
      nodes: [node("Pad", ["x", "pads"], ["y"])],
      inputs: { x: [3, 3] },
      ints: { pads },
    });
  });

  it("of some axes", async () => {
    const nodes = [node("Pad", ["x", "pads", "", "axes"], ["y"])];
    const ints = { pads: [1, 2], axes: [-1] };
    await checkGradient({ nodes, inputs: { x: [3, 3] }, ints, opset: 18 });
  });

  it("by reflection is refused", async () => {
    const nodes = [node("Pad", ["x", "pads"], ["y"], { mode: "reflect" })];
    await expect(checkGradient({ nodes, inputs: { x: [3] }, ints: { pads: [1, 1] } })).rejects.toThrow(
      "reflect",
    );
  });
});
