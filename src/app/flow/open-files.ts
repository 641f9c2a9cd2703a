/** Dropped files become experts, checkpoints or a recipe; each refusal becomes a notice that says what to do. */
import { addExpert, setExpertStep } from "#core/recipe/edit.ts";
import { setEvidence } from "#core/recipe/edit-evidence.ts";
import type { Session } from "../session.ts";
import { openRecipeText } from "./recipes.ts";

/** Opens files in one go, so that several checkpoints of one expert find each other. Recipes (JSON) are opened last. */
export async function openFiles(
  session: Session,
  files: readonly File[],
  signal: AbortSignal,
): Promise<boolean> {
  const recipes = files.filter((file) => /\.(json|kintsugi)$/i.test(file.name));
  const models = files.filter((file) => !recipes.includes(file));
  const isOpened = models.length > 0 && (await openModels(session, models, signal));
  for (const file of recipes) openRecipeText(session.store, await file.text(), file.name);
  return isOpened;
}

async function openModels(
  { engine, store }: Session,
  files: readonly File[],
  signal: AbortSignal,
): Promise<boolean> {
  const { notify, putExpert, edit } = store.getState();
  const results = await engine.models({ signal }, (api, job) =>
    api.open(
      job,
      files.map((file) => ({ path: file.webkitRelativePath || file.name, file })),
    ),
  );
  for (const result of results) {
    if (!result.ok) {
      notify({ kind: "error", code: result.code, message: result.message, subject: result.file });
      continue;
    }
    if ("evidence" in result) {
      const { id, about } = result.evidence;
      edit((recipe) => setEvidence(recipe, about.kind, about.expert, id));
      const message = `${about.kind} · ${about.expert}`;
      notify({ kind: "info", code: "evidence-opened", message, subject: result.file });
      continue;
    }
    putExpert(result.expert);
    // The step is written down: a later checkpoint dropped onto the same expert must not change this recipe's meaning.
    const last = result.expert.checkpoints.at(-1)?.step;
    edit((recipe) => setExpertStep(addExpert(recipe, result.expert.id), result.expert.id, last));
  }
  return results.some((result) => result.ok);
}
