import { expect, test } from "vitest";
import { defaultRecipe } from "./default.ts";
import * as edit from "./edit.ts";
import { removeEvidence, setEvidence } from "./edit-evidence.ts";
import { parseRecipe } from "./parse.ts";

const one = `sha256:${"1".repeat(64)}`;
const two = `sha256:${"2".repeat(64)}`;
const recipe = defaultRecipe({ base: { id: one }, experts: [{ id: "a" }, { id: "b" }] }, "ties");

test("an expert has one piece of evidence of each kind, and loses it when it leaves", () => {
  let named = setEvidence(setEvidence(recipe, "mask", "a", one), "fisher", "a", one);
  named = setEvidence(setEvidence(named, "mask", "b", two), "mask", "a", two);
  expect(named.evidence).toEqual([
    { kind: "mask", expert: "a", id: two },
    { kind: "fisher", expert: "a", id: one },
    { kind: "mask", expert: "b", id: two },
  ]);
  expect(edit.removeExpert(named, "a").evidence).toEqual([{ kind: "mask", expert: "b", id: two }]);
  expect(removeEvidence(named, "mask", "a").evidence).toHaveLength(2);
  expect(parseRecipe(JSON.parse(JSON.stringify(named)))).toEqual(named);
});

test("edits that change nothing give back the same recipe", () => {
  const named = setEvidence(recipe, "mask", "a", one);
  expect(setEvidence(named, "mask", "a", one)).toBe(named);
  expect(setEvidence(named, "mask", "nobody", one)).toBe(named);
  expect(removeEvidence(named, "gram", "a")).toBe(named);
});

test("a recipe of before has none; two of a kind and strangers are refused", () => {
  const { evidence: _, ...older } = recipe;
  expect(parseRecipe(older)).toEqual(recipe);
  const mask = { kind: "mask", expert: "a", id: one };
  expect(() => parseRecipe({ ...recipe, evidence: [mask, mask] })).toThrow("two of kind “mask” about “a”");
  expect(() => parseRecipe({ ...recipe, evidence: [{ ...mask, expert: "c" }] })).toThrow(
    "no expert of the recipe",
  );
  expect(() => parseRecipe({ ...recipe, evidence: [{ ...mask, kind: "vibes" }] })).toThrow("evidence.0.kind");
});
