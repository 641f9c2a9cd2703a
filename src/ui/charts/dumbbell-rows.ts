/** The rows of the retention chart: what a report says of each task, and of their mean. */
import type { Estimate, Proportion, RetentionReport } from "#core/eval/report.ts";
import { estimateOf } from "./pool.ts";

export interface DumbbellRow {
  /** Task id; undefined for the mean over tasks. */
  readonly task: string | undefined;
  readonly merged: Estimate | undefined;
  readonly base?: Estimate | undefined;
  readonly average?: Estimate | undefined;
  readonly expert?: Estimate | undefined;
  /** Accuracy of guessing; the mean row has none. */
  readonly chance?: number;
  readonly retention?: Estimate | undefined;
  readonly normalised?: Estimate | undefined;
  /** Accuracy of the pinned recipe on this row. */
  readonly pinned?: number | undefined;
}

/** Returns one row per task in the report's order, then the mean. A pinned report of the other kind is left out. */
export function dumbbellRows(report: RetentionReport, pinned?: RetentionReport): readonly DumbbellRow[] {
  const ghost = pinned?.output === report.output && pinned.split === report.split ? pinned : undefined;
  const tasks = report.tasks.map(
    ({ task, merged, chance, references, retention, normalised }): DumbbellRow => {
      const other = ghost?.tasks.find((candidate) => candidate.task === task);
      return {
        task,
        chance,
        merged: estimateOf(merged),
        base: optional(references?.base),
        average: optional(references?.average),
        expert: optional(references?.expert),
        retention: optional(retention),
        normalised,
        pinned: optional(other?.merged)?.value,
      };
    },
  );
  const { mean } = report;
  return [...tasks, { task: undefined, ...mean, pinned: ghost?.mean.merged.value }];
}

function optional(proportion: Proportion | undefined): Estimate | undefined {
  return proportion && estimateOf(proportion);
}
