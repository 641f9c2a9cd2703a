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
  const parts = cards.length * experts.length > MANY_SITES ? 200 : 1e6;
  const edits = new Map<
    string,
    { readonly rate: number; readonly names: string[]; readonly experts: string[] }
  >();
  for (const expert of experts) {
    const scaled = (rate: number) => Math.round(Math.min(1, Math.max(0, rate * factor)) * parts) / parts;
    for (const [rate, names] of namesByRate(source, cards, expert, scaled)) {
      // Experts with the same rates at the same tensors share an edit, and so a rule.
      const key = [rate, ...names].join("\n");
      const edit = edits.get(key);
      if (edit) edit.experts.push(expert);
      else edits.set(key, { rate, names, experts: [expert] });
    }
  }
  let next = recipe;
  for (const edit of edits.values()) next = setTensorDensity(next, edit.names, edit.experts, 1 - edit.rate);
  return next;
}

function namesByRate(
  source: SiteSource,
  cards: readonly TensorCard[],
  expert: string,
  change: (rate: number) => number,
): ReadonlyMap<number, string[]> {
  const groups = new Map<number, string[]>();
  for (const card of cards) {
    const { rate } = siteView(source, card, [expert]);
    if (rate === undefined) continue;
    const group = groups.get(change(rate));
    if (group) group.push(card.name);
    else groups.set(change(rate), [card.name]);
  }
  return groups;
}

/** Takes back everything that was set by hand at these tensors. */
export function resetByHand(recipe: Recipe, names: readonly string[]): Recipe {
  const density = setTensorDensity(recipe, names, undefined, undefined);
  const weight = setTensorWeight(density, names, undefined, undefined);
  return setTensorKeep(setTensorLambda(weight, names, undefined), names, undefined);
}
