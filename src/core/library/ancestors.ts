/** Merges of merges: how inputs came to be that were merged themselves, and theirs, as far as their files tell. */
import { z } from "zod";
import { isAppError } from "../errors.ts";
import { parseRecipe } from "../recipe/parse.ts";
import { type ContentId, contentId, expertId } from "../recipe/schema.ts";
import { type RecipeInputs, recipeInputs } from "../recipe/share.ts";
import { fileNames, type Made } from "./made.ts";

/** By the content of the input that it tells of, the nearest first. */
export type Ancestors = ReadonlyMap<ContentId, Made>;

/** Merges that one file tells of beside its own. */
const MAX_ANCESTORS = 100;

/** Characters of all of them together: a header is read by programs that do not care. */
const MAX_TEXT = 1_000_000;

const ancestor = z.strictObject({
  id: contentId,
  recipe: z.unknown(),
  inputs: recipeInputs,
  output: contentId,
  expert: expertId.optional(),
  task: z.string().max(200).optional(),
  names: fileNames.optional(),
});

/**
 * Returns the ancestors that inputs tell of: first the inputs that are merges, then what those tell of theirs.
 *
 * @param parentOf what an input's file says of its making, if anything
 */
export function gatherAncestors(
  { base, experts }: RecipeInputs,
  parentOf: (content: ContentId) => (Made & { readonly ancestors?: Ancestors }) | undefined,
): Ancestors {
  const found = new Map<ContentId, Made>();
  const contents = [base, ...Object.values(experts).map(({ id }) => id)];
  const parents = contents.map((content) => [content, parentOf(content)] as const);
  for (const [content, parent] of parents) {
    if (!parent) continue;
    const { ancestors: _, ...made } = parent;
    found.set(content, made);
  }
  for (const [, parent] of parents) {
    for (const [content, made] of parent?.ancestors ?? []) if (!found.has(content)) found.set(content, made);
  }
  return found;
}

/** Returns the ancestors as JSON; the furthest are left out where they would be too long. */
export function ancestorsToText(ancestors: Ancestors): string {
  const texts: string[] = [];
  let length = 0;
  for (const [id, made] of [...ancestors].slice(0, MAX_ANCESTORS)) {
    const text = JSON.stringify({ id, ...made });
    length += text.length;
    if (length > MAX_TEXT) break;
    texts.push(text);
  }
  return `[${texts.join(",")}]`;
}

/** Reads them back; the tree ends where one cannot be read. */
export function ancestorsFromText(text: string): Ancestors {
  const found = new Map<ContentId, Made>();
  for (const value of entriesOf(text).slice(0, MAX_ANCESTORS)) {
    const result = ancestor.safeParse(value);
    if (!result.success) continue;
    const { id, recipe, ...made } = result.data;
    try {
      found.set(id, { ...made, recipe: parseRecipe(recipe) });
    } catch (error) {
      if (!isAppError(error)) throw error; // a method of another version
    }
  }
  return found;
}

function entriesOf(text: string): readonly unknown[] {
  if (text.length > 2 * MAX_TEXT) return [];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return []; // told like a file that knows of none
  }
}
