import { quietContext } from "../context.ts";
import type { Merger } from "../merge/merger.ts";
import { createMerger } from "../merge/run.ts";
import { defaultRecipe } from "../recipe/default.ts";
import type { Recipe } from "../recipe/schema.ts";
import { twin } from "../tensor/twin.ts";
import { moved, noisy, type SmallTensor, smallLibrary } from "./small-library.ts";

/** Four floating tensors, one of a single entry, and one of integers. */
export const base: readonly SmallTensor[] = [
  noisy("embed.weight", [16, 8], 1),
  noisy("blocks.0.attn.weight", [12, 12], 2),
  noisy("blocks.0.mlp.weight", [20, 10], 3),
  noisy("norm.weight", [1], 4),
  { name: "position_ids", shape: [3], dtype: "i64", values: [0, 1, 2] },
];
/** Names of the floating ones. */
export const floats = base.slice(0, 4).map(({ name }) => name);
const experts = {
  a: { 10: moved(base, 11, 0.02), 20: moved(base, 12) },
  b: { 20: moved(base, 22) },
  c: { 20: moved(base, 32) },
};
/** Experts a (steps 10 and 20), b and c (step 20) over that base. */
export const library = smallLibrary(base, experts);
/** What a new recipe needs to know of it. */
export const card = { base: library.base, experts: [{ id: "a" }, { id: "b" }, { id: "c" }] };
export const arithmetic = defaultRecipe(card, "task-arithmetic");
export const ties = defaultRecipe(card, "ties");

/** Merges into an image that remembers what it was given. */
export async function mergeInto(
  merger: Merger,
  recipe: Recipe,
  image = new Map<string, readonly Float32Array[]>(),
) {
  const emitted: string[] = [];
  const summary = await merger.merge(
    recipe,
    "live",
    (name, rows) => {
      emitted.push(name);
      image.set(name, rows);
    },
    quietContext,
  );
  return { summary, emitted, image };
}

/** Merges with a merger of its own. */
export const mergeFresh = (recipe: Recipe, from = library) => mergeInto(createMerger(from, twin), recipe);
