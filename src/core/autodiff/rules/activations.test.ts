import { describe, expect, it } from "vitest";
import { checkGradient } from "../../testing/check-gradient.ts";
import { node } from "../../testing/onnx-graph.ts";

const wide = { shape: [24], range: [-4.5, 4.5] } as const;

describe("activations", () => {
  it.each([
    ["Relu", 17],
    ["LeakyRelu", 17],
    ["Elu", 17],
    ["Celu", 17],
    ["Selu", 17],
    ["Sigmoid", 17],
    ["Tanh", 17],
    ["Softplus", 17],
    ["Softsign", 17],
    ["Erf", 17],
    ["HardSigmoid", 17],
    ["HardSwish", 17],
    ["Mish", 18],
    ["Gelu", 20],
    ["com.microsoft:Gelu", 17],
    ["com.microsoft:FastGelu", 17],
    ["com.microsoft:QuickGelu", 17],
  ])("%s", async (op, opset) => {
    await checkGradient({ nodes: [node(op, ["x"], ["y"])], inputs: { x: wide }, opset });
  });

  it.each([
    ["LeakyRelu", { alpha: 0.2 }],
    ["Elu", { alpha: 1.5 }],
    ["Celu", { alpha: 0.7 }],
    ["Selu", { alpha: 1.5, gamma: 1.25 }],
    ["HardSigmoid", { alpha: 0.3, beta: 0.4 }],
    ["com.microsoft:QuickGelu", { alpha: { float: 1 } }],
  ])("%s with its own constants", async (op, attributes) => {
    await checkGradient({ nodes: [node(op, ["x"], ["y"], attributes)], inputs: { x: wide } });
  });

  it("Gelu by tanh", async () => {
    const nodes = [node("Gelu", ["x"], ["y"], { approximate: "tanh" })];
    await checkGradient({ nodes, inputs: { x: wide }, opset: 20 });
  });

  it.each(["FastGelu", "BiasGelu"])("%s with a bias", async (op) => {
    const nodes = [node(`com.microsoft:${op}`, ["x", "b"], ["y"])];
    await checkGradient({ nodes, inputs: { x: [2, 3], b: [3] } });
  });

  it("PRelu, one slope for a channel", async () => {
    const nodes = [node("PRelu", ["x", "slope"], ["y"])];
    await checkGradient({ nodes, inputs: { x: [2, 3, 4], slope: [3, 1] } });
  });

  it("Gelu far from 0 is a step, not NaN", async () => {
    const x = { shape: [4], values: [-60, -12, 12, 60] };
    const { gradients } = await checkGradient({
      nodes: [node("Gelu", ["x"], ["y"])],
      inputs: { x },
      opset: 20,
    });
    expect(gradients.get("x")?.slice(0, 2)).toBeAllclose([0, 0]);
  });

  it("Gelu at and about 0 has the slope ½", async () => {
    const x = { shape: [5], values: [0, -0, 1e-30, -1e-42, 1e-4] };
    const { gradients } = await checkGradient({
      nodes: [node("Gelu", ["x"], ["y"])],
      inputs: { x },
      opset: 20,
      step: 1e-3,
    });
    expect(gradients.get("x")).not.toContain(0);
  });
});

describe("composed forms", () => {
  it("SiLU is x · sigmoid(x)", async () => {
    await checkGradient({
      nodes: [node("Sigmoid", ["x"], ["s"]), node("Mul", ["x", "s"], ["y"])],
      inputs: { x: wide },
    });
  });

  it("Mish is x · tanh(softplus(x))", async () => {
    await checkGradient({
      nodes: [node("Softplus", ["x"], ["p"]), node("Tanh", ["p"], ["t"]), node("Mul", ["x", "t"], ["y"])],
      inputs: { x: wide },
    });
  });
});

describe("over an axis", () => {
  it.each(["Softmax", "LogSoftmax"])("%s", async (op) => {
    await checkGradient({ nodes: [node(op, ["x"], ["y"])], inputs: { x: [2, 3, 4] } });
    await checkGradient({ nodes: [node(op, ["x"], ["y"], { axis: 1 })], inputs: { x: [2, 3, 4] } });
  });
});
