/** Naming measurements in the recipe is one step of the history, however many experts they are of. */
import type { Recipe } from "#core/recipe/schema.ts";
import type { AppStore } from "../store.ts";

/** Recipes that came of naming evidence: naming more in them goes on with that step. */
const named = new WeakSet<Recipe>();

/** Edits the recipe; what was measured one after the other, with no edit of the user between, is undone as one. */
export function nameEvidence(store: AppStore, change: (recipe: Recipe) => Recipe): void {
  const { recipe, edit } = store.getState();
  if (!recipe) return;
  const history = store.temporal.getState();
  // A slider that is held has paused the history already, and ends that itself.
  const isGoingOn = named.has(recipe) && history.isTracking;
  if (isGoingOn) history.pause();
  edit(change);
  if (isGoingOn) history.resume();
  const now = store.getState().recipe;
  if (now && now !== recipe) named.add(now);
}
