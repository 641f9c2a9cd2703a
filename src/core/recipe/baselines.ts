/** The baselines that every chart carries, as recipes: they are merged, evaluated and cached like any other. */
import type { ExpertId, Recipe } from "./schema.ts";

/** The base itself: task arithmetic at λ = 0. */
export function baseRecipe(recipe: Recipe): Recipe {
  return { ...plain(recipe), method: { id: "task-arithmetic", params: {} }, lambda: 0 };
}

/** The simple average of the recipe's enabled experts at the recipe's stop steps. */
export function averageRecipe(recipe: Recipe): Recipe {
  const experts = recipe.experts
    .filter((expert) => expert.enabled)
    .map((expert) => ({ ...expert, weight: 1 }));
  return { ...plain(recipe), method: { id: "linear", params: {} }, experts };
}

/** One expert alone, at a step or at its last checkpoint. */
export function expertRecipe(recipe: Recipe, id: ExpertId, step?: number): Recipe {
  const expert = { id, enabled: true, weight: 1, ...(step === undefined ? {} : { step }) };
  return { ...plain(recipe), method: { id: "linear", params: {} }, experts: [expert] };
}

function plain(recipe: Recipe): Recipe {
  return { ...recipe, seed: 0, outDtype: "f32", lambda: 1, sparsifiers: [], rules: [], evidence: [] };
}
