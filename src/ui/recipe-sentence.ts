/** A recipe in one line of text, for tooltips, the pinned recipe and screen readers. */
import { methodCards, sparsifierCards } from "#core/catalog.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import type { Formats } from "./format.ts";

/** The name of a method, or its id where this version does not have it. */
function methodLabel(id: string): string {
  return methodCards.find((card) => card.id === id)?.label ?? id;
}

/** The name of a card without what it says in brackets, or its id where there is none. */
export function shortLabel(
  cards: readonly { readonly id: string; readonly label: string }[],
  id: string,
): string {
  return (cards.find((card) => card.id === id)?.label ?? id).replace(/\s*[(（].*[)）]$/, "");
}

/** True when the method has a λ. */
function hasLambda(id: string): boolean {
  return methodCards.find((card) => card.id === id)?.lambda !== "none";
}

/** "TADrop → TIES × λ 0.40", the part after the experts. */
export function shortSentence(recipe: Recipe, format: Formats): string {
  const chain = recipe.sparsifiers
    .filter((use) => use.enabled)
    .map((use) => shortLabel(sparsifierCards, use.id));
  const method = methodLabel(recipe.method.id);
  const scale = hasLambda(recipe.method.id) ? ` × λ ${format.at(0.01, recipe.lambda)}` : "";
  return [...chain, method].join(" → ") + scale;
}
