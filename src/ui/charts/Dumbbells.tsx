import { useState } from "react";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { DumbbellKey } from "./DumbbellKey.tsx";
import { DumbbellMarks } from "./DumbbellMarks.tsx";
import { DumbbellReadout } from "./DumbbellReadout.tsx";
import { DumbbellRows } from "./DumbbellRows.tsx";
import { type DumbbellLayout, dumbbellLayout, placeOf } from "./dumbbell-layout.ts";
import type { DumbbellRow } from "./dumbbell-rows.ts";
import { dumbbellWords } from "./dumbbell-words.ts";
import styles from "./dumbbells.module.css";
import { TaskShape } from "./TaskShape.tsx";
import { useTaskName } from "./task-name.ts";

const TICKS = [0, 0.25, 0.5, 0.75, 1];
/** The unit stands in the number above. */
const UNIT = /\s*%$/;

interface DumbbellsProps {
  readonly rows: readonly DumbbellRow[];
  readonly isHollow: boolean;
  readonly width: number;
}

/** Base, average, merged and expert of each task on one axis from 0 to 1. Own SVG, because it follows the drag. */
export function Dumbbells({ rows, isHollow, width }: DumbbellsProps) {
  const [pointed, setPointed] = useState<number>();
  const [chosen, setChosen] = useState(rows.length - 1);
  const layout = dumbbellLayout(width, rows.length);
  const current = Math.min(chosen, rows.length - 1);
  const shown = pointed ?? current;
  const row = rows[shown];
  const choose = (next: number) => {
    setChosen(next);
    setPointed(undefined); // the keyboard wins over a pointer that rests on a row
  };

  return (
    <>
      <div className={styles.stage}>
        <svg data-chart width={width} height={layout.height} className={styles.chart} aria-hidden="true">
          <rect
            data-page-only
            className={styles.band}
            y={layout.top + shown * layout.rowHeight + 1}
            width={width}
            height={layout.rowHeight - 2}
            rx={4}
          />
          <Axis layout={layout} />
          {rows.map((one, i) => (
            <Row
              key={one.task ?? ""}
              row={one}
              layout={layout}
              top={layout.top + i * layout.rowHeight}
              isHollow={isHollow}
            />
          ))}
          <DumbbellKey layout={layout} hasPinned={rows.some(({ pinned }) => pinned !== undefined)} />
        </svg>
        <DumbbellRows rows={rows} layout={layout} chosen={current} onChoose={choose} onPoint={setPointed} />
      </div>
      {row ? <DumbbellReadout row={row} isHollow={isHollow} /> : null}
    </>
  );
}

interface RowProps {
  readonly row: DumbbellRow;
  readonly layout: DumbbellLayout;
  readonly top: number;
  readonly isHollow: boolean;
}

function Row({ row, layout, top, isHollow }: RowProps) {
  const words = useWords(dumbbellWords);
  const { name, index, colour } = useTaskName(row.task);
  const isMean = row.task === undefined;
  return (
    <g className={isMean ? styles.meanRow : undefined} transform={`translate(0 ${top})`}>
      {isMean ? (
        <line className={styles.rule} x2={layout.width} />
      ) : (
        <TaskShape index={index} x={8} y={layout.baseline - 4} />
      )}
      <text className={styles.name} x={isMean ? 2 : 20} y={layout.baseline}>
        {isMean ? words.mean : layout.isStacked ? name : clippedName(name)}
      </text>
      <DumbbellMarks
        row={row}
        layout={layout}
        colour={isMean ? "var(--gold-mark)" : colour}
        isHollow={isHollow}
      />
      <Numbers row={row} layout={layout} isHollow={isHollow} />
    </g>
  );
}

/** Room for a name beside its row, in letters; wide ones count double. */
const NAME_LETTERS = 11;
const WIDE = /[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\uff00-\uff60]/u;

/** A name cut to its room: users' own tasks may be called anything. */
function clippedName(name: string): string {
  let room = NAME_LETTERS;
  const cut = [...name].findIndex((letter) => {
    room -= WIDE.test(letter) ? 2 : 1;
    return room < 0;
  });
  return cut < 0 ? name : `${[...name].slice(0, cut - 1).join("")}…`;
}

interface NumbersProps {
  readonly row: DumbbellRow;
  readonly layout: DumbbellLayout;
  readonly isHollow: boolean;
}

/** Retention and normalised accuracy beside the marks; their intervals below them where the name stands beside too. */
function Numbers({ row, layout, isHollow }: NumbersProps) {
  const format = useFormats();
  const tilde = isHollow ? "~" : "";
  const y = layout.isStacked ? layout.baseline : layout.baseline - 7;
  return [row.retention, row.normalised].map((estimate, i) => {
    const x = layout.columns[i === 0 ? 0 : 1];
    return (
      <text key={x} x={x} y={y} className={isHollow ? styles.numberHollow : styles.number}>
        {estimate ? `${tilde}${format.percent(estimate.value)}` : "–"}
        {estimate && !layout.isStacked ? (
          <tspan x={x} dy={14} className={styles.interval}>
            {format.interval(estimate).replace(UNIT, "")}
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
    <g>
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
