/** Adapted coefficients as a recipe. */
import { taskArithmetic } from "../methods/task-arithmetic.ts";
import { startOf } from "../recipe/edit.ts";
import type { Recipe, Rule } from "../recipe/schema.ts";
import type { Coefficients } from "./adamerging.ts";

/** What a recipe can hold. */
const WEIGHT_RANGE = 2;

/**
 * Returns the recipe as task arithmetic with λ 1, no sparsifiers and the coefficients as weights, six decimals, −2…2.
 *
 * An expert's own weight is its coefficient, or the mean of its tensors', which then have one rule per value. Rules that
 * keep tensors stay; what others set is replaced, since the coefficients were found without it. Experts without
 * coefficients are switched off.
 */
export function toRecipe(recipe: Recipe, coefficients: Coefficients): Recipe {
  const byExpert = new Map(coefficients.map((found) => [found.expert, found]));
  const experts = recipe.experts.map((expert) => {
    const found = byExpert.get(expert.id);
    return found
      ? { ...expert, enabled: true, weight: meanWeight([...found.tensors.values()]) }
      : { ...expert, enabled: false };
  });
  const kept = recipe.rules.flatMap((rule): Rule[] =>
    rule.keep === undefined ? [] : [{ ...rule, set: {} }],
  );
  const weights = recipe.experts.flatMap(({ id }) => rulesOf(byExpert.get(id)));
  return { ...recipe, ...startOf(taskArithmetic), lambda: 1, experts, rules: [...kept, ...weights] };
}

function meanWeight(values: readonly number[]): number {
  const stored = values.map(storedWeight);
  return storedWeight(stored.reduce((sum, value) => sum + value, 0) / Math.max(1, stored.length));
}

/** One rule per value, in the order of first tensors; none where one value serves all. */
function rulesOf(found: Coefficients[number] | undefined): Rule[] {
  if (!found) return [];
  const { expert, tensors } = found;
  const names = new Map<number, string[]>();
  for (const [name, value] of tensors) {
    const weight = storedWeight(value);
    const same = names.get(weight);
    if (same) same.push(name);
    else names.set(weight, [name]);
  }
  if (names.size === 1) return [];
  return [...names].map(([weight, same]) => ({ match: { names: same }, experts: [expert], set: { weight } }));
}

function storedWeight(value: number): number {
  return Math.round(Math.min(WEIGHT_RANGE, Math.max(-WEIGHT_RANGE, value)) * 1e6) / 1e6 + 0;
}
