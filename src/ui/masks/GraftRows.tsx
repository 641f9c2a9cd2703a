import { useId, useState } from "react";
import type { Grafted } from "#app/slices/masks.ts";
import { plotX, roundAxis } from "../charts/curve-geometry.ts";
import { BaseMark, ExpertMark, MergedMark } from "../charts/DumbbellMarks.tsx";
import { TaskShape } from "../charts/TaskShape.tsx";
import { taskColour } from "../controls/TaskMark.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import type { Tried } from "./GraftChart.tsx";
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
const KEY = 20;
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
  const left = (isNarrow ? 20 : 112) + EDGE;
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
          height={bottom + AXIS + 8 + KEY * Math.ceil(4 / keys)}
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
                  {one.expert.label.length > 14 ? `${one.expert.label.slice(0, 13)}…` : one.expert.label}
                </text>
              )}
              <Marks one={one} at={at} />
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
          <Key width={width} top={bottom + AXIS + 16} columns={keys} />
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

function Marks({ one, at }: { readonly one: Tried; at(share: number): number }) {
  const { base, region, random, whole, expert } = one;
  const [upper, lower] = [12, 26];
  const x = ({ accuracy: { k, n } }: Grafted) => at(k / n);
  const colour = taskColour(expert.index);
  return (
    <g>
      {base && whole ? <path className={styles.span} d={`M${x(base)},${upper}H${x(whole)}`} /> : null}
      {[base, random, whole].map((of, i) =>
        of ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: three lanes of one row
          <path key={i} className={styles.whisker} d={whiskerOf(of, at, upper, i === 2 ? 7 : 4.5)} />
        ) : null,
      )}
      {base ? <BaseMark x={x(base)} y={upper} /> : null}
      {random ? <RandomMark x={x(random)} y={upper} /> : null}
      {whole ? <ExpertMark x={x(whole)} y={upper} /> : null}
      {region ? (
        <>
          <path className={styles.whisker} d={whiskerOf(region, at, lower, 7)} stroke={colour} />
          <MergedMark x={x(region)} y={lower} colour={colour} isHollow={region.subset === "quick"} />
        </>
      ) : null}
    </g>
  );
}

/** A cross: entries that nobody chose. */
function RandomMark({ x, y }: { readonly x: number; readonly y: number }) {
  return <path className={styles.random} d={`M${x - 4},${y - 4}l8,8M${x - 4},${y + 4}l8,-8`} />;
}

interface KeyProps {
  readonly width: number;
  readonly top: number;
  readonly columns: number;
}

/** What each mark means; inside the drawing, so that a saved picture has it too. */
function Key({ width, top, columns }: KeyProps) {
  const words = useWords(masksWords).graft;
  const at = { x: 7, y: 0 };
  const entries = [
    { word: words.base, mark: <BaseMark {...at} /> },
    { word: words.random, mark: <RandomMark {...at} /> },
    { word: words.region, mark: <MergedMark {...at} colour="var(--gold-mark)" isHollow={false} /> },
    { word: words.whole, mark: <ExpertMark {...at} /> },
  ];
  const column = Math.min(132, width / columns);
  return entries.map(({ word, mark }, i) => (
    <g key={word} transform={`translate(${(i % columns) * column} ${top + Math.floor(i / columns) * KEY})`}>
      {mark}
      <text className={styles.ink} x={18} y={4}>
        {word}
      </text>
    </g>
  ));
}

function whiskerOf(
  { accuracy: { low, high } }: Grafted,
  at: (share: number) => number,
  y: number,
  cap: number,
) {
  const [from, to] = [at(low), at(high)];
  return `M${from},${y - cap}v${2 * cap}M${from},${y}H${to}M${to},${y - cap}v${2 * cap}`;
}

function lowsOf({ base, region, random, whole }: Tried): number[] {
  return [base, region, random, whole].flatMap((one) => (one ? [one.accuracy.low] : []));
}

function shareText(one: Grafted | undefined, text: (of: Grafted["accuracy"]) => string): string {
  return one ? text(one.accuracy) : "–";
}
