import { useFormats } from "../format.ts";
import styles from "./curve.module.css";
import type { Curve } from "./curve-geometry.ts";
import { MiniMark } from "./MiniMark.tsx";

interface CurveReadoutProps {
  readonly curves: readonly Curve[];
  readonly at: number | undefined;
  readonly title: string;
  formatY(y: number): string;
}

/** Every curve's number at one x, with interval and n; always as many lines, so that nothing jumps. */
export function CurveReadout({ curves, at, title, formatY }: CurveReadoutProps) {
  const format = useFormats();
  return (
    <div className={styles.readout}>
      <p className={styles.readoutTitle}>{title}</p>
      <dl className={styles.entries}>
        {curves.map(({ id, name, colour, shape, points }) => {
          const point = points.find(({ x }) => x === at);
          const hasInterval = point?.low !== undefined && point.high !== undefined;
          return (
            <div key={id}>
              <dt>
                <svg width="10" height="10" aria-hidden="true">
                  <MiniMark shape={shape} colour={colour} isHollow={point?.isQuick ?? false} x={5} y={5} />
                </svg>
                {name}
              </dt>
              <dd className={point?.isQuick ? styles.quick : styles.value}>
                {point ? `${point.isQuick ? "~" : ""}${formatY(point.y)}` : "–"}
              </dd>
              <dd>
                {point && hasInterval
                  ? `${format.interval({ low: point.low ?? 0, high: point.high ?? 0 })}${point.n ? `, ${format.n(point.n)}` : ""}`
                  : "\u00a0"}
              </dd>
            </div>
          );
        })}
      </dl>
    </div>
  );
}
