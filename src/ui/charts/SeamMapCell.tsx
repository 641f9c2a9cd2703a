import { type KeyboardEvent, useId, useRef, useState } from "react";
import { useWords } from "../words.ts";
import styles from "./SeamMap.module.css";
import type { SeamPlace } from "./seam-map-describe.ts";
import type { SeamColumns, SeamValues } from "./seam-map-model.ts";
import type { SeamGeometry } from "./seam-map-paint.ts";
import { seamWords } from "./seam-map-words.ts";

interface Props {
  readonly map: SeamValues;
  readonly columns: SeamColumns;
  readonly geometry: SeamGeometry;
  readonly active: SeamPlace;
  describe(place: SeamPlace): string;
  onPoint(place: SeamPlace | undefined): void;
  /** `from` = the column where a selection with Shift began; undefined without Shift. */
  onMove(next: SeamPlace, from: number | undefined): void;
  onSelect(adds: boolean): void;
}

/** Narrowest and lowest outline of the cell, in CSS pixels. */
const LEAST = 5;

/** The cell that the keyboard moves; its value is read out after every move. */
export function SeamMapCell({ map, columns, geometry, active, describe, onPoint, onMove, onSelect }: Props) {
  const help = useId();
  const words = useWords(seamWords);
  const [spoken, setSpoken] = useState("");
  const anchor = useRef<number>(undefined);
  const row = Math.min(active.row, map.rows - 1);
  const column = Math.min(active.column, map.columns - 1);

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      anchor.current = column;
      onSelect(event.ctrlKey || event.metaKey || event.shiftKey);
      return;
    }
    const next = moved(event.key, { row, column }, map, columns);
    if (!next) return;
    event.preventDefault();
    if (!event.shiftKey) anchor.current = undefined;
    else anchor.current ??= column;
    onMove(next, anchor.current);
    onPoint(next);
    setSpoken(describe(next));
  }

  return (
    <>
      <button
        type="button"
        className={styles.cursor}
        style={{
          insetInlineStart: (columns.lefts[column] ?? 0) - 1,
          insetBlockStart: row * (geometry.rowHeight + geometry.rowGap) - 1,
          inlineSize: Math.max(LEAST, columns.cell) + 2,
          blockSize: geometry.rowHeight + 2,
        }}
        aria-label={`${words.seam}: ${describe({ row, column })}`}
        aria-describedby={help}
        onKeyDown={onKeyDown}
        onFocus={() => onPoint({ row, column })}
        onBlur={() => onPoint(undefined)}
      />
      <span id={help} hidden>
        {words.seamKeys}
      </span>
      <span className="visually-hidden" aria-live="polite">
        {spoken}
      </span>
    </>
  );
}

function moved(
  key: string,
  { row, column }: SeamPlace,
  map: SeamValues,
  columns: SeamColumns,
): SeamPlace | undefined {
  const to = (nextRow: number, nextColumn: number): SeamPlace => ({
    row: Math.min(map.rows - 1, Math.max(0, nextRow)),
    column: Math.min(map.columns - 1, Math.max(0, nextColumn)),
  });
  const { blocks } = columns;
  const block = blocks.findIndex(({ from, to: end }) => column >= from && column < end);
  switch (key) {
    case "ArrowLeft":
      return to(row, column - 1);
    case "ArrowRight":
      return to(row, column + 1);
    case "ArrowUp":
      return to(row - 1, column);
    case "ArrowDown":
      return to(row + 1, column);
    case "PageUp":
      return to(
        row,
        blocks[block]?.from === column ? (blocks[block - 1]?.from ?? 0) : (blocks[block]?.from ?? 0),
      );
    case "PageDown":
      return to(row, blocks[block + 1]?.from ?? map.columns - 1);
    case "Home":
      return to(row, 0);
    case "End":
      return to(row, map.columns - 1);
    default:
      return undefined;
  }
}
