import type { LibraryCard } from "../summary.ts";
import { applyPreset, startOf } from "./edit.ts";
import type { Preset } from "./preset.ts";
import { builtIn, findMethod, type Registry } from "./registry.ts";
import type { Recipe } from "./schema.ts";

/** What a new recipe needs to know of the library. */
export type RecipeLibrary = {
  readonly base: Pick<LibraryCard["base"], "id">;
  readonly experts: readonly Pick<LibraryCard["experts"][number], "id">[];
};

/**
 * The recipe that a library starts with: all its experts at their last checkpoints with weight 1, and a method or
 * preset at its defaults.
 * @throws AppError recipe/unknown-method
 */
export function defaultRecipe(
  library: RecipeLibrary,
  start: string | Preset,
  registry: Registry = builtIn,
): Recipe {
  const method = findMethod(registry, typeof start === "string" ? start : start.method.id);
  const recipe: Recipe = {
    version: 1,
    base: library.base.id,
    seed: 0,
    outDtype: "base",
    ...startOf(method, registry),
    experts: library.experts.map(({ id }) => ({ id, enabled: true, weight: 1 })),
    rules: [],
    locks: [],
    evidence: [],
  };
  return typeof start === "string" ? recipe : applyPreset(recipe, start, registry);
}
