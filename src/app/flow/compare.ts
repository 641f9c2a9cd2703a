/** Which examples the recipe won and lost, against the pinned recipe or the one before the edit. */
import { averageRecipe } from "#core/recipe/baselines.ts";
import { recipeKey } from "#core/recipe/key.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { outputOf, probe, type Session } from "../session.ts";

/** Thumbnails of each kind. */
const FLIPS = 24;

/** Measures the pinned recipe where its settled numbers are not known: after a reload, or when it was pinned early. */
export async function measurePinned(session: Session, count: number, signal: AbortSignal): Promise<void> {
  const { pinned, recipeKey: shown, reports, putReport } = session.store.getState();
  if (!pinned || pinned.key === shown || reports[pinned.key]?.subset === "full") return;
  putReport(await probe(session, pinned.recipe, { signal, stages: [count], session: "inputs" }));
}

/** Fills `againstAverage`, `comparison` and `flips`; leaves them empty when the other recipe's predictions are gone. */
export async function compareWith(
  { engine, store }: Session,
  recipe: Recipe,
  before: string,
  signal: AbortSignal,
): Promise<void> {
  const { pinned, patchRuns } = store.getState();
  const key = recipeKey(recipe);
  if (outputOf(recipe) === "single") {
    const average = recipeKey(averageRecipe(recipe));
    const tasks = await engine.evaluate({ signal }, (api) => api.compare(key, average, "validation"));
    signal.throwIfAborted();
    patchRuns({ againstAverage: { key, tasks } });
  }
  const other = pinned && pinned.key !== key ? pinned.key : before;
  if (!other || other === key) return;
  const tasks = await engine.evaluate({ signal }, (api) => api.compare(key, other, "validation"));
  const list = await engine.evaluate({ signal }, (api) => api.flips(key, other, "validation", FLIPS));
  signal.throwIfAborted();
  patchRuns({ comparison: { key, other, tasks }, flips: { key, other, list } });
}
