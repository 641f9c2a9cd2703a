/** Task addition: how well one sum of all task vectors, with one scale, serves every task. */
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

export interface AdditionPoint {
  readonly alpha: number;
  readonly tasks: readonly TaskAccuracy[];
  /** Mean over tasks of accuracy. */
  readonly accuracy: number;
  /** Mean over tasks of accuracy ÷ the expert's own accuracy on the same examples. */
  readonly normalised: number;
  /** The same with its 95 % interval by a bootstrap within tasks, the experts' accuracies taken as exact. */
  readonly estimate: Estimate;
}

export interface AdditionResult {
  /** On validation, by ascending α. */
  readonly points: readonly AdditionPoint[];
  /** The first α of the highest normalised validation accuracy. */
  readonly alpha: number;
  /** At that α, on test. */
  readonly test: AdditionPoint & {
    readonly experts: readonly TaskAccuracy[];
    /** With 95 % intervals by a bootstrap within tasks. */
    readonly accuracyEstimate: Estimate;
  };
}

/**
 * Measures θ0 + α Σ τ over a grid of α on validation, and the chosen α once on test.
 *
 * Source: arXiv:2504.02620 §5.1; official code eval_task_addition.py (strict > : the first maximum)
 */
export async function additionGrid(
  tasks: readonly ProtocolTask[],
  predict: Predict,
  context: Context,
  onPoint: (point: AdditionPoint) => void = () => {},
  alphas: readonly number[] = ALPHAS,
): Promise<AdditionResult> {
  const all = tasks.map((_, index) => index);
  const measure = (coefficients: readonly number[], which: readonly number[], split: Split) =>
    measureTasks(tasks, which, coefficients, split, predict, context);
  const ownAccuracies = async (split: Split) => {
    const own: TaskAccuracy[] = [];
    for (const index of all) own.push(...(await measure(only(index, tasks.length, 1), [index], split)));
    return own;
  };
  const pointAt = async (alpha: number, split: Split, experts: readonly TaskAccuracy[]) => {
    const coefficients = tasks.map(() => alpha);
    return additionPoint(alpha, await measure(coefficients, all, split), experts);
  };

  const own = await ownAccuracies("validation");
  const points: AdditionPoint[] = [];
  for (const alpha of alphas) {
    const point = await pointAt(alpha, "validation", own);
    points.push(point);
    context.progress(points.length, alphas.length);
    onPoint(point);
  }
  const { alpha } = points.reduce((best, point) => (point.normalised > best.normalised ? point : best));
  const experts = await ownAccuracies("test");
  const test = await pointAt(alpha, "test", experts);
  return { points, alpha, test: { ...test, experts, accuracyEstimate: meanEstimate(test.tasks) } };
}

function additionPoint(
  alpha: number,
  tasks: readonly TaskAccuracy[],
  experts: readonly TaskAccuracy[],
): AdditionPoint {
  const values = tasks.map(({ accuracy }) => shareOf(accuracy));
  const ratios = values.map((value, t) => value / shareOf(experts[t].accuracy));
  const own = experts.map(({ accuracy }) => shareOf(accuracy));
  return {
    alpha,
    tasks,
    accuracy: mean(values),
    normalised: mean(ratios),
    estimate: meanEstimate(tasks, own),
  };
}
