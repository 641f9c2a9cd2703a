/** Joint outcomes of the merged model and a reference on the same examples. */
import type { Counts } from "./bootstrap.ts";
import type { Difficulty } from "./hard.ts";
import { type Predictions, wilson } from "./metrics.ts";
import type { Proportion } from "./report.ts";

/** Predictions of one task. Baselines cover at least the rows that `merged` covers, or are absent. */
export interface TaskOutcome {
  readonly task: string;
  readonly classes: number;
  readonly labels: Uint8Array;
  readonly merged: Predictions;
  readonly base?: Predictions | undefined;
  readonly average?: Predictions | undefined;
  /** The expert's last checkpoint: the reference. */
  readonly expert?: Predictions | undefined;
  /** Of the whole split; absent until it has been read. */
  readonly difficulty?: Difficulty | undefined;
}

/** Counts of: both right, merged only, reference only, neither. */
export type Paired = readonly [both: number, mergedOnly: number, referenceOnly: number, neither: number];

/** Counts joint outcomes over the rows that `merged` covers and the mask, if given, marks with 1. */
export function paired({ labels, merged }: TaskOutcome, reference: Predictions, mask?: Uint8Array): Paired {
  const counts: [number, number, number, number] = [0, 0, 0, 0];
  for (let row = 0; row < merged.length; row++) {
    if (mask && mask[row] === 0) continue;
    const mergedWrong = merged[row] === labels[row] ? 0 : 2;
    const referenceWrong = reference[row] === labels[row] ? 0 : 1;
    counts[mergedWrong + referenceWrong]++;
  }
  return counts;
}

/** Number of examples behind the counts. */
export function total(counts: Counts): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Number of examples that the reference gets right. */
export function referenceRight([both, , referenceOnly]: Counts): number {
  return both + referenceOnly;
}

/** P(merged right | reference right) with its interval. */
export function retention(pair: Paired): Proportion {
  return wilson(pair[0], referenceRight(pair));
}

export const mergedAccuracy = (counts: Counts): number => (counts[0] + counts[1]) / total(counts);
export const referenceAccuracy = (counts: Counts): number => referenceRight(counts) / total(counts);

/** NaN where the reference is never right. */
export const retained = (counts: Counts): number => counts[0] / referenceRight(counts);

/** merged ÷ reference accuracy; NaN where the reference is never right. */
export const normalised = (counts: Counts): number =>
  referenceRight(counts) === 0 ? Number.NaN : (counts[0] + counts[1]) / referenceRight(counts);
