import type { Estimate } from "#core/eval/report.ts";
import { useFormats } from "../format.ts";
import styles from "./chart-tip.module.css";

interface ChartTipProps {
  readonly title: string;
  readonly rows: readonly {
    readonly name: string;
    readonly estimate: Estimate | undefined;
    readonly colour: string;
  }[];
}

/** The numbers under the pointer or the arrow keys: words in ink, the series' colour only as a swatch. */
export function ChartTip({ title, rows }: ChartTipProps) {
  const format = useFormats();
  return (
    <div className={styles.tip} aria-live="polite">
      <p className={styles.title}>{title}</p>
      {rows.map(({ name, estimate, colour }) => (
        <p key={name}>
          <svg width="8" height="8" aria-hidden="true" className={styles.swatch}>
            <rect width="8" height="8" rx="1" fill={colour} />
          </svg>
          {name}{" "}
          {estimate ? (
            <>
              <strong>{format.percent(estimate.value)}</strong>{" "}
              <span className={styles.interval}>
                {format.interval(estimate)}, {format.n(estimate.n)}
              </span>
            </>
          ) : (
            "–"
          )}
        </p>
      ))}
    </div>
  );
}
