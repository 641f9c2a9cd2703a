/** What a family begins with once its workers have read it: what was made here, what was dropped, and a recipe over both. */
import { presets } from "#core/catalog.ts";
import { defaultRecipe } from "#core/recipe/default.ts";
import { removeExpert } from "#core/recipe/edit.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { FIRST_PRESET } from "#core/shipped.ts";
import type { LibraryCard } from "#core/summary.ts";
import type { DroppedFile } from "#workers/protocol/api.ts";
import type { Session } from "../session.ts";
import type { AppStore } from "../store.ts";
import { takeRecipe } from "./first-paint.ts";
import { bringBack } from "./kept.ts";
import { openFiles } from "./open-files.ts";

export interface OpenSession extends Session {
  readonly library: LibraryCard;
}

/**
 * Opens what belongs to the family, then takes the recipe on screen or the wanted one, which may name it; else the
 * default one. Nothing of this is an edit of the user's.
 *
 * @param isAgain the recipe on screen goes on without experts that are lost
 * @throws AppError worker/crashed
 */
export async function settle(
  session: OpenSession,
  dropped: readonly DroppedFile[],
  wanted: Recipe | undefined,
  isAgain: boolean,
): Promise<void> {
  const { store, library } = session;
  const { canUndo, recipe } = store.getState();
  // What was shown first stands in for a recipe whose experts had to come back; the user may have edited it since.
  const before = canUndo ? recipe : (wanted ?? recipe);
  const history = store.temporal.getState();
  history.pause();
  try {
    await bringBack(session);
    let fresh = defaultRecipe(library, firstPreset());
    if (dropped.length > 0) {
      store.getState().setRecipe(fresh);
      await openFiles(session, dropped, new AbortController().signal);
      fresh = store.getState().recipe ?? fresh;
    }
    takeRecipe(store, before && withoutAbsent(before, store, isAgain), fresh);
  } finally {
    history.resume();
  }
}

/** Experts that are switched off and not here change nothing: the recipe does without them. */
function withoutAbsent(recipe: Recipe, store: AppStore, isAgain: boolean): Recipe {
  const { library } = store.getState();
  if (library?.base.id !== recipe.base) return recipe;
  const kept = new Set(recipe.rules.map((rule) => rule.keep));
  return recipe.experts
    .filter(({ id }) => !library.experts.some((expert) => expert.id === id))
    .filter(({ id, enabled }) => isAgain || !(enabled || kept.has(id)))
    .reduce((left, { id }) => removeExpert(left, id), recipe);
}

function firstPreset() {
  return presets.find(({ id }) => id === FIRST_PRESET) ?? "task-arithmetic";
}
