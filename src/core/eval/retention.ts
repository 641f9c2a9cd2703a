/**
 * From predictions to the report: what the merge keeps of what each expert could do.
 *
 * Retention = P(merged right | reference right), a proportion. Normalised accuracy = merged ÷ reference accuracy.
 * The reference is the expert's last checkpoint, whatever stop step the recipe uses, so that undertrained experts
 * are not flattered.
 */
import { bootstrap } from "./bootstrap.ts";
import { binCount, binOfRow, easyMask, hardMask, placesFromHardest } from "./hard.ts";
import { estimate, meanReport } from "./means.ts";
import { accuracy, type Predictions, wilson } from "./metrics.ts";
import {
  normalised,
  type Paired,
  paired,
  referenceRight,
  retention,
  type TaskOutcome,
  total,
} from "./paired.ts";
import type { DifficultyBin, Estimate, References, RetentionReport, TaskReport } from "./report.ts";

/** Reports on every task and on their means, as far as the known baselines allow. */
export function retentionReport(
  header: Omit<RetentionReport, "tasks" | "mean">,
  outcomes: readonly TaskOutcome[],
): RetentionReport {
  const ranked = outcomes.map((outcome) => ({
    ...outcome,
    places: outcome.difficulty && placesFromHardest(outcome.difficulty),
  }));
  const pairs = outcomes.map((outcome) => outcome.expert && paired(outcome, outcome.expert));
  const hardPairs = ranked.map((outcome) => {
    const { expert, difficulty, places } = outcome;
    return (
      expert && difficulty && places && paired(outcome, expert, hardMask(difficulty, places, header.hard))
    );
  });
  return {
    ...header,
    tasks: ranked.map((outcome, t) => taskReport(outcome, pairs[t], hardPairs[t], outcome.places)),
    mean: meanReport(outcomes, pairs, hardPairs),
  };
}

function taskReport(
  outcome: TaskOutcome,
  pair: Paired | undefined,
  hardPair: Paired | undefined,
  places: Uint32Array | undefined,
): TaskReport {
  const { task, classes, labels, merged, expert } = outcome;
  const ratio = pair && normalisedAccuracy(pair);
  return {
    task,
    n: merged.length,
    chance: 1 / classes,
    merged: accuracy(merged, labels),
    references: referencesOf(outcome),
    ...(pair && { retention: retention(pair) }),
    ...(ratio && { normalised: ratio }),
    ...(hardPair && { hard: retention(hardPair) }),
    ...(expert && places && byDifficulty(outcome, expert, places)),
  };
}

function referencesOf({ base, average, expert, labels, merged }: TaskOutcome): References {
  const n = merged.length;
  return {
    ...(base && { base: accuracy(base, labels, n) }),
    ...(average && { average: accuracy(average, labels, n) }),
    ...(expert && { expert: accuracy(expert, labels, n) }),
  };
}

function normalisedAccuracy(pair: Paired): Estimate | undefined {
  const [interval] = bootstrap([pair], [([counts]) => normalised(counts)]);
  return estimate(interval, total(pair));
}

function byDifficulty(
  outcome: TaskOutcome,
  expert: Predictions,
  places: Uint32Array,
): Pick<TaskReport, "easy" | "bins"> {
  const count = binCount(outcome.merged.length);
  const binOf = binOfRow(places, count);
  const bins = Array.from({ length: count }, (_, bin) => {
    const inBin = binOf.map((b) => (b === bin ? 1 : 0));
    return difficultyBin(paired(outcome, expert, inBin), bin, count);
  });
  return { easy: retention(paired(outcome, expert, easyMask(places))), bins };
}

function difficultyBin(pair: Paired, bin: number, count: number): DifficultyBin {
  const [both, mergedOnly] = pair;
  return {
    from: bin / count,
    to: (bin + 1) / count,
    retention: retention(pair),
    merged: wilson(both + mergedOnly, total(pair)),
    expert: wilson(referenceRight(pair), total(pair)),
  };
}
