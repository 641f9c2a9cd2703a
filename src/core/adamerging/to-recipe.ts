/** Adapted coefficients as a recipe. */
import { taskArithmetic } from "../methods/task-arithmetic.ts";
import { withoutStrengths } from "../recipe/alone.ts";
import { startOf } from "../recipe/edit.ts";
import type { Recipe, Rule } from "../recipe/schema.ts";
import type { Coefficients } from "./adamerging.ts";

/** What a recipe can hold. */
const WEIGHT_RANGE = 2;

/**
 * Returns the recipe with λ 1 and the coefficients as weights, six decimals, −2…2: as task arithmetic without
 * sparsifiers, or with method, sparsifiers and rules of the recipe that the coefficients are of.
 *
 * An expert's own weight is its coefficient, or the mean of its tensors', which then have one rule per value. Rules that
 * keep tensors stay; what others set of weights and λ is replaced. Experts without coefficients are switched off.
 *
 * @param of the recipe whose vectors were scaled; absent = the experts' task vectors as they are
 */
export function toRecipe(recipe: Recipe, coefficients: Coefficients, of?: Recipe): Recipe {
  const byExpert = new Map(coefficients.map((found) => [found.expert, found]));
  const experts = recipe.experts.map((expert) => {
    const found = byExpert.get(expert.id);
    return found
      ? { ...expert, enabled: true, weight: meanWeight([...found.tensors.values()]) }
      : { ...expert, enabled: false };
  });
  const weights = recipe.experts.flatMap(({ id }) => rulesOf(byExpert.get(id)));
  const { rules, ...start } = of ? vectorsOf(of) : { ...startOf(taskArithmetic), rules: keepsOf(recipe) };
  return { ...recipe, ...start, lambda: 1, experts, rules: [...rules, ...weights] };
}

/** What decides about the vectors of a recipe, besides experts and steps. */
function vectorsOf({ method, sparsifiers, seed, locks, evidence, rules }: Recipe) {
  return { method, sparsifiers, seed, locks, evidence, rules: withoutStrengths(rules) };
}

function keepsOf({ rules }: Recipe): readonly Rule[] {
  return rules.flatMap((rule): Rule[] => (rule.keep === undefined ? [] : [{ ...rule, set: {} }]));
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
