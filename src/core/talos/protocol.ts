/** What the three protocols of task arithmetic share: tasks, predictions of scaled sums, a grid of scales. */
import type { Context } from "../context.ts";
import { bootstrap } from "../eval/bootstrap.ts";
import { estimate } from "../eval/means.ts";
import { wilson } from "../eval/metrics.ts";
import type { Estimate, Proportion, Split } from "../eval/report.ts";

/** A task vector's own task, and the labels of its examples. */
export interface ProtocolTask {
  readonly task: string;
  readonly labels: Readonly<Record<Split, ArrayLike<number>>>;
}

/**
 * Returns the classes that θ0 + Σ coefficients[k] · τ_k predicts for the examples of one task, in the labels' order.
 * Task and coefficients go by the list of tasks.
 */
export type Predict = (
  coefficients: readonly number[],
  task: number,
  split: Split,
) => Promise<ArrayLike<number>>;

export interface TaskAccuracy {
  readonly task: string;
  readonly accuracy: Proportion;
}

/** α: 21 points of [0, 1]. Source: Ilharco et al., arXiv:2212.04089 §4; official code eval_task_addition.py */
export const ALPHAS: readonly number[] = Array.from({ length: 21 }, (_, i) => i / 20);

/** Counts predictions that match their labels. */
export function accuracyOfPredictions(predictions: ArrayLike<number>, labels: ArrayLike<number>): Proportion {
  let right = 0;
  for (let i = 0; i < labels.length; i++) if (predictions[i] === labels[i]) right++;
  return wilson(right, labels.length);
}

/** Measures one scaled sum on some of the tasks. */
export async function measureTasks(
  tasks: readonly ProtocolTask[],
  which: readonly number[],
  coefficients: readonly number[],
  split: Split,
  predict: Predict,
  context: Context,
): Promise<readonly TaskAccuracy[]> {
  const measured: TaskAccuracy[] = [];
  for (const index of which) {
    context.signal.throwIfAborted();
    await context.breathe();
    const { task, labels } = tasks[index];
    const predictions = await predict(coefficients, index, split);
    measured.push({ task, accuracy: accuracyOfPredictions(predictions, labels[split]) });
  }
  return measured;
}

/** k / n, 0…1. */
export function shareOf({ k, n }: Proportion): number {
  return k / n;
}

/** Mean of numbers; NaN of none. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Mean over tasks of accuracy ÷ reference with its 95 % interval by a bootstrap within tasks; n counts all examples.
 *
 * @param references by task, taken as exact; 1 unless given
 */
export function meanEstimate(tasks: readonly TaskAccuracy[], references?: readonly number[]): Estimate {
  const strata = tasks.map(({ accuracy: { k, n } }) => [k, n - k]);
  const [interval] = bootstrap(strata, [
    (counts) => mean(counts.map(([right, wrong], t) => right / (right + wrong) / (references?.[t] ?? 1))),
  ]);
  const n = tasks.reduce((sum, { accuracy }) => sum + accuracy.n, 0);
  return estimate(interval, n) ?? { ...interval, n };
}

/** Coefficients of τ_index alone. */
export function only(index: number, count: number, value: number): readonly number[] {
  return Array.from({ length: count }, (_, k) => (k === index ? value : 0));
}
