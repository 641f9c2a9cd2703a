/** What a recipe reads and gives, by content, so that anyone can check a repetition. */
import type { Context } from "../context.ts";
import type { Merger } from "../merge/merger.ts";
import { openExperts } from "../merge/open.ts";
import type { ModelLibrary } from "../model/library.ts";
import { neededEvidence } from "../recipe/needs.ts";
import type { ContentId, Recipe } from "../recipe/schema.ts";
import type { RecipeInputs } from "../recipe/share.ts";
import { mergeWhole, type StoredLibrary } from "./merged-weights.ts";

/** `inputs` and `output` of a saved recipe; a recipe that gives a model per task has no one output. */
export interface RecipeSeal {
  readonly inputs: RecipeInputs;
  readonly output?: ContentId;
}

/** Hashes the checkpoints that the recipe reads, and the merged tensors. @throws what merging throws */
export async function sealRecipe(
  library: StoredLibrary,
  merger: Merger,
  recipe: Recipe,
  context: Context,
): Promise<RecipeSeal> {
  const inputs = await inputsOf(library, recipe);
  if (merger.rowTasks(recipe)) return { inputs };
  const { content } = await mergeWhole(library, merger, recipe, undefined, context);
  return { inputs, output: content };
}

/** The contents of what a recipe reads. @throws AppError recipe/… of opening */
export async function inputsOf(library: ModelLibrary, recipe: Recipe): Promise<RecipeInputs> {
  const { all } = await openExperts(recipe, library);
  const experts: RecipeInputs["experts"] = {};
  for (const { id, step } of recipe.experts) {
    const checkpoint = all.get(id);
    if (checkpoint) experts[id] = { step: step ?? library.expert(id)?.steps.at(-1) ?? 0, id: checkpoint.id };
  }
  const evidence = neededEvidence(recipe).flatMap(({ id }) => {
    const about = id === undefined ? undefined : library.evidence(id)?.about;
    return id === undefined || about === undefined ? [] : [{ id, about }];
  });
  const repairs = [library.base, ...all.values()].flatMap(({ id, repair }) =>
    repair ? [{ id, from: repair.from, by: repair.by }] : [],
  );
  return {
    base: library.base.id,
    experts,
    ...(evidence.length > 0 && { evidence }),
    ...(repairs.length > 0 && { repairs }),
  };
}
