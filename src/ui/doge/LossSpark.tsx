import { wholeCurve } from "../workbench/job-curves.ts";
import styles from "./doge.module.css";
import type { LossCurve } from "./loss.ts";

const WIDTH = 84;
const HEIGHT = 30;

interface LossSparkProps {
  readonly curve: LossCurve;
  /** Steps wanted. */
  readonly end: number;
}

/** The loss from its first value down to 0, without numbers: the chart in the method's card has them. */
export function LossSpark({ curve, end }: LossSparkProps) {
  const points = wholeCurve(curve);
  const top = Math.max(...points.map(({ value }) => value).filter(Number.isFinite), Number.MIN_VALUE);
  const x = (at: number) => 1 + (Math.min(at, end) / Math.max(1, end)) * (WIDTH - 4);
  const y = (value: number) => 3 + (1 - value / top) * (HEIGHT - 5);
  const drawn = points.filter(({ value }) => Number.isFinite(value));
  const last = drawn.at(-1);
  if (!last) return null;
  const line = drawn.map(({ at, value }) => `${x(at).toFixed(1)} ${y(value).toFixed(1)}`).join("L");
  return (
    <svg width={WIDTH} height={HEIGHT} className={styles.spark} aria-hidden="true">
      <path d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} className={styles.grid} />
      <path d={`M${line}`} className={styles.loss} />
      <circle cx={x(last.at)} cy={y(last.value)} r={2.5} className={styles.now} />
    </svg>
  );
}
