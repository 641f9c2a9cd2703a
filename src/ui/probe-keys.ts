/** Whether the idle measurements on screen belong to the recipe on screen. */
import type { AppState } from "#app/store.ts";
import { setAllSteps, setLambda } from "#core/recipe/edit.ts";
import { recipeKey } from "#core/recipe/key.ts";
import type { Recipe } from "#core/recipe/schema.ts";

const stepKeys = new WeakMap<Recipe, string>();
const lambdaKeys = new WeakMap<Recipe, string>();

/** True while the accuracies over stop steps belong to another recipe. */
export function areStepProbesStale({ recipe, stepProbes }: AppState): boolean {
  return !recipe || stepProbes.key !== once(stepKeys, recipe, () => setAllSteps(recipe, undefined));
}

/** True while the accuracies over λ belong to another recipe. */
export function areLambdaProbesStale({ recipe, lambdaProbes }: AppState): boolean {
  return !recipe || lambdaProbes.key !== once(lambdaKeys, recipe, () => setLambda(recipe, 1));
}

/** Selectors run at every change of the state: a recipe's key is made once. */
function once(cache: WeakMap<Recipe, string>, recipe: Recipe, derive: () => Recipe): string {
  const known = cache.get(recipe);
  if (known !== undefined) return known;
  const key = recipeKey(derive());
  cache.set(recipe, key);
  return key;
}
