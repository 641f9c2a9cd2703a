import { describe, it } from "vitest";
import { checkGradient } from "../../testing/check-gradient.ts";
import { node, typedTensor } from "../../testing/onnx-graph.ts";

describe("Concat", () => {
  it("of several values, of one that is wanted, and of the same twice", async () => {
    const nodes = [node("Concat", ["a", "b", "c"], ["y"], { axis: 1 })];
    await checkGradient({ nodes, inputs: { a: [2, 1], b: [2, 3], c: [2, 2] } });
    const stored = ["a", "c"].map((name) => typedTensor(name, [2, 1], Float32Array.of(1, 2)));
    await checkGradient({ nodes, inputs: { b: [2, 3] }, stored });
    await checkGradient({ nodes: [node("Concat", ["x", "x"], ["y"], { axis: -1 })], inputs: { x: [2, 2] } });
  });
});

describe("Split", () => {
  it("by sizes, evenly, and with a smaller last part", async () => {
    const join = node("Mul", ["p", "q"], ["y"]);
    const sized = node("Split", ["x", "sizes"], ["p", "q"], { axis: 1 });
    await checkGradient({ nodes: [sized, join], inputs: { x: [2, 4] }, ints: { sizes: [2, 2] } });
    const even = node("Split", ["x"], ["p", "q"], { axis: -1 });
    await checkGradient({ nodes: [even, join], inputs: { x: [2, 4] } });
    const counted = node("Split", ["x"], ["p", "q"], { num_outputs: 2 });
    const last = node("Concat", ["p", "q", "p"], ["y"], { axis: 0 });
    await checkGradient({ nodes: [counted, last], inputs: { x: [5, 2] }, opset: 18 });
  });

  it("of which only a part is used", async () => {
    const split = node("Split", ["x", "sizes"], ["p", "q", "r"], { axis: 0 });
    const ints = { sizes: [1, 3, 1] };
    await checkGradient({ nodes: [split, node("Exp", ["q"], ["y"])], inputs: { x: [5, 2] }, ints });
    const two = node("Concat", ["p", "q"], ["y"], { axis: 0 });
    await checkGradient({ nodes: [split, two], inputs: { x: [5, 2] }, ints });
  });
});

describe("Tile", () => {
  it("repeats along every axis", async () => {
    const nodes = [node("Tile", ["x", "repeats"], ["y"])];
    await checkGradient({ nodes, inputs: { x: [2, 3] }, ints: { repeats: [3, 2] } });
  });
});
