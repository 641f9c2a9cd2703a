import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultRecipe } from "./default.ts";
import { addRule } from "./edit.ts";
import {
  resetAll,
  resetTensor,
  setLocked,
  setTensorDensity,
  setTensorKeep,
  setTensorLambda,
  setTensorWeight,
} from "./edit-tensors.ts";
import { resolveRecipe } from "./resolve.ts";
import type { Recipe } from "./schema.ts";

const base = `sha256:${"0".repeat(64)}`;
const library = { base: { id: base }, experts: [{ id: "a" }, { id: "b" }, { id: "c" }] };
const recipe = defaultRecipe(library, "ties");
const names = ["t0", "t1", "t2", "t3"];
const tensors = names.map((name) => ({ name, role: "other" as const }));

/** Densities by tensor and expert. */
function densities(of: Recipe) {
  return resolveRecipe(of, tensors).tensors.map(({ sites }) => sites.map(({ density }) => density));
}

const someNames = fc.subarray(names, { minLength: 1 });
const someExperts = fc.option(fc.subarray(["a", "b", "c"], { minLength: 1 }), { nil: undefined });
const density = fc.option(fc.constantFrom(0.1, 0.2, 0.3), { nil: undefined });

test("after any sequence of edits, each site has what the newest edit about it said", () => {
  const step = fc.record({ tensors: someNames, experts: someExperts, density });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let edited = recipe;
      const expected = names.map(() => [undefined, undefined, undefined] as (number | undefined)[]);
      for (const { tensors: chosen, experts, density: value } of steps) {
        edited = setTensorDensity(edited, chosen, experts, value);
        for (const name of chosen) {
          for (const id of experts ?? ["a", "b", "c"]) {
            expected[names.indexOf(name)]["abc".indexOf(id)] = value;
          }
        }
      }
      expect(densities(edited)).toEqual(expected);
      expect(edited.rules.every(({ match }) => new Set(match.names).size === match.names?.length)).toBe(true);
    }),
  );
});

test("doing the same again gives back the same object", () => {
  fc.assert(
    fc.property(someNames, someExperts, density, someNames, (first, experts, value, second) => {
      const before = setTensorDensity(recipe, second, undefined, 0.7);
      const edited = setTensorDensity(before, first, experts, value);
      expect(setTensorDensity(edited, first, experts, value)).toBe(edited);
      const lambda = setTensorLambda(edited, first, value);
      expect(setTensorLambda(lambda, first, value)).toBe(lambda);
      const kept = setTensorKeep(lambda, first, "base");
      expect(setTensorKeep(kept, first, "base")).toBe(kept);
    }),
  );
});

test("dragging one slider leaves one rule, a bulk edit too", () => {
  let dragged = setTensorDensity(recipe, names, undefined, 0.5);
  expect(dragged.rules).toEqual([{ match: { names }, set: { density: 0.5 } }]);
  for (let i = 0; i < 100; i++) dragged = setTensorDensity(dragged, ["t1"], ["b"], i / 100);
  expect(dragged.rules).toEqual([
    { match: { names }, set: { density: 0.5 } },
    { match: { names: ["t1"] }, experts: ["b"], set: { density: 0.99 } },
  ]);
  for (const name of names) dragged = setTensorDensity(dragged, [name], undefined, 0.2);
  expect(dragged.rules).toEqual([{ match: { names }, set: { density: 0.2 } }]);
});

test("an edit by hand wins over rules that were there before", () => {
  const ruled = addRule(setTensorDensity(recipe, ["t0"], undefined, 0.5), {
    match: {},
    set: { density: 0.1 },
  });
  expect(densities(ruled)[0][0]).toBe(0.1);
  const again = setTensorDensity(ruled, ["t0"], undefined, 0.5);
  expect(densities(again).map(([first]) => first)).toEqual([0.5, 0.1, 0.1, 0.1]);
  expect(densities(resetTensor(again, "t0"))[0][0]).toBe(0.1);
});

test("giving one expert back to the rules keeps what the others have", () => {
  const edited = setTensorDensity(setTensorDensity(recipe, names, undefined, 0.5), ["t1"], ["b"], undefined);
  expect(densities(edited)).toEqual([
    [0.5, 0.5, 0.5],
    [0.5, undefined, 0.5],
    [0.5, 0.5, 0.5],
    [0.5, 0.5, 0.5],
  ]);
});

test("keys of the same tensor do not disturb each other", () => {
  let edited = setTensorKeep(setTensorLambda(recipe, ["t0", "t1"], 0.7), ["t1"], "a");
  edited = setTensorWeight(setTensorDensity(edited, ["t1"], ["c"], 0.4), ["t1"], ["c"], 2);
  const [, t1] = resolveRecipe(edited, tensors).tensors;
  expect(t1).toMatchObject({ lambda: 0.7, keep: "a" });
  expect(t1.sites[2]).toMatchObject({ density: 0.4, weight: 2 });
  const back = resolveRecipe(setTensorKeep(edited, ["t1"], undefined), tensors).tensors[1];
  expect(back).toMatchObject({ lambda: 0.7, keep: undefined });
  expect(resetTensor(edited, "t1").rules).toEqual([{ match: { names: ["t0"] }, set: { lambda: 0.7 } }]);
});

test("a reset of nothing, an edit of nothing and an edit for unknown experts change nothing", () => {
  expect(resetAll(recipe)).toBe(recipe);
  expect(resetTensor(recipe, "t0")).toBe(recipe);
  expect(setTensorDensity(recipe, [], undefined, 0.5)).toBe(recipe);
  expect(setTensorDensity(recipe, ["t0"], ["nobody"], 0.5)).toBe(recipe);
  expect(setTensorDensity(recipe, ["t0"], undefined, undefined)).toBe(recipe);
});

describe("a locked tensor", () => {
  const locked = setLocked(setTensorDensity(recipe, names, undefined, 0.5), ["t2"], true);

  test("stays as it is under bulk edits and resets, and can still be edited alone", () => {
    expect(densities(setTensorDensity(locked, names, undefined, 0.1))[2]).toEqual([0.5, 0.5, 0.5]);
    expect(densities(resetAll(locked))).toEqual([
      [undefined, undefined, undefined],
      [undefined, undefined, undefined],
      [0.5, 0.5, 0.5],
      [undefined, undefined, undefined],
    ]);
    expect(resetTensor(locked, "t2")).toBe(locked);
    expect(densities(setTensorDensity(locked, ["t2"], undefined, 0.1))[2]).toEqual([0.1, 0.1, 0.1]);
  });

  test("can be unlocked; locking twice changes nothing", () => {
    expect(setLocked(locked, ["t2"], true)).toBe(locked);
    expect(setLocked(locked, ["t2"], false).locks).toEqual([]);
    expect(setLocked(recipe, ["t2"], false)).toBe(recipe);
  });
});
