import type { CurvePlotProps } from "./CurvePlot.tsx";
import styles from "./curve.module.css";
import { type CurveBox, plotX, plotY } from "./curve-geometry.ts";

/** Axes, levels to compare with, and the chosen x. */
export function CurveAxes(props: CurvePlotProps & { readonly box: CurveBox }) {
  const { box, x, y, xName, levels = [], chosen, formatX, formatTick } = props;
  const middle = (box.left + box.right) / 2;
  return (
    <g>
      {y.ticks.map((tick) => (
        <g key={tick}>
          <path className={styles.grid} d={`M${box.left},${plotY(box, y, tick)}H${box.right}`} />
          <text className={styles.yTick} x={box.left - 6} y={plotY(box, y, tick) + 4}>
            {formatTick(tick)}
          </text>
        </g>
      ))}
      <path className={styles.axis} d={`M${box.left},${box.bottom}H${box.right}`} />
      {x.ticks.map((tick) => (
        <g key={tick}>
          <path className={styles.axis} d={`M${plotX(box, x, tick)},${box.bottom}v4`} />
          <text className={styles.xTick} x={plotX(box, x, tick)} y={box.bottom + 16}>
            {formatX(tick)}
          </text>
        </g>
      ))}
      <text className={styles.xTick} x={middle} y={box.bottom + 31}>
        {xName}
      </text>
      {levels.map((level) => (
        <g key={level.name}>
          <path className={styles.level} d={`M${box.left},${plotY(box, y, level.y)}H${box.right}`} />
          <text
            className={styles.levelName}
            x={level.isNameAtEnd ? box.right - 4 : box.left + 4}
            y={plotY(box, y, level.y) + (level.isNameBelow ? 13 : -4)}
            textAnchor={level.isNameAtEnd ? "end" : "start"}
          >
            {level.name}
          </text>
        </g>
      ))}
      {chosen ? (
        <g>
          <path className={styles.chosen} d={`M${plotX(box, x, chosen.x)},${box.top - 4}V${box.bottom}`} />
          <text
            className={styles.chosenName}
            x={Math.min(box.right - 24, Math.max(box.left + 24, plotX(box, x, chosen.x)))}
            y={box.top - 8}
          >
            {chosen.name}
          </text>
        </g>
      ) : null}
    </g>
  );
}
