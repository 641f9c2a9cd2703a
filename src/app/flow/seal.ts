/** The recipe on screen as it leaves the page: with the contents of its inputs, and without names where they are hidden. */
import type { ExpertId, Recipe } from "#core/recipe/schema.ts";
import type { RecipeInputs } from "#core/recipe/share.ts";
import { numberExperts } from "#core/recipe/without-names.ts";
import type { Session } from "../session.ts";

export interface SealedRecipe {
  readonly recipe: Recipe;
  readonly inputs: RecipeInputs;
  /** Content of the merged tensors; a recipe that gives a model per task has no one output. */
  readonly output?: string | undefined;
  /** Where names are hidden: what stands for every expert's. */
  readonly names?: ReadonlyMap<ExpertId, ExpertId>;
}

/** Hashes what the recipe reads and gives; undefined before there is a recipe. @throws what merging throws */
export async function sealRecipe(
  { engine, store }: Session,
  signal: AbortSignal,
): Promise<SealedRecipe | undefined> {
  const { recipe, hideNames } = store.getState();
  if (!recipe) return undefined;
  const seal = await engine.models({ signal }, (api, job) => api.seal(job, recipe));
  if (!hideNames) return { recipe, ...seal };
  return { output: seal.output, ...numberExperts(recipe, seal.inputs) };
}
