/** Which examples the recipe won and lost, against the pinned recipe or the one before the edit. */
import { recipeKey } from "#core/recipe/key.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import type { Session } from "../session.ts";

/** Thumbnails of each kind. */
const FLIPS = 24;

/** Fills `comparison` and `flips`; leaves them empty when the other recipe's predictions are gone. */
export async function compareWith(
  { engine, store }: Session,
  recipe: Recipe,
  before: string,
  signal: AbortSignal,
): Promise<void> {
  const { pinned, patchRuns } = store.getState();
  const key = recipeKey(recipe);
  const other = pinned && pinned.key !== key ? pinned.key : before;
  if (!other || other === key) return;
  const tasks = await engine.evaluate({ signal }, (api) => api.compare(key, other, "validation"));
  const list = await engine.evaluate({ signal }, (api) => api.flips(key, other, "validation", FLIPS));
  signal.throwIfAborted();
  patchRuns({ comparison: { key, other, tasks }, flips: { key, other, list } });
}
