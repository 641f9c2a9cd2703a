/** Task negation: forgetting one task by subtracting its vector, while control tasks keep what they have. */
import type { Context } from "../context.ts";
import type { Estimate, Split } from "../eval/report.ts";
import {
  ALPHAS,
  mean,
  meanEstimate,
  measureTasks,
  only,
  type Predict,
  type ProtocolTask,
  shareOf,
  type TaskAccuracy,
} from "./protocol.ts";

export interface NegationPoint {
  /** θ0 − alpha · τ_target. */
  readonly alpha: number;
  readonly target: TaskAccuracy;
  readonly controls: readonly TaskAccuracy[];
  /** Mean control accuracy ÷ that of the base. */
  readonly kept: number;
  /** The same with its 95 % interval by a bootstrap within tasks, the base's accuracies taken as exact. */
  readonly estimate: Estimate;
}

export interface NegationResult {
  /** On validation, by ascending α. */
  readonly points: readonly NegationPoint[];
  /** The first α of the lowest target accuracy among those that keep enough of control; undefined when none does. */
  readonly alpha: number | undefined;
  /** At that α, and at the base, on test. */
  readonly test: { readonly base: NegationPoint; readonly negated: NegationPoint } | undefined;
}

/** Share of the base's control accuracy that must stay. Source: arXiv:2212.04089 §3; arXiv:2504.02620 §5.1 */
export const CONTROL_SHARE = 0.95;

/**
 * Measures θ0 − α τ over a grid of α on validation, and the chosen α once on test.
 *
 * @param target index of the task to forget; all other tasks are controls, each with equal weight
 * Source: arXiv:2504.02620 §5.1; official code eval_task_negation.py, whose one control is ImageNet
 */
export async function negationGrid(
  tasks: readonly ProtocolTask[],
  target: number,
  predict: Predict,
  context: Context,
  onPoint: (point: NegationPoint) => void = () => {},
  { alphas = ALPHAS, controlShare = CONTROL_SHARE } = {},
): Promise<NegationResult> {
  const all = tasks.map((_, index) => index);
  const measure = async (alpha: number, split: Split, base?: NegationPoint) => {
    const coefficients = only(target, tasks.length, 0 - alpha);
    const measured = await measureTasks(tasks, all, coefficients, split, predict, context);
    return negationPoint(alpha, measured, target, base);
  };
  const base = await measure(0, "validation");
  const points: NegationPoint[] = [];
  for (const alpha of alphas) {
    const point = alpha === 0 ? base : await measure(alpha, "validation", base);
    points.push(point);
    context.progress(points.length, alphas.length);
    onPoint(point);
  }
  const best = lowest(points.filter(({ kept }) => kept >= controlShare));
  if (!best) return { points, alpha: undefined, test: undefined };
  const tested = await measure(0, "test");
  const negated = best.alpha === 0 ? tested : await measure(best.alpha, "test", tested);
  return { points, alpha: best.alpha, test: { base: tested, negated } };
}

function negationPoint(
  alpha: number,
  measured: readonly TaskAccuracy[],
  target: number,
  base: NegationPoint | undefined,
): NegationPoint {
  const controls = measured.filter((_, index) => index !== target);
  const whole = meanAccuracy(base?.controls ?? controls);
  const kept = base ? meanAccuracy(controls) / whole : 1;
  const relative = controls.map(() => whole);
  return { alpha, target: measured[target], controls, kept, estimate: meanEstimate(controls, relative) };
}

function meanAccuracy(tasks: readonly TaskAccuracy[]): number {
  return mean(tasks.map(({ accuracy }) => shareOf(accuracy)));
}

function lowest(points: readonly NegationPoint[]): NegationPoint | undefined {
  const [first, ...others] = points;
  const score = ({ target }: NegationPoint) => shareOf(target.accuracy);
  return first && others.reduce((best, point) => (score(point) < score(best) ? point : best), first);
}
