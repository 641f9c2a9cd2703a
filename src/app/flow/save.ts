/** Saving: the merged model and the recipe, into a file that the user picks or into the downloads. */
import { regionsOnly } from "#core/recipe/regions.ts";
import type { ContentId, ExpertId } from "#core/recipe/schema.ts";
import { recipeFileToText } from "#core/recipe/share.ts";
import type { SaveModelOptions } from "../commands.ts";
import type { Session } from "../session.ts";
import { hand } from "./hand.ts";
import { sealRecipe } from "./seal.ts";

/** Exports the merged model and hands it to the user; the content hash is told in a notice. */
export async function saveModel(
  { engine, store }: Session,
  as: "safetensors" | "onnx",
  { task }: SaveModelOptions,
  signal: AbortSignal,
): Promise<void> {
  const { recipe, hideNames, notify, patchRuns } = store.getState();
  if (!recipe) return;
  const onProgress = (done: number, total: number) => patchRuns({ progress: { done, total } });
  try {
    const saved = await engine.models({ signal, onProgress }, (api, job) =>
      api.export(job, recipe, as, task, hideNames),
    );
    hand(saved.blob, saved.fileName);
    notify({ kind: "info", code: "saved", message: saved.content, subject: saved.fileName });
  } finally {
    patchRuns({ progress: undefined });
  }
}

/** Exports what the recipe's sparsifiers leave of one expert, as indices and values. */
export async function saveRegion(
  { engine, store }: Session,
  expert: ExpertId,
  signal: AbortSignal,
): Promise<void> {
  const { recipe, notify } = store.getState();
  if (!recipe) return;
  const saved = await engine.models({ signal }, (api, job) =>
    api.exportRegion(job, regionsOnly(recipe), expert),
  );
  hand(saved.blob, saved.fileName);
  notify({ kind: "info", code: "saved", message: saved.content, subject: saved.fileName });
}

/** Hands a piece of evidence to the user as a file. */
export async function saveEvidence({ engine }: Session, id: ContentId, signal: AbortSignal): Promise<void> {
  const { blob, fileName } = await engine.models({ signal }, (api, job) => api.exportEvidence(job, id));
  hand(blob, fileName);
}

/** Saves the recipe with the hashes of its inputs and of the merged tensors, so that anyone can check a repetition. */
export async function saveRecipe(session: Session, signal: AbortSignal): Promise<void> {
  const sealed = await sealRecipe(session, signal);
  if (!sealed) return;
  const text = recipeFileToText({ recipe: sealed.recipe, inputs: sealed.inputs, output: sealed.output });
  hand(new Blob([text], { type: "application/json" }), "recipe.kintsugi.json");
}
