import styles from "./exchange.module.css";
import { shareAt } from "./ranks.ts";

interface RankCurveProps {
  /** Share kept at rank 1, 2, …, 0…1. */
  readonly kept: readonly number[];
  readonly rank: number;
  readonly label: string;
}

/** User units; the drawing stretches sideways with the dialog. */
const WIDTH = 300;
const HEIGHT = 64;

/** The share kept over ranks, with the chosen one: under the slider, on the same axis. */
export function RankCurve({ kept, rank, label }: RankCurveProps) {
  const x = (at: number) => (WIDTH * (at - 1)) / Math.max(1, kept.length - 1);
  const y = (share: number) => HEIGHT * (1 - share);
  const line = kept.map((share, i) => `${x(i + 1).toFixed(2)},${y(share).toFixed(2)}`).join("L");
  const at = x(rank);
  return (
    <div className={styles.rankCurve}>
      <span className={styles.rankAxis} aria-hidden>
        <span>100 %</span>
        <span>0</span>
      </span>
      <svg
        role="img"
        aria-label={label}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className={styles.rankStage}
      >
        <path d={`M0,0H${WIDTH}M0,${HEIGHT}H${WIDTH}`} className={styles.rankGrid} />
        <path d={`M0,${HEIGHT}L${line}V${HEIGHT}Z`} className={styles.rankArea} />
        <path d={`M${line}`} className={styles.rankLine} />
        <path d={`M${at},${HEIGHT}V${y(shareAt(kept, rank))}`} className={styles.rankChosen} />
      </svg>
    </div>
  );
}
