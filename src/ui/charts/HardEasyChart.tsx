import { lazy, Suspense, useMemo, useState } from "react";
import { shownReport } from "#app/selectors.ts";
import { useApp } from "#app/store.ts";
import type { RetentionReport } from "#core/eval/report.ts";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { ChartFrame } from "./ChartFrame.tsx";
import { HardChoices } from "./HardChoices.tsx";
import { HardStrip } from "./HardStrip.tsx";
import styles from "./hard.module.css";
import { hardNumbers } from "./hard-numbers.ts";
import { hardWords } from "./hard-words.ts";
import { useProvenance } from "./sample.ts";
import { TaskChoice } from "./TaskChoice.tsx";
import { useTaskName } from "./task-name.ts";
import { isTentative } from "./tentative.ts";
import { useSettled } from "./use-settled.ts";

const DecileBars = lazy(async () => ({ default: (await import("./DecileBars.tsx")).DecileBars }));

/** Room for the bars before they are loaded, so that nothing below moves. */
const BARS_HEIGHT = 176;

/** Retention of hard and easy examples: two numbers that follow the drag, and bars by difficulty once settled. */
export function HardEasyChart({ report }: { readonly report: RetentionReport }) {
  const words = useWords(hardWords);
  const format = useFormats();
  const isHollow = useApp(isTentative);
  const [task, setTask] = useState<string>();
  const settled = useSettled(report);
  const origin = useProvenance(settled);
  const { name, colour } = useTaskName(task);
  const live = hardNumbers(report, task);
  const { bins } = useMemo(() => hardNumbers(settled, task), [settled, task]);

  const summary =
    live.hard && live.easy
      ? words.summary(format.percent(live.hard.value), format.percent(live.easy.value))
      : words.waiting;
  const about = bins.length > 2 ? words.deciles : words.halves;
  const table = () => ({
    columns: [words.table.bin, words.retention, words.table.low, words.table.high, words.table.n],
    rows: bins.map(({ from, to, retention }) => [
      words.bin(format.number(100 * from), format.number(100 * to)),
      retention?.value,
      retention?.low,
      retention?.high,
      retention?.n,
    ]),
  });

  return (
    <ChartFrame
      id="hard"
      title={words.title}
      unit={words.unit}
      summary={summary}
      isSummaryHidden
      note={settled === report ? about : words.settledOnly}
      table={table}
      origin={origin}
      controls={
        <>
          <HardChoices />
          <TaskChoice value={task} onChange={setTask} />
          <HardStrip
            numbers={live}
            options={report.hard}
            colour={task === undefined ? "var(--gold-mark)" : colour}
            isHollow={isHollow}
          />
        </>
      }
    >
      {(width) => (
        <div className={styles.bars} data-hollow={isHollow || settled !== report}>
          <Suspense fallback={null}>
            <DecileBars
              bins={bins}
              colour={task === undefined ? "var(--gold-mark)" : colour}
              width={width}
              height={BARS_HEIGHT}
              label={words.chartLabel(task === undefined ? words.all : name)}
            />
          </Suspense>
        </div>
      )}
    </ChartFrame>
  );
}

/** Hard versus easy of the report on screen; nothing before there is one. */
export function LiveHardEasy() {
  const report = useApp(shownReport);
  return report ? <HardEasyChart report={report} /> : null;
}
