import { describe, expect, test } from "vitest";
import { resolveRecipe } from "./resolve.ts";
import { type Recipe, type Role, recipe as recipeSchema } from "./schema.ts";

const tensors = [
  { name: "blocks.0.attn.weight", role: "attention" },
  { name: "blocks.0.mlp.weight", role: "mlp" },
  { name: "blocks.1.attn.weight", role: "attention" },
  { name: "blocks.1.norm.bias", role: "norm" },
] as const satisfies readonly { name: string; role: Role }[];

function withRules(rules: readonly object[], change: Partial<Recipe> = {}): Recipe {
  return recipeSchema.parse({
    version: 1,
    base: `sha256:${"0".repeat(64)}`,
    seed: 0,
    outDtype: "f32",
    method: { id: "task-arithmetic", params: {} },
    sparsifiers: [],
    experts: [
      { id: "a", enabled: true, weight: 1 },
      { id: "b", enabled: false, weight: 0.5 },
    ],
    lambda: 0.3,
    rules,
    ...change,
  });
}

const resolve = (rules: readonly object[]) => resolveRecipe(withRules(rules), tensors);

test("without rules every tensor has the global λ and every site its expert's weight", () => {
  const { tensors: resolved, warnings } = resolve([]);
  expect(resolved.map(({ lambda, keep }) => [lambda, keep])).toEqual(Array(4).fill([0.3, undefined]));
  expect(resolved[2].sites.map(({ weight, density }) => [weight, density])).toEqual([
    [1, undefined],
    [0.5, undefined],
  ]);
  expect(warnings).toEqual([]);
});

test("later rules win, key by key", () => {
  const { tensors: resolved } = resolve([
    { match: { role: "attention" }, set: { lambda: 0.5, density: 0.1 } },
    { match: { glob: "blocks.1.**" }, set: { density: 0.2, weight: 2 } },
    { match: { names: ["blocks.1.attn.weight"] }, experts: ["b"], set: { density: 0.7 } },
  ]);
  expect(resolved.map((tensor) => [tensor.lambda, tensor.lambdaRule])).toEqual([
    [0.5, 0],
    [0.3, undefined],
    [0.5, 0],
    [0.3, undefined],
  ]);
  expect(resolved[0].sites[0]).toMatchObject({ density: 0.1, densityRule: 0, weight: 1 });
  expect(resolved[2].sites).toMatchObject([
    { density: 0.2, densityRule: 1, weight: 2, weightRule: 1 },
    { density: 0.7, densityRule: 2, weight: 2, weightRule: 1 },
  ]);
});

test("all conditions of a match must hold", () => {
  const { tensors: resolved } = resolve([
    { match: { glob: "blocks.0.**", role: "mlp" }, set: { density: 0.1 } },
    {
      match: { names: ["blocks.0.mlp.weight", "blocks.1.attn.weight"], role: "attention" },
      set: { lambda: 1 },
    },
    { match: { names: ["blocks.0.mlp.weight", "nowhere"], glob: "**.mlp.*" }, keep: "base" },
  ]);
  expect(resolved.map(({ sites }) => sites[0].density)).toEqual([undefined, 0.1, undefined, undefined]);
  expect(resolved.map(({ lambda }) => lambda)).toEqual([0.3, 0.3, 1, 0.3]);
  expect(resolved.map(({ keep }) => keep)).toEqual([undefined, "base", undefined, undefined]);
});

test("λ and keep belong to the tensor, whatever experts the rule is for", () => {
  const { tensors: resolved } = resolve([
    { match: {}, experts: ["b"], set: { lambda: 1, weight: 0 }, keep: "a" },
  ]);
  expect(resolved[0]).toMatchObject({ lambda: 1, keep: "a", keepRule: 0 });
  expect(resolved[0].sites.map(({ weight }) => weight)).toEqual([1, 0]);
});

test("sparsifier parameters are overridden where a rule says so", () => {
  const { tensors: resolved } = resolve([
    { match: { role: "mlp" }, set: { "magnitude.density": 0.5, "tadrop.sMax": 0.9 } },
    { match: { role: "mlp" }, experts: ["a"], set: { "magnitude.density": 0.6 } },
  ]);
  expect(resolved[1].sites.map(({ overrides }) => overrides)).toEqual([
    { "magnitude.density": 0.6, "tadrop.sMax": 0.9 },
    { "magnitude.density": 0.5, "tadrop.sMax": 0.9 },
  ]);
  expect(resolved[0].sites[0].overrides).toBeUndefined();
});

describe("warns of", () => {
  test("rules that match nothing", () => {
    const { warnings } = resolve([
      { match: { glob: "block.*" }, set: { lambda: 1 } },
      { match: {}, experts: ["c"], set: { weight: 1 } },
    ]);
    expect(warnings.map(({ code, details }) => [code, details.rule])).toEqual([
      ["rule/no-match", 0],
      ["rule/no-match", 1],
    ]);
  });

  test("rules that later ones hide wholly, and only those", () => {
    const { warnings } = resolve([
      { match: { role: "attention" }, set: { density: 0.1 } },
      { match: { role: "attention" }, set: { density: 0.1, lambda: 1 } },
      { match: { role: "mlp" }, experts: ["a"], set: { density: 0.1 } },
      { match: {}, experts: ["b"], set: { density: 0.2 } },
      { match: { role: "attention" }, experts: ["a"], set: { density: 0.2 } },
    ]);
    expect(warnings.map(({ code, details }) => [code, details.rule])).toEqual([["rule/shadowed", 0]]);
  });
});
