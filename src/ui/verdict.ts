/**
 * The verdict: what the numbers say, as facts first and as plain sentences then.
 *
 * It never claims more than the intervals carry: a difference to the pinned recipe counts only where the paired
 * interval of its mean leaves zero out.
 */
import type {
  Estimate,
  HardKind,
  PairedComparison,
  RetentionReport,
  Split,
  Subset,
} from "#core/eval/report.ts";
import type { Formats } from "./format.ts";
import { type Phrase, plain, type VerdictWords } from "./panels/verdict-words.ts";

/** Two-sided 95 % quantile of the standard normal. */
const Z95 = 1.959963984540054;
const ALPHA = 0.05;

/** The recipe on screen against the pinned one. */
export type Versus =
  /** One of the two is one model per task, or they were measured on different splits. */
  | { readonly kind: "incomparable" }
  /** No paired counts yet: only the two means are known. */
  | { readonly kind: "unpaired"; readonly difference: number }
  | {
      readonly kind: "paired";
      /** Difference of mean accuracy, with its paired interval; n per task. */
      readonly difference: Estimate;
      readonly isResolved: boolean;
      /** Tasks that differ by exact McNemar tests, corrected for their number (Holm). */
      readonly better: readonly string[];
      readonly worse: readonly string[];
    };

export interface VerdictFacts {
  readonly split: Split;
  readonly subset: Subset;
  readonly output: RetentionReport["output"];
  readonly tasks: number;
  /** Examples per task: least and most. */
  readonly n: readonly [number, number];
  readonly accuracy: number;
  /** Mean normalised accuracy, over how many tasks where not over all, and the task with the least of it. */
  readonly kept?: {
    readonly value: number;
    readonly tasks?: number;
    readonly worst?: { readonly task: string; readonly value: number };
  };
  /** Mean retention of the hard examples. */
  readonly hard?: { readonly kind: HardKind; readonly value: number };
  readonly versus?: Versus;
  /** Difference of mean accuracy to the simple average of the same experts, with its paired interval. */
  readonly average?: { readonly difference: Estimate; readonly isResolved: boolean };
}

/** What is pinned, as far as it is known. */
export interface PinnedFacts {
  readonly report: RetentionReport;
  /** Paired counts of exactly these two recipes; absent until they are there. */
  readonly paired?: readonly PairedComparison[] | undefined;
}

/** Reads the facts out of a report. */
export function verdictFacts(
  report: RetentionReport,
  pinned?: PinnedFacts,
  againstAverage?: readonly PairedComparison[],
): VerdictFacts {
  const { mean, tasks, hard } = report;
  const counts = tasks.map(({ n }) => n);
  const versus = pinned && versusOf(report, pinned);
  const worst = worstTask(report);
  const average = againstAverage && againstAverage.length > 0 ? pairedMean(againstAverage) : undefined;
  return {
    split: report.split,
    subset: report.subset,
    output: report.output,
    tasks: tasks.length,
    n: [Math.min(...counts), Math.max(...counts)],
    accuracy: mean.merged.value,
    ...(mean.normalised && {
      kept: {
        value: mean.normalised.value,
        ...(mean.withReference !== undefined && { tasks: mean.withReference }),
        ...(worst && { worst }),
      },
    }),
    ...(mean.hard && { hard: { kind: hard.kind, value: mean.hard.value } }),
    ...(versus && { versus }),
    ...(average && { average: { difference: average, isResolved: isResolved(average) } }),
  };
}

function isResolved({ low, high }: Estimate): boolean {
  return low > 0 || high < 0;
}

function worstTask({
  tasks,
}: RetentionReport): { readonly task: string; readonly value: number } | undefined {
  if (tasks.length < 2) return undefined;
  return tasks
    .flatMap(({ task, normalised }) => (normalised ? [{ task, value: normalised.value }] : []))
    .reduce<{ task: string; value: number } | undefined>(
      (least, one) => (least === undefined || one.value < least.value ? one : least),
      undefined,
    );
}

function versusOf(report: RetentionReport, { report: other, paired }: PinnedFacts): Versus | undefined {
  if (other.output !== report.output || other.split !== report.split) return { kind: "incomparable" };
  if (!paired || paired.length === 0) {
    if (other.subset !== report.subset) return undefined; // different examples: their difference says nothing
    return { kind: "unpaired", difference: report.mean.merged.value - other.mean.merged.value };
  }
  const difference = pairedMean(paired);
  const differing = holm(paired);
  return {
    kind: "paired",
    difference,
    isResolved: isResolved(difference),
    better: differing.filter(({ won, lost }) => won > lost).map(({ task }) => task),
    worse: differing.filter(({ won, lost }) => won < lost).map(({ task }) => task),
  };
}

