/** What the charts of scaled task vectors have in common. */
import type { Measured } from "#app/slices/arithmetic.ts";
import type { Estimate, Proportion } from "#core/eval/report.ts";
import type { ExpertId, Recipe } from "#core/recipe/schema.ts";
import type { LibraryCard } from "#core/summary.ts";
import type { Axis, CurvePoint } from "../charts/curve-geometry.ts";

/** α from 0 to 1. */
export const alphaAxis: Axis = { low: 0, high: 1, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] };

interface AtAlpha {
  readonly alpha: number;
}

/** The newest point of every α, with whether it comes from the quick subset; ascending. */
export function newest<Point extends AtAlpha>(
  measured: Pick<Measured<Point, unknown>, "quick" | "points"> | undefined,
): readonly { readonly point: Point; readonly isQuick: boolean }[] {
  if (!measured) return [];
  const quick = measured.quick
    .filter(({ alpha }) => measured.points.every((point) => point.alpha !== alpha))
    .map((point) => ({ point, isQuick: true }));
  const whole = measured.points.map((point) => ({ point, isQuick: false }));
  return [...quick, ...whole].sort((a, b) => a.point.alpha - b.point.alpha);
}

/** A mark with its interval. */
export function markOf(x: number, { value, low, high, n }: Estimate, isQuick: boolean): CurvePoint {
  return { x, y: value, low, high, n, isQuick };
}

/** k / n with its interval. */
export function estimateOf({ k, n, low, high }: Proportion): Estimate {
  return { value: k / n, low, high, n };
}

/** Whether the recipe still has these experts at the steps that were measured; experts it does not have count as such. */
export function isOfRecipe(measured: Pick<Measured<unknown, unknown>, "experts" | "recipe">, recipe: Recipe) {
  const stepIn = (of: Recipe, id: ExpertId) => of.experts.find((expert) => expert.id === id);
  return measured.experts.every((id) => {
    const now = stepIn(recipe, id);
    return now === undefined || now.step === stepIn(measured.recipe, id)?.step;
  });
}

/** Enabled experts with a task, the first of each task: those that are measured. */
export function measurable(
  recipe: Recipe,
  { experts }: LibraryCard,
): readonly { id: ExpertId; task: string }[] {
  const found: { id: ExpertId; task: string }[] = [];
  for (const { id, enabled } of recipe.experts) {
    const task = experts.find((card) => card.id === id)?.task;
    if (enabled && task !== undefined && found.every((one) => one.task !== task)) found.push({ id, task });
  }
  return found;
}
