/** Dropped files become experts, checkpoints or a recipe; each refusal becomes a notice that says what to do. */
import { sortDrop } from "#core/library/sort-drop.ts";
import { addExpert, setExpertEnabled, setExpertStep } from "#core/recipe/edit.ts";
import { setEvidence } from "#core/recipe/edit-evidence.ts";
import type { ExpertId } from "#core/recipe/schema.ts";
import type { OpenResult } from "#core/summary.ts";
import type { DroppedFile } from "#workers/protocol/api.ts";
import type { Session } from "../session.ts";
import { offerOwn } from "./own.ts";
import { byContent, openRecipeText } from "./recipes.ts";
import { offerRepair } from "./repairs.ts";

/** A file under the path that the browser tells. */
export function droppedFile(file: File): DroppedFile {
  return { path: file.webkitRelativePath || file.name, file };
}

/**
 * Opens files in one go, so that several checkpoints of one expert find each other. Recipes (JSON) are opened last.
 *
 * @returns whether any became part of the session, and the examples among them that nothing has become of
 */
export async function openFiles(
  session: Session,
  files: readonly DroppedFile[],
  signal: AbortSignal,
  { mayOffer = false, instead }: OpenOptions = {},
): Promise<Opened> {
  const { store } = session;
  const { models, recipes, data } = sortDrop(files);
  const results = models.length > 0 ? await openModels(session, files, signal, instead) : [];
  const refused = results.filter((result) => !result.ok);
  const stranger = refused.find(({ code }) => MISFIT.includes(code));
  const isOffered = mayOffer && stranger !== undefined && offerOwn(store, files, stranger.message);
  for (const refusal of refused) {
    const { code, message, details, file } = refusal;
    if ((isOffered && MISFIT.includes(code)) || offerRepair(store, files, refusal)) continue;
    store.getState().notify({ kind: "error", code, message, details, subject: file });
  }
  for (const { file, path } of recipes) {
    openRecipeText(store, await file.text(), { name: path, find: byContent(session, signal) });
  }
  const arrays = new Set(results.flatMap((result) => (isExamples(result) ? [result.file] : [])));
  return {
    isAny: results.some((result) => result.ok && !isExamples(result)),
    examples: isOffered ? [] : files.filter((file) => data.includes(file) || arrays.has(file.path)),
  };
}

export interface OpenOptions {
  /** Whether models of another network become an offer to open them as a base, not refusals. */
  readonly mayOffer?: boolean;
  /** The expert in whose place what is opened takes part. */
  readonly instead?: ExpertId | undefined;
}

export interface Opened {
  readonly isAny: boolean;
  readonly examples: readonly DroppedFile[];
}

function isExamples(result: OpenResult): result is Extract<OpenResult, { readonly isExamples: true }> {
  return result.ok && "isExamples" in result;
}

/** What a whole model of another network is refused with. */
const MISFIT = ["model/missing-tensors", "model/shape-mismatch"];

async function openModels(
  { engine, store }: Session,
  files: readonly DroppedFile[],
  signal: AbortSignal,
  instead: ExpertId | undefined,
): Promise<readonly OpenResult[]> {
  const { notify, putExpert, putEvidence, edit } = store.getState();
  const { data, recipes } = sortDrop(files);
  const given = files.filter((file) => !data.includes(file) && !recipes.includes(file));
  const results = await engine.models({ signal }, (api, job) => api.open(job, given));
  for (const result of results) {
    if (!result.ok || isExamples(result)) continue;
    if ("evidence" in result) {
      const { id, about } = result.evidence;
      putEvidence([result.evidence]);
      edit((recipe) => setEvidence(recipe, about.kind, about.expert, id));
      const message = `${about.kind} · ${about.expert}`;
      notify({ kind: "info", code: "evidence-opened", message, subject: result.file });
      continue;
    }
    putExpert(result.expert);
    // The step is written down: a later checkpoint dropped onto the same expert must not change this recipe's meaning.
    const last = result.expert.checkpoints.at(-1)?.step;
    edit((recipe) => {
      const added = setExpertStep(addExpert(recipe, result.expert.id), result.expert.id, last);
      return instead === undefined ? added : setExpertEnabled(added, instead, false);
    });
  }
  return results;
}
