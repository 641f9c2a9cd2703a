import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { presets } from "../catalog.ts";
import { defaultRecipe } from "./default.ts";
import * as edit from "./edit.ts";
import { builtIn } from "./registry.ts";
import type { Recipe } from "./schema.ts";

const base = `sha256:${"0".repeat(64)}`;
const library = { base: { id: base }, experts: [{ id: "a" }, { id: "b" }, { id: "c" }] };
const recipe = defaultRecipe(library, "ties");

function by<T>(values: fc.Arbitrary<T>, change: (recipe: Recipe, value: T) => Recipe) {
  return values.map((value) => (current: Recipe) => change(current, value));
}

const step = fc.constantFrom(10, 20, undefined);
const id = fc.constantFrom("a", "b", "zz");
const number = fc.double({ min: -3, max: 3, noNaN: true });

/** Edits that may be repeated, with arguments that hold for any recipe. */
const edits = fc.oneof(
  by(number, edit.setLambda),
  by(fc.nat(), edit.setSeed),
  by(fc.constantFrom("f32", "f16", "bf16", "base" as const), edit.setOutDtype),
  by(fc.constantFrom(...builtIn.methods), (r, method) => edit.setMethod(r, method.id)),
  by(fc.constantFrom(...presets), (r, preset) => edit.applyPreset(r, preset)),
  by(fc.boolean(), (r, on) => edit.toggleSparsifier(r, 0, on)),
  by(fc.tuple(id, step), (r, [who, when]) => edit.setExpertStep(r, who, when)),
  by(fc.tuple(id, number), (r, [who, weight]) => edit.setExpertWeight(r, who, weight)),
  by(fc.tuple(id, fc.boolean()), (r, [who, on]) => edit.setExpertEnabled(r, who, on)),
  by(id, edit.addExpert),
  by(id, edit.removeExpert),
  by(step, edit.setAllSteps),
);

test("doing the same edit again changes nothing and gives back the same object", () => {
  fc.assert(
    fc.property(fc.array(edits, { minLength: 1, maxLength: 6 }), (changes) => {
      const made = changes.reduce((current, change) => change(current), recipe);
      const last = changes[changes.length - 1];
      expect(last(made)).toBe(made);
    }),
  );
});

test("no edit changes the recipe it is given", () => {
  const before = JSON.stringify(recipe);
  fc.assert(
    fc.property(edits, (change) => {
      change(recipe);
      expect(JSON.stringify(recipe)).toBe(before);
    }),
  );
});

test("a new method brings its own chain and λ and keeps experts and rules", () => {
  const edited = edit.setExpertStep(edit.addRule(recipe, { match: {}, set: { density: 0.5 } }), "b", 40);
  const other = edit.setMethod(edited, "task-arithmetic");
  expect(other.lambda).toBe(0.3);
  expect(other.sparsifiers).toEqual([]);
  expect(other.experts).toBe(edited.experts);
  expect(other.rules).toBe(edited.rules);
});

test("values beyond the ends of a slider stop there", () => {
  expect(edit.setLambda(recipe, 7).lambda).toBe(2);
  expect(edit.setLambda(recipe, 0.1 + 0.2).lambda).toBe(0.3);
  expect(Object.is(edit.setLambda(recipe, -0).lambda, 0)).toBe(true);
  expect(edit.setExpertWeight(recipe, "a", -9).experts[0].weight).toBe(-2);
});

describe("the chain", () => {
  const chain = edit.addSparsifier(edit.addSparsifier(recipe, "dare"), "tadrop", 0);
  const ids = (r: Recipe) => r.sparsifiers.map(({ id }) => id);

  test("takes sparsifiers at any place, moves them and lets them go", () => {
    expect(ids(chain)).toEqual(["tadrop", "magnitude", "dare"]);
    expect(ids(edit.moveSparsifier(chain, 2, 0))).toEqual(["dare", "tadrop", "magnitude"]);
    expect(ids(edit.moveSparsifier(chain, 0, 99))).toEqual(["magnitude", "dare", "tadrop"]);
    expect(ids(edit.removeSparsifier(chain, 1))).toEqual(["tadrop", "dare"]);
    expect(edit.moveSparsifier(chain, 1, 1)).toBe(chain);
    expect(edit.removeSparsifier(chain, 3)).toBe(chain);
  });

  test("checks parameters against their sparsifier", () => {
    expect(edit.setSparsifierParam(chain, 1, "density", 0.5).sparsifiers[1].params.density).toBe(0.5);
    expect(edit.setSparsifierParam(chain, 1, "density", chain.sparsifiers[1].params.density)).toBe(chain);
    expect(() => edit.setSparsifierParam(chain, 1, "density", 2)).toThrow(/0 to 1/);
    expect(() => edit.setSparsifierParam(chain, 1, "dens", 0.5)).toThrow(/density/);
  });
});

test("an expert that goes takes its rules along", () => {
  let ruled = edit.addRule(recipe, { match: {}, experts: ["a"], set: { density: 0.1 } });
  ruled = edit.addRule(ruled, { match: {}, experts: ["a", "b"], set: { density: 0.2 } });
  ruled = edit.addRule(ruled, { match: {}, experts: ["a"], set: { lambda: 1, density: 0.3 } });
  ruled = edit.addRule(ruled, { match: {}, set: {}, keep: "a" });
  ruled = edit.addRule(ruled, { match: {}, set: { density: 0.4 }, keep: "base" });
  const left = edit.removeExpert(ruled, "a");
  expect(left.experts.map(({ id }) => id)).toEqual(["b", "c"]);
  expect(left.rules).toEqual([
    { match: {}, experts: ["b"], set: { density: 0.2 } },
    { match: {}, set: { lambda: 1 } },
    { match: {}, set: { density: 0.4 }, keep: "base" },
  ]);
});
