import { type KeyboardEvent, useRef, useState } from "react";
import { type Formats, useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { DumbbellKey } from "./DumbbellKey.tsx";
import { DumbbellMarks } from "./DumbbellMarks.tsx";
import { DumbbellReadout } from "./DumbbellReadout.tsx";
import { type DumbbellLayout, dumbbellLayout, placeOf } from "./dumbbell-layout.ts";
import type { DumbbellRow } from "./dumbbell-rows.ts";
import { dumbbellWords } from "./dumbbell-words.ts";
import styles from "./dumbbells.module.css";
import { TaskShape } from "./TaskShape.tsx";
import { useTaskName } from "./task-name.ts";

const TICKS = [0, 0.25, 0.5, 0.75, 1];

interface DumbbellsProps {
  readonly rows: readonly DumbbellRow[];
  readonly isHollow: boolean;
  readonly width: number;
}

/** Base, average, merged and expert of each task on one axis from 0 to 1. Own SVG, because it follows the drag. */
export function Dumbbells({ rows, isHollow, width }: DumbbellsProps) {
  const words = useWords(dumbbellWords);
  const list = useRef<SVGGElement>(null);
  const [pointed, setPointed] = useState<number>();
  const [stop, setStop] = useState(rows.length - 1);
  const layout = dumbbellLayout(width, rows.length);
  const current = Math.min(stop, rows.length - 1);
  const shown = rows[pointed ?? current] ?? rows.at(-1);

  const onKeyDown = (event: KeyboardEvent) => {
    const next = rowOfKey(event.key, current, rows.length);
    if (next === undefined) return;
    event.preventDefault();
    setStop(next);
    list.current?.querySelectorAll<SVGGElement>("[data-row]")[next]?.focus();
  };

  return (
    <>
      <svg
        data-chart
        width={width}
        height={layout.height}
        className={styles.chart}
        role="group"
        aria-label={words.title}
      >
        <Axis layout={layout} />
        {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the rows, which are focusable */}
        <g ref={list} onKeyDown={onKeyDown} onPointerLeave={() => setPointed(undefined)}>
          {rows.map((row, i) => (
            <Row
              key={row.task ?? ""}
              row={row}
              layout={layout}
              top={layout.top + i * layout.rowHeight}
              isHollow={isHollow}
              isStop={i === current}
              onPoint={() => setPointed(i)}
              onFocus={() => setStop(i)}
            />
          ))}
        </g>
        <DumbbellKey layout={layout} hasPinned={rows.some((row) => row.pinned !== undefined)} />
      </svg>
      {shown ? <DumbbellReadout row={shown} isHollow={isHollow} /> : null}
    </>
  );
}

/** The row that a key leads to; undefined for other keys. */
function rowOfKey(key: string, current: number, rows: number): number | undefined {
  switch (key) {
    case "ArrowDown":
      return Math.min(current + 1, rows - 1);
    case "ArrowUp":
      return Math.max(current - 1, 0);
    case "Home":
      return 0;
    case "End":
      return rows - 1;
    default:
      return undefined;
  }
}

interface RowProps {
  readonly row: DumbbellRow;
  readonly layout: DumbbellLayout;
  readonly top: number;
  readonly isHollow: boolean;
  readonly isStop: boolean;
  onPoint(): void;
  onFocus(): void;
}

function Row({ row, layout, top, isHollow, isStop, onPoint, onFocus }: RowProps) {
  const words = useWords(dumbbellWords);
  const format = useFormats();
  const { name, index, colour } = useTaskName(row.task);
  const isMean = row.task === undefined;
  const title = isMean ? words.mean : name;
  const kept = row.retention && format.percent(row.retention.value);
  const label = row.merged
    ? words.row(title, format.percent(row.merged.value), format.interval(row.merged), kept)
    : `${title}: ${words.none}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a row of marks inside an SVG has no HTML element
    <g
      data-row
      role="img"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: focus shows the row's numbers, as hovering does
      tabIndex={isStop ? 0 : -1}
      className={isMean ? styles.meanRow : styles.row}
      transform={`translate(0 ${top})`}
      onPointerEnter={onPoint}
      onFocus={onFocus}
    >
      <rect className={styles.band} x={0} y={1} width={layout.width} height={layout.rowHeight - 2} rx={4} />
      {isMean ? <line className={styles.rule} x1={0} x2={layout.width} y1={0} y2={0} /> : null}
      {isMean ? null : <TaskShape index={index} x={8} y={layout.baseline - 4} />}
      <text className={styles.name} x={isMean ? 2 : 20} y={layout.baseline}>
        {title}
      </text>
      <DumbbellMarks
        row={row}
        layout={layout}
        colour={isMean ? "var(--gold-mark)" : colour}
        isHollow={isHollow}
      />
      <Numbers row={row} layout={layout} isHollow={isHollow} format={format} />
    </g>
  );
}

interface NumbersProps {
  readonly row: DumbbellRow;
  readonly layout: DumbbellLayout;
  readonly isHollow: boolean;
  readonly format: Formats;
}

/** Retention and normalised accuracy beside the marks; their intervals below them where the name stands beside too. */
function Numbers({ row, layout, isHollow, format }: NumbersProps) {
  const tilde = isHollow ? "~" : "";
  const y = layout.isStacked ? layout.baseline : layout.baseline - 7;
  return [row.retention, row.normalised].map((estimate, i) => {
    const x = layout.columns[i === 0 ? 0 : 1];
    return (
      <text key={x} x={x} y={y} className={isHollow ? styles.numberHollow : styles.number} aria-hidden="true">
        {estimate ? `${tilde}${format.percent(estimate.value)}` : "–"}
        {estimate && !layout.isStacked ? (
          <tspan x={x} dy={14} className={styles.interval}>
            {format.interval(estimate)}
          </tspan>
        ) : null}
      </text>
    );
  });
}

function Axis({ layout }: { readonly layout: DumbbellLayout }) {
  const words = useWords(dumbbellWords);
  const { top, bottom, columns } = layout;
  return (
    <g aria-hidden="true">
      <text className={styles.head} x={columns[0]} y={12}>
        {words.kept}
      </text>
      <text className={styles.head} x={columns[1]} y={12}>
        {words.normalised}
      </text>
      {TICKS.map((tick) => {
        const x = placeOf(layout, tick);
        return (
          <g key={tick}>
            <line className={styles.grid} x1={x} x2={x} y1={top} y2={bottom} />
            <text className={styles.tick} x={x} y={bottom + 14}>
              {tick * 100}
              {tick === 1 ? "%" : ""}
            </text>
          </g>
        );
      })}
    </g>
  );
}
