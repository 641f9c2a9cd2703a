import { useId } from "react";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import type { DumbbellLayout } from "./dumbbell-layout.ts";
import type { DumbbellRow } from "./dumbbell-rows.ts";
import { dumbbellWords } from "./dumbbell-words.ts";
import styles from "./dumbbells.module.css";
import { useTaskNames } from "./task-name.ts";

interface DumbbellRowsProps {
  readonly rows: readonly DumbbellRow[];
  readonly layout: DumbbellLayout;
  readonly chosen: number;
  onChoose(row: number): void;
  /** Undefined when the pointer has left. */
  onPoint(row: number | undefined): void;
}

/** One choice per row over the drawing: its numbers are read out, and written below. Arrow keys move. */
export function DumbbellRows({ rows, layout, chosen, onChoose, onPoint }: DumbbellRowsProps) {
  const words = useWords(dumbbellWords);
  const name = useId();
  const labelOf = useRowLabel();
  return (
    <div
      role="radiogroup"
      aria-label={words.title}
      className={styles.rows}
      style={{ insetBlockStart: layout.top }}
    >
      {rows.map((row, i) => (
        <label
          key={row.task ?? ""}
          className={styles.row}
          style={{ blockSize: layout.rowHeight }}
          onPointerEnter={() => onPoint(i)}
          onPointerLeave={() => onPoint(undefined)}
        >
          <input
            type="radio"
            name={name}
            className="visually-hidden"
            checked={i === chosen}
            onChange={() => onChoose(i)}
          />
          <span className="visually-hidden">{labelOf(row)}</span>
        </label>
      ))}
    </div>
  );
}

/** A row as a sentence. */
function useRowLabel(): (row: DumbbellRow) => string {
  const words = useWords(dumbbellWords);
  const format = useFormats();
  const nameOf = useTaskNames();
  return ({ task, merged, retention }) => {
    const title = task === undefined ? words.mean : nameOf(task);
    if (!merged) return `${title}: ${words.none}`;
    const kept = retention && format.percent(retention.value);
    return words.row(title, format.percent(merged.value), format.interval(merged), kept);
  };
}
