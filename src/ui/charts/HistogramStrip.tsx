import styles from "./HistogramStrip.module.css";
import { histogramPath } from "./histogram-path.ts";

export interface StripSeries {
  readonly id: string;
  /** 0…5: which task colour. */
  readonly hue: number;
  /** Equal bins over [0, max]. */
  readonly bins: readonly number[];
  readonly max: number;
  /** |τ| at the cut; absent when nothing is cut by size. */
  readonly threshold: number | undefined;
}

interface Props {
  /** One is drawn filled, what lies under its threshold pale; several are overlaid as lines on one axis. */
  readonly series: readonly StripSeries[];
  /** What the picture says, in words. */
  readonly label: string;
}

/** Histogram of |τ| as a strip, with the threshold as a gold line. */
export function HistogramStrip({ series, label }: Props) {
  const end = Math.max(0, ...series.map(({ max }) => max));
  const isAlone = series.length === 1;
  return (
    <svg
      className={styles.strip}
      viewBox="0 0 1 1"
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      data-alone={isAlone || undefined}
    >
      {end > 0 &&
        series.map(({ id, hue, bins, max }) => (
          <path key={id} d={histogramPath(bins)} transform={`scale(${max / end} 1)`} data-hue={hue} />
        ))}
      {end > 0 &&
        series.map((entry) => <Threshold key={entry.id} entry={entry} end={end} shades={isAlone} />)}
    </svg>
  );
}

function Threshold({ entry, end, shades }: { entry: StripSeries; end: number; shades: boolean }) {
  if (entry.threshold === undefined) return null;
  const x = Math.min(1, Math.max(0, entry.threshold / end));
  return (
    <>
      {shades && <rect className={styles.dropped} width={x} height={1} />}
      <line className={styles.threshold} x1={x} x2={x} y1={0} y2={1} />
    </>
  );
}
