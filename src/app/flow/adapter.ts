/** The merge as a LoRA adapter: how much of it every rank keeps, and its files. Loaded when first needed. */
import type { Session } from "../session.ts";
import { hand } from "./hand.ts";

/** Measures how much of the recipe on screen adapters would keep, rank by rank. */
export async function measureAdapter({ engine, store }: Session, signal: AbortSignal): Promise<void> {
  const { recipe, recipeKey, patchExchange } = store.getState();
  if (!recipe) return;
  patchExchange({ adapter: { recipeKey, reach: undefined } });
  try {
    const reach = await engine.models({ signal }, (api, job) => api.adapterReach(job, recipe));
    patchExchange({ adapter: { recipeKey, reach } });
  } catch (error) {
    patchExchange({ adapter: undefined });
    throw error;
  }
}

/** Writes the adapter's two files and hands them to the user one after the other. */
export async function saveAdapter(
  { engine, store }: Session,
  rank: number,
  signal: AbortSignal,
): Promise<void> {
  const { recipe, notify } = store.getState();
  if (!recipe) return;
  const { files, content } = await engine.models({ signal }, (api, job) =>
    api.exportAdapter(job, recipe, rank),
  );
  for (const { blob, fileName } of files) hand(blob, fileName);
  const subject = files.map(({ fileName }) => fileName).join(", ");
  notify({ kind: "info", code: "saved", message: content, subject });
}
