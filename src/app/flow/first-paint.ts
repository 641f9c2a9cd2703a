/** What is on screen before the workers have read a family: its shipped results. */
import { setAllSteps } from "#core/recipe/edit.ts";
import { recipeKey } from "#core/recipe/key.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import type { ShippedResults } from "#core/shipped.ts";
import type { AppStore } from "../store.ts";
import { tell } from "../tell.ts";
import { adopt, misfitOf } from "./recipes.ts";

/**
 * The zoo's own results stand in until the workers answer, under the wanted recipe if its experts are all here. What it
 * may name beside them comes back only then.
 */
export function showShipped(store: AppStore, shipped: ShippedResults, wanted: Recipe | undefined): void {
  const { setLibrary, patchRuns, putReport, putStats } = store.getState();
  setLibrary(shipped.library, "shipped");
  const isWhole = wanted !== undefined && misfitOf(shipped.library, wanted) === undefined;
  store.getState().setRecipe(isWhole ? wanted : shipped.recipe);
  patchRuns({
    summary: shipped.summary,
    trajectories: Object.fromEntries(Object.entries(shipped.own).map(([expert, own]) => [expert, { own }])),
    stepProbes: { key: recipeKey(setAllSteps(shipped.recipe, undefined)), points: shipped.steps },
    shownKey: shipped.report.recipeKey,
    againstAverage: { key: shipped.report.recipeKey, tasks: shipped.againstAverage },
  });
  putStats(shipped.stats);
  putReport(shipped.report);
}

/** Takes the wanted recipe if it fits, else tells why and takes the other. */
export function takeRecipe(store: AppStore, wanted: Recipe | undefined, other: Recipe): void {
  try {
    adopt(store, wanted ?? other);
  } catch (error) {
    tell(store, error);
    store.getState().setRecipe(other);
  }
}
