/** A recipe's experts among those that are open: by their ids, else by their content. */
import { renameExperts } from "./rename.ts";
import type { ContentId, ExpertId, Recipe } from "./schema.ts";
import type { RecipeInputs } from "./share.ts";

/** An open expert, as far as its contents are known. */
export interface OpenExpert {
  readonly id: ExpertId;
  readonly checkpoints: readonly { readonly id?: ContentId; readonly step: number }[];
}

/**
 * Returns the recipe under the names of what is open, so that one whose names were left out, or whose files have other
 * names here, finds its experts. Ids that are open stay; what is found nowhere stays too. Random masks are drawn by id
 * and change with it.
 */
export function findExperts(recipe: Recipe, inputs: RecipeInputs, open: readonly OpenExpert[]): Recipe {
  const taken = new Set(recipe.experts.map(({ id }) => id));
  const names = new Map<ExpertId, ExpertId>();
  const steps = new Map<ExpertId, number>();
  for (const { id } of recipe.experts) {
    const wanted = inputs.experts[id];
    if (!wanted || open.some((expert) => expert.id === id)) continue;
    for (const { id: here, checkpoints } of open) {
      const found = checkpoints.find((checkpoint) => checkpoint.id === wanted.id);
      if (!found || taken.has(here)) continue;
      taken.add(here);
      names.set(id, here);
      steps.set(id, found.step);
      break;
    }
  }
  if (names.size === 0) return recipe;
  const experts = recipe.experts.map((expert) => {
    const step = steps.get(expert.id);
    return step === undefined || expert.step === undefined ? expert : { ...expert, step };
  });
  return renameExperts({ ...recipe, experts }, names);
}
