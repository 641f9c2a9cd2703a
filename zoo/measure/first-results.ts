/** What the page shows before its workers answer, all on validation. */
import { quietContext } from "../../src/core/context.ts";
import type { Proportion } from "../../src/core/eval/report.ts";
import { averageRecipe, baseRecipe, expertRecipe } from "../../src/core/recipe/baselines.ts";
import { setExpertStep } from "../../src/core/recipe/edit.ts";
import { recipeKey } from "../../src/core/recipe/key.ts";
import type { Recipe } from "../../src/core/recipe/schema.ts";
import type { ShippedResults } from "../../src/core/shipped.ts";
import type { ExpertCard } from "../../src/core/summary.ts";
import { hasTrajectory, type Meter } from "./meter.ts";

export async function firstResults(meter: Meter): Promise<ShippedResults> {
  const { card, merger, evaluator } = meter;
  const first = meter.first();
  const own: Record<string, Record<number, Proportion>> = {};
  for (const expert of card.experts) own[expert.id] = await trajectory(meter, first, expert);
  await meter.measure(baseRecipe(first), { keepAs: "base" });
  await meter.measure(averageRecipe(first), { keepAs: "average" });
  const probes = [];
  for (const step of meter.steps) {
    const report = await meter.measure(atStep(meter, first, step));
    probes.push({ step, tasks: Object.fromEntries(report.tasks.map(({ task, merged }) => [task, merged])) });
  }
  const report = await meter.measure(first);
  return {
    version: 1,
    library: card,
    recipe: first,
    summary: { ...(await merger.merge(first, "summary", () => {}, quietContext)), milliseconds: 0 },
    stats: await merger.describe(first, quietContext),
    report,
    againstAverage: await evaluator.compare(report.recipeKey, recipeKey(averageRecipe(first)), "validation"),
    own,
    steps: probes,
  };
}

/** Sets the step of the family's own experts. */
export function atStep(meter: Meter, recipe: Recipe, step: number): Recipe {
  return meter.experts.reduce((changed, { id }) => setExpertStep(changed, id, step), recipe);
}

/** The expert alone at each of its steps; the last of a family's own is the reference. */
async function trajectory(
  meter: Meter,
  first: Recipe,
  expert: ExpertCard,
): Promise<Record<number, Proportion>> {
  const found: Record<number, Proportion> = {};
  if (expert.task === undefined) return found;
  const last = expert.checkpoints.at(-1)?.step;
  for (const { step } of expert.checkpoints) {
    const isReference = step === last && hasTrajectory(expert);
    const recipe = expertRecipe(first, expert.id, step === last ? undefined : step);
    const report = await meter.measure(recipe, {
      tasks: [expert.task],
      ...(isReference && { keepAs: "expert" as const }),
    });
    if (report.tasks[0]) found[step] = report.tasks[0].merged;
  }
  return found;
}
