/** Pure edits that make a recipe a plain sum of scaled task vectors. */
import { taskArithmetic } from "../methods/task-arithmetic.ts";
import { startOf } from "./edit.ts";
import type { ExpertId, Recipe } from "./schema.ts";

/**
 * Returns the recipe as θ0 + λ Σ weight · τ: task arithmetic without sparsifiers and rules. Experts without a weight are
 * switched off; λ and weights are kept within −2…2.
 */
export function scaleVectors(recipe: Recipe, weights: ReadonlyMap<ExpertId, number>, lambda: number): Recipe {
  const experts = recipe.experts.map((expert) => {
    const weight = weights.get(expert.id);
    return weight === undefined
      ? { ...expert, enabled: false }
      : { ...expert, enabled: true, weight: stored(weight) };
  });
  const missing = [...weights.keys()].filter((id) => experts.every((expert) => expert.id !== id));
  const added = missing.map((id) => ({ id, enabled: true, weight: stored(weights.get(id) ?? 0) }));
  return {
    ...recipe,
    ...startOf(taskArithmetic),
    lambda: stored(lambda),
    experts: [...experts, ...added],
    rules: [],
  };
}

function stored(value: number): number {
  return Number(Math.min(2, Math.max(-2, value)).toFixed(6)) + 0;
}
