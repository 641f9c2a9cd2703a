import { describe, expect, test } from "vitest";
import { checkGradient } from "../../testing/check-gradient.ts";
import { node, rawTensor, wave } from "../../testing/onnx-graph.ts";

const stored = [rawTensor("mean", [3], wave(3, 1)), rawTensor("variance", [3], Float32Array.of(0.5, 1.5, 2))];

describe("normalisations agree with central differences", () => {
  test.for([
    { x: [2, 3, 4], scale: [4], attributes: {} },
    { x: [2, 3, 4], scale: [3, 4], attributes: { axis: 1 } },
    { x: [2, 5], scale: [5], attributes: { axis: -1, epsilon: { float: 0.01 } } },
    { x: [2, 3, 4], scale: [1], attributes: {} },
  ])("LayerNormalization of $x with a scale of $scale", async ({ x, scale, attributes }) => {
    const nodes = [node("LayerNormalization", ["x", "scale", "bias"], ["y"], attributes)];
    await checkGradient({ nodes, inputs: { x, scale, bias: scale } });
  });

  test("LayerNormalization without bias", async () => {
    const nodes = [node("LayerNormalization", ["x", "scale"], ["y"])];
    await checkGradient({ nodes, inputs: { x: [3, 6], scale: [6] } });
  });

  test.for([
    [2, 3, 4, 2],
    [2, 3, 5],
    [4, 3],
  ])("BatchNormalization of %s with frozen statistics", async (x) => {
    const nodes = [
      node("BatchNormalization", ["x", "scale", "bias", "mean", "variance"], ["y"], {
        epsilon: { float: 0.001 },
      }),
    ];
    await checkGradient({ nodes, inputs: { x, scale: [3], bias: [3] }, stored });
  });

  test("BatchNormalization's statistics have no gradient", async () => {
    const nodes = [node("BatchNormalization", ["x", "scale", "bias", "mean", "variance"], ["y"])];
    const inputs = { x: [2, 3, 2], scale: [3], bias: [3], mean: [3] };
    const run = checkGradient({ nodes, inputs, stored: stored.slice(1) });
    await expect(run).rejects.toThrow(/gradient of mean\[0\] is undefined/);
  });

  test("BatchNormalization with the statistics of its batch is refused", async () => {
    const nodes = [
      node("BatchNormalization", ["x", "scale", "bias", "mean", "variance"], ["y"], { training_mode: 1 }),
    ];
    const run = checkGradient({ nodes, inputs: { x: [2, 3, 2], scale: [3], bias: [3] }, stored });
    await expect(run).rejects.toMatchObject({
      code: "autodiff/unsupported",
      details: { node: "node_y", operator: "BatchNormalization" },
    });
  });

  test.for([
    [2, 3, 4, 3],
    [2, 3, 6],
  ])("InstanceNormalization of %s", async (x) => {
    const nodes = [node("InstanceNormalization", ["x", "scale", "bias"], ["y"])];
    for (const opset of [14, 18]) await checkGradient({ nodes, inputs: { x, scale: [3], bias: [3] }, opset });
  });

  test.for([
    { opset: 18, scale: [2] },
    { opset: 20, scale: [2] },
    { opset: 21, scale: [4] },
  ])("GroupNormalization at opset $opset, with a scale of $scale", async ({ opset, scale }) => {
    const nodes = [node("GroupNormalization", ["x", "scale", "bias"], ["y"], { num_groups: 2 })];
    await checkGradient({ nodes, inputs: { x: [2, 4, 3, 2], scale, bias: scale }, opset });
  });

  test("RMS normalisation, spelt out", async () => {
    const nodes = [
      node("Mul", ["x", "x"], ["squares"]),
      node("ReduceMean", ["squares"], ["mean"], { axes: [-1] }),
      node("Add", ["mean", "epsilon"], ["shifted"]),
      node("Sqrt", ["shifted"], ["root"]),
      node("Div", ["x", "root"], ["normalised"]),
      node("Mul", ["normalised", "scale"], ["y"]),
    ];
    const epsilon = rawTensor("epsilon", [], Float32Array.of(1e-5));
    await checkGradient({ nodes, inputs: { x: [2, 3, 4], scale: [4] }, stored: [epsilon] });
  });
});
