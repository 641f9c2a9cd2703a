/** What a piece of evidence is called, and what the recipe may do with it. */
import { addSparsifier, setMethod, setSparsifierParam } from "#core/recipe/edit.ts";
import { setEvidence } from "#core/recipe/edit-evidence.ts";
import { neededEvidence } from "#core/recipe/needs.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import type { EvidenceCard, LibraryCard } from "#core/summary.ts";
import type { evidenceWords } from "./evidence-words.ts";

type Words = (typeof evidenceWords)["en"];

/** A mask of the base's weights: made for training, not a region of an expert. */
export function isTrainingMask({ about }: Pick<EvidenceCard, "about">): boolean {
  return about.kind === "mask" && about.step === undefined;
}

/** "Mask of Digits@640", "TaLoS mask for Digits". */
export function evidenceName(
  card: Pick<EvidenceCard, "about">,
  library: LibraryCard | undefined,
  words: Words,
): string {
  const { kind, expert, step, task } = card.about;
  const taskLabel = library?.tasks.find(({ id }) => id === task)?.label ?? task;
  if (isTrainingMask(card)) return words.talos(taskLabel);
  const label = library?.experts.find(({ id }) => id === expert)?.label ?? expert;
  return words.names[kind](step === undefined ? words.ofBase(taskLabel) : `${label}@${step}`);
}

/** Whether the recipe names it and reads its kind. */
export function isUsed({ id }: EvidenceCard, recipe: Recipe): boolean {
  return neededEvidence(recipe).some((needed) => needed.id === id);
}

/** Names it in the recipe, and has the recipe read its kind where it does not: the pure edit of "Use in recipe". */
export function takeUp(recipe: Recipe, { id, about: { kind, expert } }: EvidenceCard): Recipe {
  const named = setEvidence(recipe, kind, expert, id);
  if (neededEvidence(named).some((needed) => needed.kind === kind)) return named;
  switch (kind) {
    case "fisher":
      return setMethod(named, "fisher");
    case "gram":
      return setMethod(named, "regmean");
    case "sensitivity":
      return addSparsifier(named, "sensitivity");
    case "mask":
      return withRegions(named);
    default:
      return kind satisfies never;
  }
}

/** Regions by trained masks: of the chain's own localisation, or of a new one at its end. */
function withRegions(recipe: Recipe): Recipe {
  const known = recipe.sparsifiers.findIndex(({ id, enabled }) => id === "localize" && enabled);
  const chain = known < 0 ? addSparsifier(recipe, "localize") : recipe;
  const index = known < 0 ? recipe.sparsifiers.length : known;
  return setSparsifierParam(chain, index, "masks", "trained");
}
