/** Hard versus easy: what one task, or the mean over tasks, keeps. */
import type { Estimate, Proportion, RetentionReport } from "#core/eval/report.ts";
import { estimateOf, meanBins, meanOf, type RetentionBin } from "./pool.ts";

export interface HardNumbers {
  readonly hard: Estimate | undefined;
  readonly easy: Estimate | undefined;
  readonly bins: readonly RetentionBin[];
}

/** Reads one task's numbers, or their mean over tasks when `task` is undefined. */
export function hardNumbers(report: RetentionReport, task: string | undefined): HardNumbers {
  const chosen = report.tasks.filter((one) => task === undefined || one.task === task);
  const [only] = chosen;
  if (task !== undefined && only) {
    return {
      hard: only.hard && estimateOf(only.hard),
      easy: only.easy && estimateOf(only.easy),
      bins: (only.bins ?? []).map(({ from, to, retention }) => ({
        from,
        to,
        retention: estimateOf(retention),
      })),
    };
  }
  // Tasks that nobody was trained for have nothing to retain: the means are over the others, as the report's own are.
  const told = chosen.filter((one) => one.bins !== undefined);
  const bins = defined(told.map((one) => one.bins));
  return {
    hard: report.mean.hard ?? meanOfAll(told.map((one) => one.hard)),
    easy: meanOfAll(told.map((one) => one.easy)),
    bins: bins ? meanBins(bins) : [],
  };
}

function meanOfAll(proportions: readonly (Proportion | undefined)[]): Estimate | undefined {
  const all = defined(proportions);
  return all && meanOf(all);
}

/** The list if every entry of it is there. */
function defined<T>(list: readonly (T | undefined)[]): readonly T[] | undefined {
  const there = list.filter((one) => one !== undefined);
  return there.length === list.length ? there : undefined;
}
