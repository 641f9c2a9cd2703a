import { TaskShape } from "../charts/TaskShape.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import type { MaskExpert } from "./mask-experts.ts";
import styles from "./masks.module.css";
import { masksWords } from "./masks-words.ts";

interface JaccardGridProps {
  readonly matrix: readonly (readonly number[])[];
  readonly experts: readonly MaskExpert[];
  readonly width: number;
  /** What two random regions of their sizes would have. */
  chance(a: number, b: number): number;
}

const TOP = 22;
const LARGEST = 92;
const HEIGHT = 46;
const NARROW = 420;
const LETTER = 6.4;
/** Cells wide enough for the value, and for how it compares with chance. */
const VALUE = 26;
const FACTOR = 74;
/** The strongest tint: text must stay readable over it in both themes. */
const STRONGEST = 0.45;

/** The matrix as tinted cells with their numbers; a region with itself is 1 and stays empty. */
export function JaccardGrid({ matrix, experts, width, chance }: JaccardGridProps) {
  const words = useWords(masksWords).jaccard;
  const format = useFormats();
  const count = experts.length;
  const left = width < NARROW ? 24 : 128;
  const cell = Math.min(LARGEST, (width - left) / count);
  const height = Math.min(HEIGHT, Math.max(14, cell));
  const most = Math.max(1e-9, ...matrix.flatMap((row, a) => row.filter((_, b) => a !== b)));
  return (
    <svg
      data-chart
      width={width}
      height={TOP + count * height + 4}
      className={styles.chart}
      aria-hidden="true"
    >
      {experts.map(({ id, label, index }, a) => (
        <g key={id}>
          <TaskShape index={index} x={left + (a + 0.5) * cell} y={10} />
          <TaskShape index={index} x={8} y={TOP + (a + 0.5) * height} />
          {width < NARROW ? null : (
            <text className={styles.ink} x={20} y={TOP + (a + 0.5) * height + 4}>
              {label.length * LETTER > left - 24
                ? `${label.slice(0, Math.floor((left - 30) / LETTER))}…`
                : label}
            </text>
          )}
          {experts.map((other, b) => {
            const value = matrix[a]?.[b] ?? 0;
            const x = left + b * cell;
            const y = TOP + a * height;
            const isSame = a === b;
            const factor = value / Math.max(1e-9, chance(a, b));
            const hasFactor = cell >= FACTOR && !isSame;
            return (
              <g key={other.id}>
                <rect
                  className={isSame ? styles.same : styles.heat}
                  x={x + 1}
                  y={y + 1}
                  width={cell - 2}
                  height={height - 2}
                  rx={3}
                  fillOpacity={isSame ? 1 : (STRONGEST * value) / most}
                />
                {cell < VALUE ? null : (
                  <text
                    className={isSame ? styles.mutedMiddle : styles.strongMiddle}
                    x={x + cell / 2}
                    y={y + height / 2 + (hasFactor ? -3 : 4)}
                  >
                    {isSame ? "1" : format.at(0.01, value)}
                  </text>
                )}
                {hasFactor ? (
                  <text className={styles.smallInk} x={x + cell / 2} y={y + height / 2 + 12}>
                    {words.chance(format.number(Number(factor.toPrecision(2))))}
                  </text>
                ) : null}
              </g>
            );
          })}
        </g>
      ))}
    </svg>
  );
}
