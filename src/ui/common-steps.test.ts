import { expect, test } from "vitest";
import { createAppStore } from "#app/store.ts";
import { chosenCommonStep, commonSteps, setCommonStep } from "./common-steps.ts";
import { fixtureLibrary, fixtureRecipe } from "./testing/fixture.ts";

const single = {
  id: "mine",
  label: "mine",
  source: "dropped" as const,
  checkpoints: [{ step: 0, file: "mine.safetensors" }],
  warnings: [],
};
const library = { ...fixtureLibrary(), experts: [...fixtureLibrary().experts, single] };
const recipe = {
  ...fixtureRecipe,
  experts: [...fixtureRecipe.experts, { id: "mine", enabled: true, weight: 1 }],
};

test("offers the steps that all trajectories share, short of the last", () => {
  expect(commonSteps(library)).toEqual([20, 40, 80, 160, 320, 640, 1280]);
});

test("leaves an expert without that checkpoint where it is", () => {
  const moved = setCommonStep(recipe, library, 80);
  expect(moved.experts.map((expert) => expert.step)).toEqual([80, 80, 80, 80, undefined]);
});

test("says which step all stand at, or that they differ", () => {
  const state = createAppStore().getState();
  const at = (change: typeof recipe) => chosenCommonStep({ ...state, library, recipe: change });
  expect(at(recipe)).toBe(320);
  const [, ...others] = recipe.experts;
  expect(at({ ...recipe, experts: [{ id: "digits", enabled: true, weight: 1 }, ...others] })).toBeUndefined();
  const last = recipe.experts.map(({ id, enabled, weight }) => ({ id, enabled, weight }));
  expect(at({ ...recipe, experts: last })).toBe("last");
});
