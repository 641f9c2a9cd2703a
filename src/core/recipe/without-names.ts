/** A recipe that tells nothing of what its files are called. */
import { renameExperts } from "./rename.ts";
import type { ExpertId, Recipe } from "./schema.ts";
import type { RecipeInputs } from "./share.ts";

export interface NumberedExperts {
  readonly recipe: Recipe;
  /** Evidence is not described any more: its description names experts and tasks. */
  readonly inputs: RecipeInputs;
  /** Every expert's number, by the id that it had. */
  readonly names: ReadonlyMap<ExpertId, ExpertId>;
}

/** Numbers the experts in recipe order, from 1. Random masks are drawn by id, so they change with it. */
export function numberExperts(recipe: Recipe, inputs: RecipeInputs): NumberedExperts {
  const names = new Map(recipe.experts.map(({ id }, k) => [id, `expert-${k + 1}`]));
  const experts = Object.entries(inputs.experts).map(([id, input]) => [names.get(id) ?? id, input] as const);
  const { base, repairs } = inputs;
  return {
    recipe: renameExperts(recipe, names),
    inputs: { base, experts: Object.fromEntries(experts), ...(repairs && { repairs }) },
    names,
  };
}
