import type { MaskShare } from "#core/summary.ts";
import { TaskShape } from "../charts/TaskShape.tsx";
import { taskColour } from "../controls/TaskMark.tsx";
import { useFormats } from "../format.ts";
import type { MaskExpert } from "./mask-experts.ts";
import { densities } from "./mask-numbers.ts";
import styles from "./masks.module.css";

interface PlaceStripProps {
  readonly parts: readonly MaskShare[];
  readonly experts: readonly MaskExpert[];
  readonly width: number;
}

const ROW = 40;
const BAR = 20;
const NARROW = 420;
const AXIS = 22;
/** Columns wide enough for a number, and for a letter of a part's name. */
const NUMBER = 38;
const LETTER = 6.4;
const UNIT = /\s*%$/;

/** Experts × parts: a bar for each density, with its number where there is room. */
export function PlaceStrip({ parts, experts, width }: PlaceStripProps) {
  const format = useFormats();
  const left = width < NARROW ? 22 : 124;
  const column = (width - left) / Math.max(1, parts.length);
  const most = Math.max(1e-9, ...parts.flatMap((part) => densities(part)));
  const bar = Math.min(column - 4, 34);
  const bottom = experts.length * ROW;
  return (
    <svg data-chart width={width} height={bottom + AXIS} className={styles.chart} aria-hidden="true">
      {experts.map(({ id, label, index }, k) => {
        const base = (k + 1) * ROW;
        return (
          <g key={id}>
            <TaskShape index={index} x={8} y={base - 8} />
            {width < NARROW ? null : (
              <text className={styles.ink} x={20} y={base - 4}>
                {label.length * LETTER > left - 24
                  ? `${label.slice(0, Math.floor((left - 30) / LETTER))}…`
                  : label}
              </text>
            )}
            <path className={styles.rule} d={`M${left},${base + 0.5}H${width}`} />
            {parts.map((part, i) => {
              const share = densities(part)[k] ?? 0;
              const height = (BAR * share) / most;
              const x = left + (i + 0.5) * column;
              return (
                <g key={part.name}>
                  <rect
                    x={x - bar / 2}
                    width={Math.max(1, bar)}
                    y={base - height}
                    height={height}
                    fill={taskColour(index)}
                  />
                  {column < NUMBER ? null : (
                    <text className={styles.small} x={x} y={base - height - 3}>
                      {format.percent(share).replace(UNIT, "")}
                    </text>
                  )}
                </g>
              );
            })}
          </g>
        );
      })}
      {parts.map(({ name }, i) => {
        const short = name.slice(name.lastIndexOf(".") + 1);
        const label = name.length * LETTER < column ? name : short.length * LETTER < column ? short : "";
        return (
          <text key={name} className={styles.under} x={left + (i + 0.5) * column} y={bottom + 16}>
            {label}
          </text>
        );
      })}
    </svg>
  );
}
