/** One stop step for all experts that have it. */
import type { AppState } from "#app/store.ts";
import { setExpertStep } from "#core/recipe/edit.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import type { LibraryCard } from "#core/summary.ts";

/** Steps short of the last that every expert with more than one checkpoint has, ascending. */
export function commonSteps(library: LibraryCard): readonly number[] {
  const [first = [], ...others] = library.experts
    .map((expert) => expert.checkpoints.map(({ step }) => step))
    .filter((steps) => steps.length > 1);
  return first.filter((step) => others.every((steps) => steps.includes(step))).slice(0, -1);
}

/** Moves every expert that has this checkpoint to it; others stay. */
export function setCommonStep(recipe: Recipe, library: LibraryCard, step: number): Recipe {
  return library.experts
    .filter((expert) => expert.checkpoints.some((checkpoint) => checkpoint.step === step))
    .reduce((changed, expert) => setExpertStep(changed, expert.id, step), recipe);
}

/** The step that all experts with more than one checkpoint stand at, "last" where that is the end, undefined where they differ. */
export function chosenCommonStep({ recipe, library }: AppState): number | "last" | undefined {
  const movable = library?.experts.filter((expert) => expert.checkpoints.length > 1) ?? [];
  const steps = movable.map(({ id }) => recipe?.experts.find((expert) => expert.id === id)?.step ?? "last");
  const [first = "last", ...others] = steps;
  return others.every((step) => step === first) ? first : undefined;
}
