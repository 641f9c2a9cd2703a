/** Recipes in and out: files, text, links. The link carries the recipe after the #, which no server sees. */

import { AppError } from "#core/errors.ts";
import { looksLikeMergekit } from "#core/mergekit/recognise.ts";
import { findExperts, type OpenExpert } from "#core/recipe/find-experts.ts";
import { sortedJson } from "#core/recipe/json.ts";
import { parseRecipe } from "#core/recipe/parse.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { parseRecipeFile, type RecipeInputs, recipeFromText } from "#core/recipe/share.ts";
import type { LibraryCard } from "#core/summary.ts";
import type { Session } from "../session.ts";
import { type FamilyEntry, FIRST_FAMILY } from "../slices/library.ts";
import type { AppStore } from "../store.ts";
import { tell } from "../tell.ts";

/** Longest link that common programs pass on whole. */
const MAX_LINK = 32_000;
const PREFIX = "#r=";
/** After the recipe, where its base says too little: families may share one. */
const FAMILY = /&f=([a-z0-9-]{1,32})$/;

/** Finds the open checkpoints that a saved recipe was computed from, whatever they are called here. */
export type FindByContent = (inputs: RecipeInputs) => Promise<readonly OpenExpert[]>;

interface OpenTextOptions {
  /** What a notice calls it. */
  readonly name?: string;
  readonly find?: FindByContent;
}

/**
 * Opens a recipe from text: our file, a bare recipe, a link, or a mergekit configuration. What is wrong with it becomes a
 * notice.
 */
export function openRecipeText(
  store: AppStore,
  text: string,
  { name = "pasted text", find = async () => [] }: OpenTextOptions = {},
): void {
  void (async () => {
    try {
      if (looksLikeMergekit(text)) {
        const { openConfiguration } = await import("./mergekit.ts");
        openConfiguration(store, text, name);
        return;
      }
      const recipe = text.includes(PREFIX)
        ? await recipeFromHash(text.slice(text.indexOf(PREFIX)))
        : await readText(store, text, find);
      if (recipe && !offerFamily(store, recipe, name)) adopt(store, recipe);
    } catch (error) {
      tell(store, error, name);
    }
  })();
}

/** Asks the models worker of a session. */
export function byContent({ engine }: Session, signal: AbortSignal): FindByContent {
  return (inputs) => engine.models({ signal }, (api, job) => api.findByContent(job, inputs));
}

/** A family with the base that the recipe was made for: the one that is named, else the open one, else the first. */
export function familyOf(store: AppStore, recipe: Recipe, named?: string): FamilyEntry | undefined {
  const { families, family } = store.getState();
  const fitting = families.filter(({ base }) => base === recipe.base);
  return fitting.find(({ id }) => id === named) ?? fitting.find(({ id }) => id === family) ?? fitting[0];
}

/** Offers to open the recipe's own family where another one is open; false when there is no need, or no such family. */
function offerFamily(store: AppStore, recipe: Recipe, subject: string): boolean {
  const { library, notify } = store.getState();
  const family = familyOf(store, recipe);
  if (!family || library?.base.id === recipe.base) return false;
  notify({
    kind: "offer",
    code: "recipe/wrong-base",
    message: "",
    subject,
    actions: [{ kind: "open-family", family: family.id, name: family.name, recipe }],
  });
  return true;
}

/** A saved file has the recipe inside, with the hashes of its inputs around it: they find experts of other names. */
async function readText(store: AppStore, text: string, find: FindByContent): Promise<Recipe> {
  if (!/^\s*\{[^{]*"kintsugi"\s*:/.test(text)) return recipeFromText(text);
  const { recipe, inputs } = parseRecipeFile(text);
  const { experts = [], base } = store.getState().library ?? {};
  const isAllHere = recipe.experts.every(({ id }) => experts.some((expert) => expert.id === id));
  if (isAllHere || base?.id !== recipe.base) return recipe;
  return findExperts(recipe, inputs, [...experts, ...(await find(inputs))]);
}

/** Takes a recipe over if it fits what is open. @throws AppError recipe/wrong-base, recipe/unknown-expert */
export function adopt(store: AppStore, recipe: Recipe): void {
  const { library, setRecipe } = store.getState();
  const misfit = library && misfitOf(library, recipe);
  if (misfit) throw misfit;
  setRecipe(recipe);
}

/** Why the recipe cannot be merged over the library; undefined when it can. */
export function misfitOf({ base, experts }: LibraryCard, recipe: Recipe): AppError | undefined {
  if (base.id !== recipe.base) {
    return new AppError("recipe/wrong-base", "This recipe was made for another base. Open that base first.", {
      wanted: recipe.base,
      open: base.id,
    });
  }
  const missing = recipe.experts.find(({ id }) => !experts.some((expert) => expert.id === id));
  if (!missing) return undefined;
  return new AppError(
    "recipe/unknown-expert",
    `This recipe uses the expert “${missing.id}”, which is not open. Drop its file first, then open the recipe again.`,
    { expert: missing.id },
  );
}

/** "#r=…", the recipe as JSON, deflated, base64url; with "&f=…" for any family but the first. */
export async function recipeToHash(recipe: Recipe, family: string = FIRST_FAMILY): Promise<string> {
  const bytes = await pump(
    // Equal recipes have equal addresses, in whatever order their fields were set: Back would write a new one otherwise.
    new Blob([sortedJson(recipe)]).stream().pipeThrough(new CompressionStream("deflate-raw")),
  );
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const data = text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return PREFIX + data + (family === FIRST_FAMILY ? "" : `&f=${family}`);
}

/** The family that a hash names beside its recipe. */
export function familyOfHash(hash: string): string | undefined {
  return FAMILY.exec(hash)?.[1];
}

/** The recipe of a hash, or undefined when the hash holds none. @throws AppError recipe/malformed */
export async function recipeFromHash(hash: string): Promise<Recipe | undefined> {
  if (!hash.startsWith(PREFIX)) return undefined;
  if (hash.length > MAX_LINK)
    throw new AppError("recipe/malformed", "The link is too long to be one of ours.");
  let value: unknown;
  try {
    const data = hash.slice(PREFIX.length).replace(FAMILY, "");
    const text = atob(data.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    const inflated = await pump(
      new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")),
      MAX_RECIPE,
    );
    value = JSON.parse(new TextDecoder().decode(inflated));
  } catch {
    throw new AppError("recipe/malformed", "The link's recipe is damaged. Copy the link again, to its end.");
  }
  return parseRecipe(value);
}

/** A recipe of 5,000 rules stays below this; more is a decompression bomb. Bytes. */
const MAX_RECIPE = 4_000_000;

async function pump(
  stream: ReadableStream<Uint8Array>,
  limit = Number.POSITIVE_INFINITY,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > limit) throw new RangeError("inflated recipe exceeds its limit");
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}
