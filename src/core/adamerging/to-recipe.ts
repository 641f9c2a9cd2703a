/** Adapted coefficients as a recipe. */
import { taskArithmetic } from "../methods/task-arithmetic.ts";
import { startOf } from "../recipe/edit.ts";
import type { ExpertId, Recipe, Rule } from "../recipe/schema.ts";
import type { Coefficients } from "./adamerging.ts";

/** What a recipe can hold. */
const WEIGHT_RANGE = 2;

/**
 * Returns the recipe as task arithmetic with λ 1, no sparsifiers and the coefficients as weights, six decimals, −2…2.
 *
 * An expert with one coefficient gets it as its weight, others one rule per value. Rules that keep tensors stay; what
 * others set is replaced, since the coefficients were found without it. Experts without coefficients are switched off.
 */
export function toRecipe(recipe: Recipe, coefficients: Coefficients): Recipe {
  const byExpert = new Map(coefficients.map(({ expert, tensors }) => [expert, tensors]));
  const experts = recipe.experts.map((expert) => {
    const tensors = byExpert.get(expert.id);
    const values = new Set([...(tensors?.values() ?? [])].map(storedWeight));
    const [only] = values;
    if (!tensors) return { ...expert, enabled: false };
    return { ...expert, enabled: true, weight: values.size === 1 && only !== undefined ? only : 1 };
  });
  const present = new Set(experts.map(({ id }) => id));
  const kept = recipe.rules.flatMap((rule): Rule[] =>
    rule.keep === undefined ? [] : [{ ...rule, set: {} }],
  );
  const weights = coefficients.filter(({ expert }) => present.has(expert)).flatMap(rulesOf);
  const rules = [...kept, ...weights];
  return { ...recipe, ...startOf(taskArithmetic), sparsifiers: [], lambda: 1, experts, rules };
}

/** One rule per value, in the order of first tensors; none where one value serves all. */
function rulesOf({ expert, tensors }: Coefficients[number]): Rule[] {
  const names = new Map<number, string[]>();
  for (const [name, value] of tensors) {
    const weight = storedWeight(value);
    const same = names.get(weight);
    if (same) same.push(name);
    else names.set(weight, [name]);
  }
  if (names.size === 1) return [];
  return [...names].map(([weight, same]) => rule(expert, same, weight));
}

function rule(expert: ExpertId, names: string[], weight: number): Rule {
  return { match: { names }, experts: [expert], set: { weight } };
}

function storedWeight(value: number): number {
  return Math.round(Math.min(WEIGHT_RANGE, Math.max(-WEIGHT_RANGE, value)) * 1e6) / 1e6 + 0;
}
