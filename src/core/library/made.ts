/** How one model was merged: what its file says, and what files of its descendants repeat. */
import { z } from "zod";
import { type ContentId, type ExpertId, expertId, type Recipe } from "../recipe/schema.ts";
import type { RecipeInputs } from "../recipe/share.ts";
import { numberExperts } from "../recipe/without-names.ts";

export interface Made {
  readonly recipe: Recipe;
  readonly inputs: RecipeInputs;
  /** Content of the merged tensors. */
  readonly output: ContentId;
  /** Where a recipe gives one model per task: the expert whose task it is, and the task. */
  readonly expert?: ExpertId | undefined;
  readonly task?: string | undefined;
  /** Names of the files that were merged; undefined when they are hidden. */
  readonly names?: FileNames | undefined;
}

export const fileNames = z.strictObject({
  base: z.string().max(1000),
  experts: z.record(expertId, z.string().max(1000)),
});
export type FileNames = z.infer<typeof fileNames>;

/** The same without anything that comes from a file's name: experts are numbered, tasks and evidence not described. */
export function madeWithoutNames({ recipe, inputs, output, expert }: Made): Made {
  const numbered = numberExperts(recipe, inputs);
  return {
    recipe: numbered.recipe,
    inputs: numbered.inputs,
    output,
    ...(expert !== undefined && { expert: numbered.names.get(expert) ?? expert }),
  };
}
