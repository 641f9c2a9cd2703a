/** What becomes of evidence at the user's word: the recipe takes it up, lacks it no more, or forgets it. */
import { removeEvidence, setEvidence } from "#core/recipe/edit-evidence.ts";
import type { ContentId, Recipe } from "#core/recipe/schema.ts";
import type { Session } from "../session.ts";
import { isOver } from "../slices/work.ts";
import type { AppStore } from "../store.ts";
import { nameEvidence } from "./name-evidence.ts";
import { missingEvidence } from "./requests.ts";
import type { WorkQueue } from "./work.ts";

/** Has the recipe name what is here, and queues what is not; what is queued already is not queued again. */
export function fillMissing(store: AppStore, queue: Pick<WorkQueue, "start">): void {
  const { recipe, library, evidence, work } = store.getState();
  if (!recipe || !library) return;
  const asked = new Set(work.filter((one) => !isOver(one)).map(({ request }) => JSON.stringify(request)));
  const missing = missingEvidence(recipe, library, evidence);
  for (const { known, request } of missing) {
    if (known === undefined && request && !asked.has(JSON.stringify(request))) queue.start(request);
  }
  nameEvidence(store, (current) =>
    missing.reduce(
      (named, { kind, expert, known }) =>
        known === undefined ? named : setEvidence(named, kind, expert, known),
      current,
    ),
  );
}

/** Lets go of evidence here and in the workers; the recipe names it no more. */
export async function forgetEvidence({ engine, store }: Session, id: ContentId): Promise<void> {
  const { edit, dropEvidence } = store.getState();
  edit((recipe) => withoutEvidence(recipe, id));
  dropEvidence(id);
  await engine.models({ signal: new AbortController().signal }, (api) => api.forgetEvidence(id));
}

function withoutEvidence(recipe: Recipe, id: ContentId): Recipe {
  return recipe.evidence
    .filter((named) => named.id === id)
    .reduce((left, { kind, expert }) => removeEvidence(left, kind, expert), recipe);
}
