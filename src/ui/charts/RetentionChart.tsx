import { useMemo } from "react";
import { pinnedReport, shownReport } from "#app/selectors.ts";
import { useApp } from "#app/store.ts";
import type { Estimate, RetentionReport } from "#core/eval/report.ts";
import { type Formats, useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { ChartFrame } from "./ChartFrame.tsx";
import type { Cell, ChartTable } from "./csv.ts";
import { Dumbbells } from "./Dumbbells.tsx";
import { type DumbbellRow, dumbbellRows } from "./dumbbell-rows.ts";
import { dumbbellWords } from "./dumbbell-words.ts";
import { useProvenance } from "./sample.ts";
import { useTaskNames } from "./task-name.ts";
import { isTentative } from "./tentative.ts";

type DumbbellWords = (typeof dumbbellWords)["en"];

interface RetentionChartProps {
  /** Names the files it saves; one per page. */
  readonly id: string;
  /** Absent: the words' own. */
  readonly title?: string;
  readonly report: RetentionReport;
  readonly pinned?: RetentionReport | undefined;
  /** Quick or stale numbers. */
  readonly isHollow: boolean;
}

/** What the merge keeps of each task, beside base, simple average and expert. */
export function RetentionChart({ id, title, report, pinned, isHollow }: RetentionChartProps) {
  const words = useWords(dumbbellWords);
  const format = useFormats();
  const nameOf = useTaskNames();
  const origin = useProvenance(report);
  const rows = useMemo(() => dumbbellRows(report, pinned), [report, pinned]);

  return (
    <ChartFrame
      id={id}
      title={title ?? words.title}
      unit={words.unit}
      summary={summaryOf(rows, words, format, nameOf)}
      isSummaryHidden
      table={() => tableOf(rows, words, nameOf)}
      origin={origin}
    >
      {(width) => <Dumbbells rows={rows} isHollow={isHollow} width={width} />}
    </ChartFrame>
  );
}

/** The retention chart of the report on screen; nothing before there is one. */
export function LiveRetention() {
  const report = useApp(shownReport);
  const pinned = useApp(pinnedReport);
  const isHollow = useApp(isTentative);
  return report ? (
    <RetentionChart id="retention" report={report} pinned={pinned} isHollow={isHollow} />
  ) : null;
}

function summaryOf(
  rows: readonly DumbbellRow[],
  words: DumbbellWords,
  format: Formats,
  nameOf: (task: string) => string,
): string {
  const known = rows.flatMap(({ task, retention }) =>
    task && retention ? [{ task, value: retention.value }] : [],
  );
  const [least, most] = [
    known.toSorted((a, b) => a.value - b.value)[0],
    known.toSorted((a, b) => b.value - a.value)[0],
  ];
  if (!least || !most) return words.waiting;
  return words.summary(
    nameOf(most.task),
    format.percent(most.value),
    nameOf(least.task),
    format.percent(least.value),
  );
}

function tableOf(
  rows: readonly DumbbellRow[],
  words: DumbbellWords,
  nameOf: (task: string) => string,
): ChartTable {
  const { table } = words;
  const names = [words.base, words.average, words.merged, words.expert, table.retention, table.normalised];
  return {
    columns: [table.task, table.n, ...names.flatMap((name) => [name, table.low(name), table.high(name)])],
    rows: rows.map((row) => [
      row.task === undefined ? words.mean : nameOf(row.task),
      row.merged?.n,
      ...[row.base, row.average, row.merged, row.expert, row.retention, row.normalised].flatMap(cellsOf),
    ]),
  };
}

function cellsOf(estimate: Estimate | undefined): readonly Cell[] {
  return [estimate?.value, estimate?.low, estimate?.high];
}
