import type { Pass } from "#app/slices/pass.ts";
import { TaskShape } from "../charts/TaskShape.tsx";
import { taskColour } from "../controls/TaskMark.tsx";
import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import styles from "./doge.module.css";
import { dogeWords } from "./doge-words.ts";
import { randomShare } from "./energy.ts";

/** An expert of the pass, in its order. */
export interface PassExpert {
  readonly label: string;
  /** Of its shape and colour. */
  readonly index: number;
}

interface EnergyBarsProps {
  readonly layers: NonNullable<Pass["layers"]>;
  readonly experts: readonly PassExpert[];
  readonly width: number;
}

const BAR = 4;
const GAP = 1;
/** Between two layers. */
const BETWEEN = 8;
const NUMBER = 44;
const KEY_LINE = 18;
const KEY_COLUMN = 124;
const AXIS = 16;

/** For each layer a bar per expert, on 0…1, and a tick where a random subspace would lie; the key is part of the drawing. */
export function EnergyBars({ layers, experts, width }: EnergyBarsProps) {
  const words = useWords(dogeWords).energy;
  const format = useFormats();
  const left = Math.min(180, Math.round(width * 0.38));
  const room = Math.max(40, width - left - NUMBER);
  const x = (share: number) => left + Math.min(1, Math.max(0, share)) * room;
  const row = Math.max(14, experts.length * (BAR + GAP)) + BETWEEN;
  const columns = Math.max(1, Math.floor(width / KEY_COLUMN));
  const key = KEY_LINE * (Math.ceil(experts.length / columns) + 1);
  const bottom = key + AXIS + layers.length * row;
  return (
    <svg data-chart width={width} height={bottom + 4} className={styles.chart} aria-hidden="true">
      <Key experts={experts} columns={columns} y={12 + KEY_LINE * Math.ceil(experts.length / columns)} />
      {[0, 0.5, 1].map((share) => (
        <g key={share}>
          <path className={styles.grid} d={`M${x(share)},${key + AXIS - 2}V${bottom}`} />
          <text className={styles.axis} x={x(share)} y={key + AXIS - 6}>
            {format.count(100 * share)}
            {share === 1 ? "\u202f%" : null}
          </text>
        </g>
      ))}
      {layers.map((layer, l) => {
        const y = key + AXIS + l * row + BETWEEN / 2;
        const { name, rank, energy } = layer;
        const mean = energy.reduce((sum, share) => sum + share, 0) / Math.max(1, energy.length);
        const middle = y + (row - BETWEEN) / 2;
        return (
          <g key={name}>
            <text className={styles.ink} x={0} y={middle + 4}>
              {shortened(name, left)}
              <title>{name}</title>
            </text>
            {rank === 0 ? (
              <text className={styles.muted} x={left + 4} y={middle + 4}>
                {words.isFree}
              </text>
            ) : (
              <>
                {energy.map((share, k) => (
                  <rect
                    // biome-ignore lint/suspicious/noArrayIndexKey: bars are known by their expert's place
                    key={k}
                    x={left}
                    y={y + k * (BAR + GAP)}
                    width={Math.max(1, x(share) - left)}
                    height={BAR}
                    fill={taskColour(experts[k]?.index ?? k)}
                  />
                ))}
                <path
                  className={styles.random}
                  d={`M${x(randomShare(layer))},${y - 2}v${row - BETWEEN + 3}`}
                />
                <text className={styles.end} x={width} y={middle + 4}>
                  {format.percent(mean)}
                </text>
              </>
            )}
          </g>
        );
      })}
    </svg>
  );
}

interface KeyProps {
  readonly experts: readonly PassExpert[];
  readonly columns: number;
  /** Of its last line. */
  readonly y: number;
}

/** The experts in the order of their bars, and the tick. */
function Key({ experts, columns, y }: KeyProps) {
  const words = useWords(dogeWords).energy;
  return (
    <g>
      {experts.map(({ label, index }, k) => (
        <g
          key={label}
          transform={`translate(${(k % columns) * KEY_COLUMN} ${8 + KEY_LINE * Math.floor(k / columns)})`}
        >
          <TaskShape index={index} x={6} y={0} />
          <text className={styles.ink} x={18} y={4}>
            {label}
          </text>
        </g>
      ))}
      <path className={styles.random} d={`M6,${y - 9}v11`} />
      <text className={styles.muted} x={18} y={y}>
        {words.key}
      </text>
    </g>
  );
}

/** Pixels that a letter of an axis takes. */
const LETTER = 6.2;

/** The end of a name tells layers apart: what does not fit is left out at its beginning. */
function shortened(name: string, width: number): string {
  const bare = name.replace(/\.weight$/, "");
  const fits = Math.floor((width - 8) / LETTER);
  return bare.length <= fits ? bare : `…${bare.slice(bare.length - fits + 1)}`;
}
