import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import styles from "./masks.module.css";
import { masksWords } from "./masks-words.ts";

interface OverlapBarsProps {
  readonly rows: readonly {
    readonly name: string;
    readonly count: number;
    readonly share: number;
    readonly expected: number;
  }[];
  readonly width: number;
}

const ROW = 24;
const NAME = 104;
const NUMBERS = 118;
const KEY = 24;

/** A bar for each number of regions; the first, which would dwarf the others, is cut and says so. */
export function OverlapBars({ rows, width }: OverlapBarsProps) {
  const words = useWords(masksWords).overlap;
  const format = useFormats();
  const room = Math.max(40, width - NAME - NUMBERS);
  const most = Math.max(1e-9, ...rows.slice(1).flatMap(({ share, expected }) => [share, expected]));
  const length = (share: number) => (Math.min(share, most) / most) * room;
  const bottom = rows.length * ROW;
  return (
    <svg data-chart width={width} height={bottom + KEY} className={styles.chart} aria-hidden="true">
      {rows.map(({ name, count, share, expected }, times) => {
        const y = times * ROW;
        const isCut = share > most;
        const end = NAME + length(share);
        const chance = NAME + length(expected);
        return (
          <g key={name}>
            <text className={styles.ink} x={0} y={y + 16}>
              {name}
            </text>
            <rect
              className={times === 0 ? styles.barNone : styles.bar}
              x={NAME}
              y={y + 5}
              width={Math.max(share > 0 ? 1 : 0, length(share))}
              height={14}
            />
            {isCut ? (
              <path className={styles.cut} d={`M${end - 16},${y + 21}l5,-18M${end - 11},${y + 21}l5,-18`} />
            ) : null}
            {expected > most ? null : <path className={styles.chance} d={`M${chance},${y + 2}v20`} />}
            <text className={styles.strongEnd} x={width - 58} y={y + 16}>
              {format.compact(count)}
            </text>
            <text className={styles.mutedEnd} x={width} y={y + 16}>
              {format.percent(share)}
            </text>
          </g>
        );
      })}
      <path className={styles.chance} d={`M${NAME},${bottom + 6}v14`} />
      <text className={styles.muted} x={NAME + 8} y={bottom + 17}>
        {words.key}
      </text>
    </svg>
  );
}
