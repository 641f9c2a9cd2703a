import { useId, useState } from "react";
import type { Grafted } from "#app/slices/masks.ts";
import { plotX, roundAxis } from "../charts/curve-geometry.ts";
import { TaskShape } from "../charts/TaskShape.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import type { Tried } from "./GraftChart.tsx";
import { GraftKey, GraftMarks, KEY_ROW } from "./GraftMarks.tsx";
import { GraftReadout } from "./GraftReadout.tsx";
import styles from "./masks.module.css";
import { masksWords } from "./masks-words.ts";

interface GraftRowsProps {
  readonly tried: readonly Tried[];
  readonly width: number;
}

const HEAD = 18;
const ROW = 38;
const AXIS = 18;
const NARROW = 420;
const NUMBER = 64;
const EDGE = 8;

/** A row per expert: base, random control and whole expert above, the region below; its gain beside. */
export function GraftRows({ tried, width }: GraftRowsProps) {
  const words = useWords(masksWords).graft;
  const format = useFormats();
  const [pointed, setPointed] = useState<number>();
  const [chosen, setChosen] = useState(0);
  const name = useId();
  const shown = Math.min(pointed ?? chosen, tried.length - 1);
  const isNarrow = width < NARROW;
  const left = (isNarrow ? 20 : 120) + EDGE;
  const bottom = HEAD + tried.length * ROW;
  const box = { left, right: width - NUMBER - EDGE, top: HEAD, bottom, hasEndNames: false };
  const axis = roundAxis([1, ...tried.flatMap(lowsOf)]);
  const at = (share: number) => plotX(box, axis, share);
  const keys = isNarrow ? 2 : 4;

  return (
    <>
      <div className={styles.stage}>
        <svg
          data-chart
          width={width}
          height={bottom + AXIS + 8 + KEY_ROW * Math.ceil(4 / keys)}
          className={styles.chart}
          aria-hidden="true"
        >
          <rect
            data-page-only
            className={styles.chosenRow}
            y={HEAD + shown * ROW + 1}
            width={width}
            height={ROW - 2}
            rx={4}
          />
          <text className={styles.mutedEnd} x={width} y={12}>
            {words.gain}
          </text>
          {axis.ticks.map((tick) => (
            <g key={tick}>
              <path className={styles.rule} d={`M${at(tick)},${HEAD}V${bottom}`} />
              <text className={styles.under} x={at(tick)} y={bottom + 14}>
                {format.count(100 * tick)}
              </text>
            </g>
          ))}
          {tried.map((one, i) => (
            <g key={one.expert.id} transform={`translate(0 ${HEAD + i * ROW})`}>
              <TaskShape index={one.expert.index} x={8} y={ROW / 2} />
              {isNarrow ? null : (
                <text className={styles.ink} x={20} y={ROW / 2 + 4}>
                  {one.expert.label.length > 16 ? `${one.expert.label.slice(0, 15)}…` : one.expert.label}
                </text>
              )}
              <GraftMarks one={one} at={at} />
              <text
                className={one.region?.subset === "quick" ? styles.quickEnd : styles.strongEnd}
                x={width}
                y={ROW / 2 + 4}
              >
                {one.gain
                  ? `${one.region?.subset === "quick" ? "~" : ""}${format.percent(one.gain.value)}`
                  : "–"}
              </text>
            </g>
          ))}
          <GraftKey width={width} top={bottom + AXIS + 16} columns={keys} />
        </svg>
        <div
          role="radiogroup"
          aria-label={words.title}
          className={styles.rows}
          style={{ insetBlockStart: HEAD }}
        >
          {tried.map(({ expert, region, base }, i) => (
            <label
              key={expert.id}
              className={styles.row}
              style={{ blockSize: ROW }}
              onPointerEnter={() => setPointed(i)}
              onPointerLeave={() => setPointed(undefined)}
            >
              <input
                type="radio"
                name={name}
                className="visually-hidden"
                checked={i === Math.min(chosen, tried.length - 1)}
                onChange={() => {
                  setChosen(i);
                  setPointed(undefined);
                }}
              />
              <span className="visually-hidden">
                {words.row(expert.label, shareText(region, format.share), shareText(base, format.share))}
              </span>
            </label>
          ))}
        </div>
      </div>
      {tried[shown] ? <GraftReadout one={tried[shown]} /> : null}
    </>
  );
}

function lowsOf({ base, region, random, whole }: Tried): number[] {
  return [base, region, random, whole].flatMap((one) => (one ? [one.accuracy.low] : []));
}

function shareText(one: Grafted | undefined, text: (of: Grafted["accuracy"]) => string): string {
  return one ? text(one.accuracy) : "–";
}
