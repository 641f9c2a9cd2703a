/** Means over tasks, each with equal weight; intervals by a bootstrap within tasks. */
import { bootstrap, type Counts, type Interval, type Statistic } from "./bootstrap.ts";
import { accuracy } from "./metrics.ts";
import {
  mergedAccuracy,
  normalised,
  type Paired,
  paired,
  referenceAccuracy,
  referenceRight,
  retained,
  type TaskOutcome,
  total,
} from "./paired.ts";
import type { Estimate, MeanReport } from "./report.ts";

/**
 * Returns the means that the known predictions allow: of the references' accuracy only when every task has one, since it
 * stands beside that of the merge; what is kept of them is a mean over the tasks that have one.
 */
export function meanReport(
  outcomes: readonly TaskOutcome[],
  pairs: readonly (Paired | undefined)[],
  hardPairs: readonly (Paired | undefined)[],
): MeanReport {
  const base = meanAccuracy(outcomes, "base");
  const average = meanAccuracy(outcomes, "average");
  return {
    merged: meanMerged(outcomes),
    ...(base && { base }),
    ...(average && { average }),
    ...againstReference(pairs),
    ...meanHard(hardPairs),
  };
}

/** An estimate with its n, or undefined where the counts do not define it. */
export function estimate(interval: Interval, n: number): Estimate | undefined {
  return Number.isNaN(interval.value) ? undefined : { ...interval, n };
}

function meanMerged(outcomes: readonly TaskOutcome[]): Estimate {
  const strata = outcomes.map((outcome) => paired(outcome, outcome.merged));
  const [interval] = bootstrap(strata, [meanOver(mergedAccuracy)]);
  return { ...interval, n: sumOver(strata, total) };
}

function againstReference(all: readonly (Paired | undefined)[]): Partial<MeanReport> {
  const pairs = all.filter(isDefined);
  if (pairs.length === 0) return {};
  const isWhole = pairs.length === all.length;
  const n = sumOver(pairs, total);
  const statistics = [referenceAccuracy, retained, normalised].map(meanOver);
  const [reference, kept, ratio] = bootstrap(pairs, statistics);
  const expert = estimate(reference, n);
  const retention = estimate(kept, sumOver(pairs, referenceRight));
  const relative = estimate(ratio, n);
  return {
    ...(expert && isWhole && { expert }),
    ...(retention && { retention }),
    ...(relative && { normalised: relative }),
    ...(!isWhole && { withReference: pairs.length }),
  };
}

function meanHard(all: readonly (Paired | undefined)[]): Partial<MeanReport> {
  const pairs = all.filter(isDefined);
  if (pairs.length === 0) return {};
  const [interval] = bootstrap(pairs, [meanOver(retained)]);
  const hard = estimate(interval, sumOver(pairs, referenceRight));
  return hard ? { hard } : {};
}

function meanAccuracy(outcomes: readonly TaskOutcome[], baseline: "base" | "average"): Estimate | undefined {
  const strata: Counts[] = [];
  for (const { [baseline]: predictions, labels, merged } of outcomes) {
    if (!predictions) return undefined;
    const { k, n } = accuracy(predictions, labels, merged.length);
    strata.push([k, n - k]);
  }
  const [interval] = bootstrap(strata, [meanOver((counts) => counts[0] / total(counts))]);
  return estimate(interval, sumOver(strata, total));
}

/** Mean over the strata in which the statistic is defined. */
function meanOver(statistic: (counts: Counts) => number): Statistic {
  return (strata) => {
    let sum = 0;
    let defined = 0;
    for (const counts of strata) {
      const value = statistic(counts);
      if (Number.isNaN(value)) continue;
      sum += value;
      defined++;
    }
    return sum / defined;
  };
}

function sumOver(strata: readonly Counts[], count: (counts: Counts) => number): number {
  return strata.reduce((sum, counts) => sum + count(counts), 0);
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}
