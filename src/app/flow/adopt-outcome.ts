/** What becomes of finished work: experts join the recipe, evidence is named where the recipe needs it. */
import { toRecipe } from "#core/adamerging/to-recipe.ts";
import { addExpert, setExpertEnabled, setExpertStep } from "#core/recipe/edit.ts";
import { setEvidence } from "#core/recipe/edit-evidence.ts";
import { neededEvidence } from "#core/recipe/needs.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import type { EvidenceCard, LibraryCard } from "#core/summary.ts";
import type { WorkOutcome } from "#workers/protocol/optimise.ts";
import type { WorkId } from "../slices/work.ts";
import type { AppStore } from "../store.ts";
import { nameEvidence } from "./name-evidence.ts";
import { isOfStopStep } from "./requests.ts";

/** Takes an outcome into library and recipe. Coefficients wait until the user applies them. */
export function adopt(store: AppStore, outcome: WorkOutcome): void {
  const { edit, putExpert, putEvidence, library, evidence } = store.getState();
  switch (outcome.kind) {
    case "trained":
      putExpert(outcome.expert);
      edit((recipe) => withExpert(recipe, outcome));
      break;
    case "evidence":
      putEvidence(outcome.evidence);
      nameEvidence(store, (recipe) =>
        outcome.evidence.reduce(
          (named, card) => withNeeded(named, card, library?.experts ?? [], evidence),
          recipe,
        ),
      );
      break;
    case "coefficients":
    case "paused":
      break;
    default:
      outcome satisfies never;
  }
}

/** Makes the recipe what a job's coefficients say; nothing happens when it has none. */
export function applyCoefficients(store: AppStore, id: WorkId): void {
  const { work, edit } = store.getState();
  const outcome = work.find((one) => one.id === id)?.outcome;
  if (outcome?.kind === "coefficients") edit((recipe) => toRecipe(recipe, outcome.coefficients, outcome.of));
}

/** Switched off: the merge on screen is not changed behind the user's back. The step is written down, as for files. */
function withExpert(recipe: Recipe, { expert: { id, checkpoints }, best }: Trained): Recipe {
  if (recipe.experts.some((expert) => expert.id === id)) return recipe;
  const step = best ?? checkpoints.at(-1)?.step;
  return setExpertStep(setExpertEnabled(addExpert(recipe, id), id, false), id, step);
}

type Trained = Extract<WorkOutcome, { kind: "trained" }>;

/**
 * A mask of the base's weights (TaLoS) is for training; only an expert's own is a region to merge. What was measured at
 * another step than the recipe's does not take the place of what was measured there.
 */
function withNeeded(
  recipe: Recipe,
  { id, about }: EvidenceCard,
  experts: LibraryCard["experts"],
  before: readonly EvidenceCard[],
): Recipe {
  const { kind, expert, step } = about;
  if (kind === "mask" && step === undefined) return recipe;
  const needed = neededEvidence(recipe).find((one) => one.kind === kind && one.expert === expert);
  if (!needed) return recipe;
  const fits = (card: Pick<EvidenceCard, "about">) => isOfStopStep(card.about, recipe, { experts });
  const isSettled = before.some((card) => card.id === needed.id && fits(card));
  return isSettled && !fits({ about }) ? recipe : setEvidence(recipe, kind, expert, id);
}
