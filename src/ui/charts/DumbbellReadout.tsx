import type { Estimate } from "#core/eval/report.ts";
import { TaskMark } from "../controls/TaskMark.tsx";
import { Tip } from "../controls/Tip.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import type { DumbbellRow } from "./dumbbell-rows.ts";
import { dumbbellWords } from "./dumbbell-words.ts";
import styles from "./dumbbells.module.css";
import { useTaskName } from "./task-name.ts";

interface DumbbellReadoutProps {
  readonly row: DumbbellRow;
  readonly isHollow: boolean;
}

/** Every number of the row that is pointed at or chosen; always of one size, so that nothing jumps. */
export function DumbbellReadout({ row, isHollow }: DumbbellReadoutProps) {
  const words = useWords(dumbbellWords);
  const format = useFormats();
  const { name, index } = useTaskName(row.task);
  const n = row.merged && format.n(row.merged.n);
  const right = row.retention && format.count(row.retention.n);
  const entries: readonly (readonly [string, Estimate | undefined, help?: string])[] = [
    [words.base, row.base],
    [words.average, row.average],
    [words.merged, row.merged],
    [words.expert, row.expert],
    [words.retention, row.retention, words.keptHelp],
    [words.normalisedLong, row.normalised, words.normalisedHelp],
  ];
  return (
    <div className={styles.readout}>
      <p className={styles.readoutTitle}>
        {row.task === undefined ? null : <TaskMark index={index} size={10} />}
        <strong>{row.task === undefined ? words.mean : name}</strong>
        <span>{n && right ? words.of(n, right) : n}</span>
      </p>
      <dl className={styles.entries}>
        {entries.map(([word, estimate, help]) => (
          <Entry key={word} word={word} help={help} estimate={estimate} isHollow={isHollow} />
        ))}
      </dl>
    </div>
  );
}

interface EntryProps {
  readonly word: string;
  /** What the word means; shown on hover and focus. */
  readonly help: string | undefined;
  readonly estimate: Estimate | undefined;
  readonly isHollow: boolean;
}

function Entry({ word, help, estimate, isHollow }: EntryProps) {
  const format = useFormats();
  return (
    <div>
      <dt>
        {help === undefined ? (
          word
        ) : (
          <Tip text={help}>
            <button type="button" className={styles.term} aria-description={help}>
              {word}
            </button>
          </Tip>
        )}
      </dt>
      <dd className={isHollow ? styles.hollowValue : styles.value}>
        {estimate ? `${isHollow ? "~" : ""}${format.percent(estimate.value)}` : "–"}
      </dd>
      <dd>{estimate ? format.interval(estimate) : "\u00a0"}</dd>
    </div>
  );
}