/**
 * Returns the difference of mean accuracy over tasks with a 95 % interval; n = examples of the smallest task.
 *
 * Half an example is added to each cell of every task's table, so that a handful of flips does not pass for certainty.
 * Source: Agresti & Min, Statistics in Medicine 24 (2005) 729–740.
 */
export function pairedMean(comparisons: readonly PairedComparison[]): Estimate {
  const count = comparisons.length;
  let value = 0;
  let centre = 0;
  let variance = 0;
  for (const { won, lost, n } of comparisons) {
    const shift = (won - lost) / (n + 2);
    value += (won - lost) / n / count;
    centre += shift / count;
    variance += ((won + lost + 1) / (n + 2) - shift ** 2) / (n + 2) / count ** 2;
  }
  const half = Z95 * Math.sqrt(variance);
  return { value, low: centre - half, high: centre + half, n: Math.min(...comparisons.map(({ n }) => n)) };
}

/** Returns the comparisons whose p passes Holm's step-down correction at 5 %. */
export function holm(comparisons: readonly PairedComparison[]): readonly PairedComparison[] {
  const ascending = [...comparisons].sort((a, b) => a.p - b.p);
  const end = ascending.findIndex(({ p }, i) => p > ALPHA / (ascending.length - i));
  const passed = new Set(end < 0 ? ascending : ascending.slice(0, end));
  return comparisons.filter((one) => passed.has(one));
}

export interface Verdict {
  /** What is kept. */
  readonly main: Phrase;
  /** Against the simple average, the merge to beat; absent until both are measured on the same examples. */
  readonly average: Phrase | undefined;
  /** Against the pinned recipe; absent when none is pinned. */
  readonly versus: Phrase | undefined;
  /** What was measured: split, sample, one model or one per task. */
  readonly sample: string;
}

/** Says the facts in the words of one language. `nameOf` gives a task's label. */
export function verdictOf(
  facts: VerdictFacts,
  words: VerdictWords,
  format: Formats,
  nameOf: (task: string) => string,
): Verdict {
  return {
    main: mainOf(facts, words, format, nameOf),
    average: facts.average && [
      ...words.average(format.points(facts.average.difference.value)),
      ...resolution(facts.average.difference, facts.average.isResolved, words, format),
    ],
    versus: facts.versus && versusPhrase(facts.versus, words, format, nameOf),
    sample: sampleOf(facts, words, format),
  };
}

function mainOf(
  { kept, hard, accuracy, tasks }: VerdictFacts,
  words: VerdictWords,
  format: Formats,
  nameOf: (task: string) => string,
): Phrase {
  if (!kept) return words.accuracy(format.percent(accuracy), tasks);
  const { worst } = kept;
  return [
    ...words.keeps(format.percent(kept.value)),
    ...(kept.tasks === undefined ? [] : words.withReference(format.count(kept.tasks), format.count(tasks))),
    ...(worst ? words.worst(nameOf(worst.task), format.percent(worst.value)) : []),
    ...(hard ? words.hard[hard.kind](format.percent(hard.value)) : []),
    ...words.end,
  ];
}

function versusPhrase(
  versus: Versus,
  words: VerdictWords,
  format: Formats,
  nameOf: (task: string) => string,
): Phrase {
  switch (versus.kind) {
    case "incomparable":
      return words.incomparable;
    case "unpaired":
      return words.unpaired(format.points(versus.difference));
    case "paired": {
      const { difference, isResolved, better, worse } = versus;
      const names = (tasks: readonly string[]) => format.list(tasks.map(nameOf));
      return [
        ...words.points(format.points(difference.value)),
        ...resolution(difference, isResolved, words, format),
        ...(better.length > 0 ? words.better(names(better)) : []),
        ...(worse.length > 0 ? words.worse(names(worse)) : []),
      ];
    }
    default:
      return versus satisfies never;
  }
}

function resolution(
  { low, high, n }: Estimate,
  isClear: boolean,
  words: VerdictWords,
  format: Formats,
): Phrase {
  return isClear
    ? words.resolved(format.points(low), format.points(high))
    : words.unresolved(format.count(n));
}

function sampleOf(
  { split, subset, output, tasks, n }: VerdictFacts,
  words: VerdictWords,
  format: Formats,
): string {
  const [least, most] = n;
  const perTask = least === most ? format.count(least) : `${format.count(least)}–${format.count(most)}`;
  const parts = [words.split[split], words.subset[subset], words.sample(tasks, perTask)];
  const kind = { single: [], "per-task": [words.perTask], routed: [words.routed] }[output];
  return [...parts, ...kind].join(words.separator);
}

/** A verdict without its marks of emphasis, for reading out. */
export function spoken({ main, average, versus, sample }: Verdict): string {
  return [plain(main), average && plain(average), versus && plain(versus), sample].filter(Boolean).join(" ");
}
