/** The merged model's README, with the numbers that are known of it. Loaded when first needed. */
import { modelCard } from "#core/model-card.ts";
import type { Session } from "../session.ts";
import { hand } from "./hand.ts";
import { sealRecipe } from "./seal.ts";

/** Saves README.md: with the test split's numbers where the user has asked for them, else validation's. */
export async function saveModelCard(session: Session, signal: AbortSignal): Promise<void> {
  const { recipeKey, library, reports, testReport } = session.store.getState();
  const sealed = await sealRecipe(session, signal);
  if (!sealed || !library) return;
  const { recipe, names, ...seal } = sealed;
  const report = testReport?.recipeKey === recipeKey ? testReport : reports[recipeKey];
  const text = modelCard({ recipe, library, seal, report, hideNames: names !== undefined });
  hand(new Blob([text], { type: "text/markdown" }), "README.md");
}
