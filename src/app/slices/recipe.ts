import type { StateCreator } from "zustand/vanilla";
import { recipeKey } from "#core/recipe/key.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import type { AppState } from "../store.ts";

export interface RecipeSlice {
  /** Undefined only until the library is known. */
  readonly recipe: Recipe | undefined;
  /** Key of the recipe; equal keys mean equal merges. */
  readonly recipeKey: string;
  /** Ghost marks in the charts stay at this recipe. */
  readonly pinned: { readonly recipe: Recipe; readonly key: string } | undefined;
  /** True between pointer-down and pointer-up of a slider: evaluations stay quick, history waits. */
  readonly isDragging: boolean;

  /** Applies a pure edit; nothing happens when it returns the same recipe. */
  edit(change: (recipe: Recipe) => Recipe): void;
  setRecipe(recipe: Recipe): void;
  /** All edits until `endGesture` become one entry of the history. */
  beginGesture(): void;
  endGesture(): void;
  pin(): void;
  unpin(): void;
  undo(): void;
  redo(): void;
}

export const createRecipeSlice: StateCreator<AppState, [], [], RecipeSlice> = (set, get) => ({
  recipe: undefined,
  recipeKey: "",
  pinned: undefined,
  isDragging: false,

  edit: (change) => {
    const { recipe } = get();
    if (!recipe) return;
    const next = change(recipe);
    if (next !== recipe) get().setRecipe(next);
  },
  setRecipe: (recipe) => set({ recipe, recipeKey: recipeKey(recipe) }),

  beginGesture: () => set({ isDragging: true }),
  endGesture: () => set({ isDragging: false }),

  pin: () => set(({ recipe, recipeKey: key }) => (recipe ? { pinned: { recipe, key } } : {})),
  unpin: () => set({ pinned: undefined }),

  undo: () => get().travel(-1),
  redo: () => get().travel(1),
});
