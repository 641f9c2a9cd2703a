/** From counts to what a chart draws: a value with its interval, and means over tasks. */
import { wilson } from "#core/eval/metrics.ts";
import type { DifficultyBin, Estimate, Proportion } from "#core/eval/report.ts";

/** A proportion as a value with its interval; undefined where there is no example. */
export function estimateOf({ k, n, low, high }: Proportion): Estimate | undefined {
  return n === 0 ? undefined : { value: k / n, low, high, n };
}

/**
 * Returns the mean of independent proportions, each with equal weight; undefined when one has no example.
 *
 * The interval adds the distances of each proportion's own limits in squares, so that it stays inside 0…1.
 * Source: Zou & Donner, Statistics in Medicine 27 (2008) 1693–1702 (MOVER), with Wilson limits.
 */
export function meanOf(proportions: readonly Proportion[]): Estimate | undefined {
  const count = proportions.length;
  if (count === 0 || proportions.some(({ n }) => n === 0)) return undefined;
  let value = 0;
  let below = 0;
  let above = 0;
  let n = 0;
  for (const one of proportions) {
    const share = one.k / one.n;
    value += share / count;
    below += ((share - one.low) / count) ** 2;
    above += ((one.high - share) / count) ** 2;
    n += one.n;
  }
  return { value, low: value - Math.sqrt(below), high: value + Math.sqrt(above), n };
}

/** One bar of retention by difficulty. */
export interface RetentionBin {
  /** 0…1 quantiles of difficulty, easiest first. */
  readonly from: number;
  readonly to: number;
  readonly retention: Estimate | undefined;
}

/**
 * Returns retention by difficulty as the mean over tasks. Tasks that only have halves bring the others down to halves,
 * which hold the same examples as five deciles each.
 */
export function meanBins(tasks: readonly (readonly DifficultyBin[])[]): readonly RetentionBin[] {
  const count = Math.min(...tasks.map((bins) => bins.length));
  if (!Number.isFinite(count)) return [];
  const aligned = tasks.map((bins) => joined(bins, count));
  return Array.from({ length: count }, (_, bin) => ({
    from: bin / count,
    to: (bin + 1) / count,
    retention: meanOf(aligned.map((bins) => bins[bin] ?? wilson(0, 0))),
  }));
}

function joined(bins: readonly DifficultyBin[], count: number): readonly Proportion[] {
  const size = bins.length / count;
  return Array.from({ length: count }, (_, i) => {
    const part = bins.slice(i * size, (i + 1) * size);
    const sum = (of: "k" | "n") => part.reduce((total, { retention }) => total + retention[of], 0);
    return wilson(sum("k"), sum("n"));
  });
}
