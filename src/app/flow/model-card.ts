/** The merged model's README, with the numbers that are known of it. Loaded when first needed. */
import { modelCard } from "#core/model-card.ts";
import type { Session } from "../session.ts";
import { hand } from "./hand.ts";

/** Saves README.md: with the test split's numbers where the user has asked for them, else validation's. */
export async function saveModelCard({ engine, store }: Session, signal: AbortSignal): Promise<void> {
  const { recipe, recipeKey, library, reports, testReport } = store.getState();
  if (!recipe || !library) return;
  const seal = await engine.models({ signal }, (api, job) => api.seal(job, recipe));
  const report = testReport?.recipeKey === recipeKey ? testReport : reports[recipeKey];
  const text = modelCard({ recipe, library, seal, report });
  hand(new Blob([text], { type: "text/markdown" }), "README.md");
}
