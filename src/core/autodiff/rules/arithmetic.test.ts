import { describe, expect, it } from "vitest";
import { checkGradient, gradientsOf } from "../../testing/check-gradient.ts";
import { node, typedTensor } from "../../testing/onnx-graph.ts";

const scalar = (name: string, value: number) => typedTensor(name, [], Float32Array.of(value));
const positive = { shape: [2, 3], range: [0.3, 2] } as const;

describe("of two values", () => {
  it.each(["Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean"])("%s", async (op) => {
    const nodes = [node(op, ["a", "b"], ["y"])];
    await checkGradient({ nodes, inputs: { a: [2, 3], b: { shape: [2, 3], range: [0.5, 1.5] } } });
  });

  it.each([
    ["of different ranks", [2, 1, 4], [3, 1]],
    ["of a scalar", [], [2, 3]],
    ["of a single entry of a higher rank", [1, 1, 1], [3]],
  ])("broadcasting %s", async (_, a, b) => {
    await checkGradient({ nodes: [node("Mul", ["a", "b"], ["y"])], inputs: { a, b } });
    await checkGradient({ nodes: [node("Sub", ["b", "a"], ["y"])], inputs: { a, b } });
  });

  it("Pow by a weight, a number, and with a base that is not positive", async () => {
    const pow = [node("Pow", ["a", "b"], ["y"])];
    await checkGradient({ nodes: pow, inputs: { a: positive, b: [2, 1] } });
    await checkGradient({ nodes: pow, inputs: { b: [2, 3] }, stored: [scalar("a", 1.7)] });
    for (const power of [1, 2, 3, -1, 0.5]) {
      await checkGradient({ nodes: pow, inputs: { a: positive }, stored: [scalar("b", power)] });
    }
    await checkGradient({ nodes: pow, inputs: { a: [4] }, stored: [scalar("b", 3)] });
  });
});

describe("of any number of values", () => {
  it.each(["Sum", "Mean", "Max", "Min"])("%s", async (op) => {
    const nodes = [node(op, ["a", "b", "c"], ["y"])];
    await checkGradient({ nodes, inputs: { a: [2, 3], b: [3], c: [2, 1] } });
  });

  it("of equal values the first is the largest", async () => {
    const equal = { shape: [2], values: [1, 2] };
    const nodes = [node("Max", ["a", "b", "c"], ["y"])];
    const { gradients } = await gradientsOf({ nodes, inputs: { a: [], b: equal, c: equal } });
    expect(gradients.get("b")).not.toContain(0);
    expect(gradients.get("c")).toEqual([0, 0]);
  });
});

describe("of one value", () => {
  it.each(["Neg", "Exp", "Abs", "Sin", "Cos"])("%s", async (op) => {
    await checkGradient({ nodes: [node(op, ["x"], ["y"])], inputs: { x: [2, 3] } });
  });
  it.each(["Sqrt", "Log", "Reciprocal"])("%s", async (op) => {
    await checkGradient({ nodes: [node(op, ["x"], ["y"])], inputs: { x: positive } });
  });

  it("Clip between bounds, above one, below one", async () => {
    const stored = [scalar("low", -0.5), scalar("high", 0.4)];
    for (const bounds of [
      ["low", "high"],
      ["low", ""],
      ["", "high"],
    ]) {
      await checkGradient({ nodes: [node("Clip", ["x", ...bounds], ["y"])], inputs: { x: [12] }, stored });
    }
  });

  it("Clip by a weight is refused", async () => {
    const nodes = [node("Clip", ["x", "low"], ["y"])];
    await expect(checkGradient({ nodes, inputs: { x: [3], low: [] } })).rejects.toThrow("bounds");
  });
});

describe("a value used twice", () => {
  it("gets the sum of both gradients", async () => {
    await checkGradient({ nodes: [node("Mul", ["x", "x"], ["y"])], inputs: { x: [4] } });
    await checkGradient({
      nodes: [
        node("Exp", ["x"], ["e"]),
        node("Mul", ["e", "x"], ["m"]),
        node("Add", ["m", "x"], ["a"]),
        node("Sub", ["a", "e"], ["y"]),
      ],
      inputs: { x: [4] },
    });
  });
});

it("a square root of 0 that nothing depends on gives 0, not NaN", async () => {
  const { gradients } = await gradientsOf({
    nodes: [node("Sqrt", ["x"], ["r"]), node("Max", ["tiny", "r"], ["y"])],
    inputs: { x: { shape: [2], values: [0, 4] } },
    stored: [scalar("tiny", 0.5)],
  });
  expect(gradients.get("x")?.[0]).toBe(0);
});
