/** Edits of many tensors at once, each one recipe edit and so one entry of the history. */
import {
  setTensorDensity,
  setTensorKeep,
  setTensorLambda,
  setTensorWeight,
} from "#core/recipe/edit-tensors.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import type { TensorCard } from "#core/summary.ts";
import { isLocked, type SiteSource, siteView } from "./tensor-sites.ts";

/** Sites beyond which scaled rates are rounded to half percents, so that equal ones share a rule. */
const MANY_SITES = 600;

/** The unlocked ones of some tensors; bulk edits leave the others alone. */
export function unlocked(recipe: Recipe | undefined, cards: readonly TensorCard[]): readonly TensorCard[] {
  return cards.filter(({ name }) => !isLocked(recipe, name));
}

/** Multiplies the drop rates that are in force by a factor; each stays in 0…1. Sites without a rate yet stay. */
export function scaleRates(
  recipe: Recipe,
  source: SiteSource,
  cards: readonly TensorCard[],
  experts: readonly string[],
  factor: number,
): Recipe {
  const digits = cards.length * experts.length > MANY_SITES ? 200 : 1e6;
  let next = recipe;
  for (const expert of experts) {
    const groups = new Map<number, string[]>();
    for (const card of cards) {
      const { rate } = siteView(source, card, [expert]);
      if (rate === undefined) continue;
      const scaled = Math.round(Math.min(1, Math.max(0, rate * factor)) * digits) / digits;
      const group = groups.get(scaled);
      if (group) group.push(card.name);
      else groups.set(scaled, [card.name]);
    }
    for (const [rate, names] of groups) next = setTensorDensity(next, names, [expert], 1 - rate);
  }
  return next;
}

/** Takes back everything that was set by hand at these tensors. */
export function resetByHand(recipe: Recipe, names: readonly string[]): Recipe {
  const density = setTensorDensity(recipe, names, undefined, undefined);
  const weight = setTensorWeight(density, names, undefined, undefined);
  return setTensorKeep(setTensorLambda(weight, names, undefined), names, undefined);
}
