/** A recipe in one line of text, for tooltips, the pinned recipe and screen readers. */
import { methodCards, sparsifierCards } from "#core/catalog.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import type { LibraryCard } from "#core/summary.ts";
import type { Formats } from "./format.ts";

/** The name of a method, or its id where this version does not have it. */
export function methodLabel(id: string): string {
  return methodCards.find((card) => card.id === id)?.label ?? id;
}

/** The name of a sparsifier without what it says in brackets, or its id. */
export function sparsifierLabel(id: string): string {
  return (sparsifierCards.find((card) => card.id === id)?.label ?? id).replace(/\s*\(.*\)$/, "");
}

/** True when the method has a λ. */
export function hasLambda(id: string): boolean {
  return methodCards.find((card) => card.id === id)?.lambda !== "none";
}

/** The step that an expert of a recipe stands at: its own, or the library's last. */
export function stepOf(
  expert: Recipe["experts"][number],
  library: LibraryCard | undefined,
): number | undefined {
  return expert.step ?? library?.experts.find(({ id }) => id === expert.id)?.checkpoints.at(-1)?.step;
}

/** "TADrop → TIES × λ 0.40", the part after the experts. */
export function shortSentence(recipe: Recipe, format: Formats): string {
  const chain = recipe.sparsifiers.filter((use) => use.enabled).map((use) => sparsifierLabel(use.id));
  const method = methodLabel(recipe.method.id);
  const scale = hasLambda(recipe.method.id) ? ` × λ ${format.at(0.01, recipe.lambda)}` : "";
  return [...chain, method].join(" → ") + scale;
}
