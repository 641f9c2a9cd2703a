import type { ReactNode } from "react";
import { taskColour } from "../controls/TaskMark.tsx";
import styles from "./HistogramStrip.module.css";
import { histogramPath } from "./histogram-path.ts";

export interface StripSeries {
  readonly id: string;
  /** Position of its task, which decides the colour. */
  readonly task: number;
  /** Equal bins over [0, max]. */
  readonly bins: readonly number[];
  readonly max: number;
}

interface Props {
  /** One is drawn filled; several are overlaid as lines over one axis, 0…stripEnd. */
  readonly series: readonly StripSeries[];
  /** What the picture says, in words. */
  readonly label: string;
  /** StripCuts. */
  readonly children?: ReactNode;
}

/** Where the axis of a strip ends: the largest |τ| in it. */
export function stripEnd(series: readonly StripSeries[]): number {
  return Math.max(0, ...series.map(({ max }) => max));
}

/** Histogram of |τ| as a strip. */
export function HistogramStrip({ series, label, children }: Props) {
  const end = stripEnd(series);
  const isAlone = series.length === 1;
  return (
    <svg className={styles.strip} viewBox="0 0 1 1" preserveAspectRatio="none" role="img" aria-label={label}>
      {end > 0 &&
        series.map(({ id, task, bins, max }) => (
          <path
            key={id}
            d={histogramPath(bins)}
            transform={`scale(${max / end} 1)`}
            fill={isAlone ? taskColour(task) : "none"}
            stroke={isAlone ? "none" : taskColour(task)}
          />
        ))}
      {end > 0 && children}
    </svg>
  );
}

interface CutProps {
  /** Where the cut lies on the axis, 0…1. */
  readonly at: number;
  /** A whole line that pales what is dropped, for strips of one series; else a short tick on the axis. */
  readonly isAlone: boolean;
}

/** The threshold as a gold line. */
export function StripCut({ at, isAlone }: CutProps) {
  const x = Math.min(1, Math.max(0, at));
  return (
    <>
      {isAlone && <rect className={styles.dropped} width={x} height={1} />}
      <line className={styles.threshold} x1={x} x2={x} y1={isAlone ? 0 : 0.55} y2={1} />
    </>
  );
}
