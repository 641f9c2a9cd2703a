import { describe, expect, it } from "vitest";
import { defaultRecipe } from "../recipe/default.ts";
import { parseRecipe } from "../recipe/parse.ts";
import { resolveRecipe } from "../recipe/resolve.ts";
import type { Recipe } from "../recipe/schema.ts";
import { toRecipe } from "./to-recipe.ts";

const id = `sha256:${"0".repeat(64)}`;
const start = defaultRecipe({ base: { id }, experts: [{ id: "a" }, { id: "b" }, { id: "c" }] }, "ties");
const recipe: Recipe = {
  ...start,
  lambda: 0.4,
  rules: [
    { match: { names: ["y"] }, set: { lambda: 0.2, density: 0.1 } },
    { match: { names: ["z"] }, set: { weight: 2 }, keep: "base" },
  ],
};
const tensors = (["x", "y", "z"] as const).map((name) => ({ name, role: "mlp" as const }));
const coefficients = [
  {
    expert: "a",
    tensors: new Map([
      ["x", 0.12345678],
      ["y", 0.5],
      ["z", 0.5],
    ]),
  },
  {
    expert: "b",
    tensors: new Map([
      ["x", 0.3],
      ["y", 0.3],
      ["z", 0.3],
    ]),
  },
];

const arithmeticOf = (from: Recipe): Recipe => ({
  ...from,
  method: { id: "task-arithmetic", params: {} },
  sparsifiers: [],
});

describe("coefficients as a recipe", () => {
  const made = toRecipe(recipe, coefficients);
  const resolved = resolveRecipe(made, tensors).tensors;

  it("resolves to exactly these weights with λ 1, six decimals", () => {
    const weights = resolved.map(({ sites }) => sites.map(({ weight }) => weight));
    expect(weights.map(([a, b]) => [a, b])).toEqual([
      [0.123457, 0.3],
      [0.5, 0.3],
      [0.5, 0.3],
    ]);
    expect(resolved.map(({ lambda }) => lambda)).toEqual([1, 1, 1]);
    expect(made).toMatchObject({ method: { id: "task-arithmetic" }, sparsifiers: [], lambda: 1 });
  });

  it("is a valid recipe with one rule per value, and none for an expert of one value", () => {
    expect(parseRecipe(made)).toEqual(made);
    expect(made.rules.slice(1)).toEqual([
      { match: { names: ["x"] }, experts: ["a"], set: { weight: 0.123457 } },
      { match: { names: ["y", "z"] }, experts: ["a"], set: { weight: 0.5 } },
    ]);
    expect(made.experts[1].weight).toBe(0.3);
  });

  it("keeps what is kept, and switches off experts that have no coefficients", () => {
    expect(made.rules[0]).toEqual({ match: { names: ["z"] }, set: {}, keep: "base" });
    expect(made.experts.map(({ enabled }) => enabled)).toEqual([true, true, false]);
  });

  it("is of the recipe whose vectors were scaled, without its own λ and weights", () => {
    const of = { ...start, sparsifiers: recipe.sparsifiers, seed: 7, rules: recipe.rules };
    const own = toRecipe(arithmeticOf(recipe), coefficients, of);
    expect(own).toMatchObject({ method: { id: "ties" }, sparsifiers: start.sparsifiers, seed: 7, lambda: 1 });
    expect(own.rules.slice(0, 2)).toEqual([
      { match: { names: ["y"] }, set: { density: 0.1 } },
      { match: { names: ["z"] }, set: {}, keep: "base" },
    ]);
    expect(own.rules).toHaveLength(4);
  });

  it("stays within what a recipe can hold, and leaves the given one as it is", () => {
    const far = [{ expert: "a", tensors: new Map([["x", 7]]) }];
    expect(toRecipe(recipe, far).experts[0].weight).toBe(2);
    expect(recipe.lambda).toBe(0.4);
  });
});
