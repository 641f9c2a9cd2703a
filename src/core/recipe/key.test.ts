import { describe, expect, test } from "vitest";
import { defaultRecipe } from "./default.ts";
import * as edit from "./edit.ts";
import { setEvidence } from "./edit-evidence.ts";
import { setLocked, setTensorDensity, setTensorLambda } from "./edit-tensors.ts";
import { canonical, recipeKey } from "./key.ts";
import { neededEvidence } from "./needs.ts";
import type { Recipe } from "./schema.ts";

const base = `sha256:${"0".repeat(64)}`;
const library = { base: { id: base }, experts: [{ id: "a" }, { id: "b" }] };
const recipe = defaultRecipe(library, "ties");

describe("has the same key after what changes no result:", () => {
  const off = edit.setExpertEnabled(recipe, "b", false);
  const linear = edit.setMethod(recipe, "linear");
  const dared = edit.toggleSparsifier(edit.addSparsifier(recipe, "dare"), 1, false);
  const same: readonly [what: string, one: Recipe, other: Recipe][] = [
    ["a disabled sparsifier", recipe, dared],
    ["a disabled expert's weight", off, edit.setExpertWeight(off, "b", 0.5)],
    ["a disabled expert's rules", off, setTensorDensity(off, ["t"], ["b"], 0.5)],
    [
      "a rule for a sparsifier that is not there",
      recipe,
      edit.addRule(recipe, { match: {}, set: { "dare.density": 0.2 } }),
    ],
    ["an empty rule", recipe, edit.addRule(recipe, { match: { glob: "x" }, set: {} })],
    ["λ where there is none", linear, setTensorLambda(edit.setLambda(linear, 0.2), ["t"], 1)],
    [
      "a rule that names all experts",
      edit.addRule(recipe, { match: {}, set: { weight: 2 } }),
      edit.addRule(recipe, { match: {}, experts: ["b", "a"], set: { weight: 2 } }),
    ],
    [
      "the order of names",
      setTensorDensity(recipe, ["s", "t"], undefined, 0.5),
      setTensorDensity(recipe, ["t", "s"], undefined, 0.5),
    ],
    ["left-out defaults", recipe, { ...recipe, method: { id: "ties", params: {} } }],
    [
      "a copy with other key order",
      recipe,
      JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(recipe).reverse()))),
    ],
    ["minus zero", edit.setLambda(recipe, 0), { ...recipe, lambda: -0 }],
  ];
  test.each(same)("%s", (_, one, other) => {
    expect(recipeKey(other)).toBe(recipeKey(one));
  });

  test("locks where no sparsifier matches a budget", () => {
    const bare = edit.setMethod(recipe, "task-arithmetic");
    expect(recipeKey(setLocked(bare, ["t"], true))).toBe(recipeKey(bare));
    const budgeted = edit.setSparsifierParam(edit.addSparsifier(bare, "tadrop"), 0, "budget", true);
    expect(recipeKey(setLocked(budgeted, ["t"], true))).not.toBe(recipeKey(budgeted));
  });
});

test("every change that may change a result changes the key", () => {
  const recipes = [
    recipe,
    edit.setLambda(recipe, 0.999),
    edit.setSeed(recipe, 1),
    edit.setOutDtype(recipe, "f16"),
    edit.setMethod(recipe, "task-arithmetic"),
    edit.setSparsifierParam(recipe, 0, "density", 0.200001),
    edit.addSparsifier(recipe, "dare"),
    edit.addSparsifier(recipe, "dare", 0),
    edit.toggleSparsifier(recipe, 0),
    edit.setExpertStep(recipe, "a", 10),
    edit.setExpertStep(recipe, "b", 10),
    edit.setExpertWeight(recipe, "a", 0.5),
    edit.setExpertEnabled(recipe, "a", false),
    edit.removeExpert(recipe, "b"),
    setTensorDensity(recipe, ["t"], undefined, 0.2),
    setTensorDensity(recipe, ["t"], ["a"], 0.2),
    setTensorDensity(recipe, ["s"], ["a"], 0.2),
    edit.addRule(recipe, { match: {}, set: {}, keep: "base" }),
    edit.addRule(recipe, { match: {}, set: {}, keep: "a" }),
    edit.addRule(recipe, { match: { role: "mlp" }, set: {}, keep: "a" }),
    edit.addRule(recipe, { match: {}, set: { "magnitude.density": 0.2 } }),
    { ...recipe, base: `sha256:${"1".repeat(64)}` },
    { ...recipe, experts: recipe.experts.toReversed() },
  ];
  expect(new Set(recipes.map(recipeKey)).size).toBe(recipes.length);
});

describe("evidence", () => {
  const one = `sha256:${"1".repeat(64)}`;
  const two = `sha256:${"2".repeat(64)}`;
  const fisher = edit.setMethod(recipe, "fisher");

  test("changes the key of a recipe that reads it, in any order", () => {
    const both = setEvidence(setEvidence(fisher, "fisher", "a", one), "fisher", "b", two);
    const back = setEvidence(setEvidence(fisher, "fisher", "b", two), "fisher", "a", one);
    expect(recipeKey(back)).toBe(recipeKey(both));
    const other = setEvidence(both, "fisher", "a", two);
    expect(new Set([fisher, both, other].map(recipeKey)).size).toBe(3);
    const off = edit.setExpertEnabled(both, "b", false);
    expect(recipeKey(setEvidence(off, "fisher", "b", one))).toBe(recipeKey(off));
  });

  test("changes no key where nothing reads it", () => {
    const masked = setEvidence(recipe, "mask", "a", one);
    expect(recipeKey(masked)).toBe(recipeKey(recipe));
    expect(canonical(masked)).not.toHaveProperty("evidence");
  });

  test("is read where a rule turns a sparsifier to it", () => {
    const stitched = setEvidence(edit.setMethod(recipe, "localize-and-stitch"), "mask", "a", one);
    const rule = { match: { role: "mlp" as const }, set: { "localize.masks": "trained" } };
    const ruled = edit.addRule(stitched, rule);
    expect(canonical(stitched)).not.toHaveProperty("evidence");
    expect(canonical(ruled).evidence).toEqual([{ kind: "mask", expert: "a", id: one }]);
    expect(neededEvidence(ruled)).toMatchObject([{ expert: "a" }, { expert: "b", id: undefined }]);
  });
});

test("a disabled expert stays in the key while tensors are kept from it", () => {
  const kept = edit.addRule(edit.setExpertEnabled(recipe, "b", false), { match: {}, set: {}, keep: "b" });
  expect(recipeKey(edit.setExpertStep(kept, "b", 10))).not.toBe(recipeKey(kept));
  expect(canonical(kept).experts).toEqual([
    { id: "a", weight: 1 },
    { id: "b", enabled: false },
  ]);
});

test("is 32 hex digits", () => {
  expect(recipeKey(recipe)).toMatch(/^[0-9a-f]{32}$/);
});
