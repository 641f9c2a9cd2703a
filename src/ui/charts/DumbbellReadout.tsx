import type { Estimate } from "#core/eval/report.ts";
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

/** Every number of the row that is pointed at or focused; always of one size, so that nothing jumps. */
export function DumbbellReadout({ row, isHollow }: DumbbellReadoutProps) {
  const words = useWords(dumbbellWords);
  const { name } = useTaskName(row.task);
  const entries: readonly (readonly [string, Estimate | undefined])[] = [
    [words.base, row.base],
    [words.average, row.average],
    [words.merged, row.merged],
    [words.expert, row.expert],
    [words.retention, row.retention],
    [words.normalisedLong, row.normalised],
  ];
  return (
    <dl className={styles.readout} aria-label={row.task === undefined ? words.mean : name}>
      {entries.map(([word, estimate]) => (
        <Entry key={word} word={word} estimate={estimate} isHollow={isHollow} />
      ))}
    </dl>
  );
}

interface EntryProps {
  readonly word: string;
  readonly estimate: Estimate | undefined;
  readonly isHollow: boolean;
}

function Entry({ word, estimate, isHollow }: EntryProps) {
  const format = useFormats();
  return (
    <div>
      <dt>{word}</dt>
      <dd className={isHollow ? styles.hollowValue : styles.value}>
        {estimate ? `${isHollow ? "~" : ""}${format.percent(estimate.value)}` : "–"}
      </dd>
      <dd>{estimate ? format.interval(estimate) : "\u00a0"}</dd>
      <dd>{estimate ? format.n(estimate.n) : "\u00a0"}</dd>
    </div>
  );
}
