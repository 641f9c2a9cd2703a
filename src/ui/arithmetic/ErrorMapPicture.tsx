import { useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import styles from "./arithmetic.module.css";
import { arithmeticWords } from "./arithmetic-words.ts";
import type { MapBox } from "./ErrorMapStage.tsx";
import type { ErrorMap } from "./error-map.ts";

interface ErrorMapPictureProps {
  readonly map: ErrorMap;
  readonly box: MapBox;
  readonly names: readonly [string, string];
  readonly width: number;
  readonly height: number;
  x(alpha: number): number;
  y(alpha: number): number;
}

const TICKS = [-1, 0, 1, 2];
const SHADES = 24;
/** The darkest ink of the scale: the frame must stay visible over it. */
const DARKEST = 0.92;

/** Cells whose ink grows with the error, the search range as a gold square, and the scale. */
export function ErrorMapPicture({ map, box, names, width, height, x, y }: ErrorMapPictureProps) {
  const words = useWords(arithmeticWords).map;
  const format = useFormats();
  const bottom = box.top + box.side;
  const square = { x: x(0), y: y(1), width: x(1) - x(0), height: y(0) - y(1) };
  const middle = box.left + box.side / 2;
  const scale = box.side / map.most / 2;
  return (
    <svg data-chart width={width} height={height} className={styles.map} aria-hidden="true">
      <rect className={styles.hole} x={box.left} y={box.top} width={box.side} height={box.side} />
      {map.cells.map(({ point, side }) => {
        const [a, b] = point.alphas;
        const place = {
          x: x(a - side / 2),
          y: y(b + side / 2),
          width: x(a + side / 2) - x(a - side / 2),
          height: y(b - side / 2) - y(b + side / 2),
        };
        return (
          <g key={`${a} ${b}`}>
            <rect {...place} fill="var(--surface)" />
            <rect {...place} className={styles.cell} fillOpacity={(DARKEST * point.error.value) / map.most} />
          </g>
        );
      })}
      <rect className={styles.squareEdge} {...square} />
      <rect className={styles.square} {...square} />
      {TICKS.map((tick) => (
        <g key={tick} className={styles.tick}>
          <text x={x(tick)} y={bottom + 16} textAnchor="middle">
            {format.number(tick)}
          </text>
          <text x={box.left - 6} y={y(tick) + 4} textAnchor="end">
            {format.number(tick)}
          </text>
        </g>
      ))}
      <text className={styles.axisName} x={middle} y={bottom + 33} textAnchor="middle">
        α₁ · {names[0]}
      </text>
      <text
        className={styles.axisName}
        transform={`translate(12 ${box.top + box.side / 2}) rotate(-90)`}
        textAnchor="middle"
      >
        α₂ · {names[1]}
      </text>
      <g transform={`translate(${box.left} ${bottom + 52})`}>
        {Array.from({ length: SHADES }, (_, i) => (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a scale's shades are their places
            key={i}
            className={styles.cell}
            x={(i * scale * map.most) / SHADES}
            width={(scale * map.most) / SHADES + 0.3}
            height={8}
            fillOpacity={(DARKEST * (i + 0.5)) / SHADES}
          />
        ))}
        <rect className={styles.scaleFrame} width={scale * map.most} height={8} />
        <text className={styles.tick} y={22}>
          ξ = 0
        </text>
        <text className={styles.tick} x={scale * map.most} y={22} textAnchor="end">
          {format.number(map.most)}
        </text>
        <rect className={styles.square} x={scale * map.most + 24} y={-1} width={10} height={10} />
        <text className={styles.tick} x={scale * map.most + 40} y={9}>
          {words.square}
        </text>
      </g>
    </svg>
  );
}
