/**
 * What a merged file says of its making, in its own metadata: the recipe, its inputs and its output by content.
 *
 * safetensors keeps it in `__metadata__`, ONNX in `metadata_props`; both map strings to strings.
 */
import { z } from "zod";
import { AppError, isAppError } from "../errors.ts";
import { recipeKey } from "../recipe/key.ts";
import { contentId, expertId } from "../recipe/schema.ts";
import { recipeFromText, recipeInputs, recipeToText } from "../recipe/share.ts";
import { type Ancestors, ancestorsFromText, ancestorsToText } from "./ancestors.ts";
import { fileNames, type Made, madeWithoutNames } from "./made.ts";

export interface Provenance extends Made {
  /** How those inputs were made that are merges themselves, and theirs, as far as their files tell. */
  readonly ancestors?: Ancestors;
}

/** Stands for an output that is not known yet: as long as a content id is. */
export const UNKNOWN_OUTPUT = `sha256:${"0".repeat(64)}`;

/** Longest value that is believed: recipes are smaller, and a header may claim anything. Characters. */
const MAX_VALUE = 16_000_000;

/** Metadata of a merged file. */
export function provenanceMetadata({
  recipe,
  inputs,
  output,
  expert,
  task,
  names,
  ancestors,
}: Provenance): ReadonlyMap<string, string> {
  return new Map([
    ["format", "pt"], // readers of the transformers library insist on it
    ["kintsugi.base", recipe.base],
    ["kintsugi.recipe", recipeToText(recipe)],
    ["kintsugi.recipe_key", recipeKey(recipe)],
    ["kintsugi.inputs", JSON.stringify(inputs)],
    ["kintsugi.content", output],
    ...(expert === undefined ? [] : [["kintsugi.expert", expert] as const]),
    ...(task === undefined ? [] : [["kintsugi.task", task] as const]),
    ...(names === undefined ? [] : [["kintsugi.names", JSON.stringify(names)] as const]),
    ...(ancestors?.size ? [["kintsugi.ancestors", ancestorsToText(ancestors)] as const] : []),
  ]);
}

/**
 * Returns what a file's metadata says of its making; undefined for a file that is no merge of ours.
 *
 * @throws AppError recipe/malformed when it cannot be read
 */
export function readProvenance(metadata: ReadonlyMap<string, string>): Provenance | undefined {
  const text = metadata.get("kintsugi.recipe");
  const inputs = metadata.get("kintsugi.inputs");
  if (text === undefined || inputs === undefined) return undefined;
  const names = metadata.get("kintsugi.names");
  const ancestors = metadata.get("kintsugi.ancestors");
  return {
    recipe: recipeFromText(text),
    inputs: parsed(recipeInputs, inputs, "inputs"),
    output: checked(contentId, metadata.get("kintsugi.content"), "content"),
    expert: checked(expertId.optional(), metadata.get("kintsugi.expert"), "expert"),
    task: checked(z.string().max(200).optional(), metadata.get("kintsugi.task"), "task"),
    names: names === undefined ? undefined : parsed(fileNames, names, "names"),
    ...(ancestors !== undefined && { ancestors: ancestorsFromText(ancestors) }),
  };
}

/** The same, where a file that cannot tell is none the worse: what is wrong becomes a sentence. */
export function tryProvenance(metadata: ReadonlyMap<string, string>): {
  readonly made?: Provenance;
  readonly warning?: string;
} {
  try {
    const made = readProvenance(metadata);
    return made ? { made } : {};
  } catch (error) {
    if (isAppError(error)) return { warning: error.message };
    throw error;
  }
}

/**
 * The same without anything that comes from a file's name, of its ancestors too. A recipe that draws at random draws by
 * the experts' ids, so it cannot be repeated from this (see `drawsAtRandom`).
 */
export function withoutNames({ ancestors, ...made }: Provenance): Provenance {
  const named = [...(ancestors ?? [])].map(([id, one]) => [id, madeWithoutNames(one)] as const);
  return { ...madeWithoutNames(made), ...(named.length > 0 && { ancestors: new Map(named) }) };
}

function parsed<T>(schema: z.ZodType<T>, text: string, key: string): T {
  if (text.length > MAX_VALUE) throw unreadable(key, "is too long");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unreadable(key, "is no JSON");
  }
  return checked(schema, value, key);
}

function checked<T>(schema: z.ZodType<T>, value: unknown, key: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw unreadable(key, result.error.issues[0]?.message ?? "does not fit");
}

function unreadable(key: string, what: string): AppError {
  return new AppError(
    "recipe/malformed",
    `The file says that it is a merge, but its kintsugi.${key} ${what}. The weights can be used; how they were made is lost.`,
    { path: `kintsugi.${key}` },
  );
}
