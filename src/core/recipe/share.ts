/** A recipe as text and as a file. */
import { z } from "zod";
import { AppError } from "../errors.ts";
import { evidenceAbout } from "../evidence/about.ts";
import { sortedJson } from "./json.ts";
import { parseRecipe } from "./parse.ts";
import { builtIn, type Registry } from "./registry.ts";
import { repairPolicies } from "./repair.ts";
import { contentId, expertId, type Recipe } from "./schema.ts";

/** Longest text read as a recipe, in characters: 5,000 rules with long names fit; a dropped model does not. */
const MAX_TEXT = 16_000_000;

/** The whole recipe, switched-off parts too, as compact JSON with sorted keys: what a link carries. */
export function recipeToText(recipe: Recipe): string {
  return sortedJson(recipe);
}

/** @throws AppError recipe/malformed and what `parseRecipe` throws */
export function recipeFromText(text: string, registry: Registry = builtIn): Recipe {
  return parseRecipe(parseJson(text), registry);
}

/** A saved recipe with the contents of its inputs, so that whoever opens it can tell whether the files are the same. */
export interface RecipeFile {
  readonly recipe: Recipe;
  readonly inputs: RecipeInputs;
  /** Content of the merged tensors when it was saved. */
  readonly output?: string | undefined;
  readonly notes?: string | undefined;
}

/** What a recipe was computed from, by content. */
export const recipeInputs = z.strictObject({
  base: contentId,
  experts: z.record(expertId, z.strictObject({ step: z.int().min(0), id: contentId })),
  /** What was measured, and how: enough to measure it again. */
  evidence: z
    .array(z.strictObject({ id: contentId, about: evidenceAbout }))
    .max(256)
    .exactOptional(),
  /** Inputs that are no file as it is: entries of the file `from` that are no numbers are replaced. */
  repairs: z
    .array(z.strictObject({ id: contentId, from: contentId, by: z.enum(repairPolicies) }))
    .max(65)
    .exactOptional(),
});
export type RecipeInputs = z.infer<typeof recipeInputs>;

const fileSchema = z.strictObject({
  kintsugi: z.literal(1),
  recipe: z.unknown(),
  inputs: recipeInputs,
  output: contentId.optional(),
  notes: z.string().max(100_000).optional(),
});

/** The file's text: indented JSON with a line break at the end. */
export function recipeFileToText(file: RecipeFile): string {
  return `${JSON.stringify({ kintsugi: 1, ...file }, undefined, 2)}\n`;
}

/** Reads a saved recipe. @throws AppError recipe/malformed and what `parseRecipe` throws */
export function parseRecipeFile(text: string, registry: Registry = builtIn): RecipeFile {
  const result = fileSchema.safeParse(parseJson(text));
  if (!result.success) {
    const [issue] = result.error.issues;
    const path = issue.path.map(String).join(".") || "the file";
    throw new AppError("recipe/malformed", `This is no saved Kintsugi recipe. ${path}: ${issue.message}.`, {
      path,
    });
  }
  const { kintsugi: _, recipe, ...rest } = result.data;
  return { ...rest, recipe: parseRecipe(recipe, registry) };
}

function parseJson(text: string): unknown {
  if (text.length > MAX_TEXT) {
    throw new AppError("recipe/malformed", "The text is too long for a recipe.", { length: text.length });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError("recipe/malformed", `The recipe is no JSON: ${reason}`, { reason });
  }
}
