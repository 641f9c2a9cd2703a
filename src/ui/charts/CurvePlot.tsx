import { useState } from "react";
import { CurveAxes } from "./CurveAxes.tsx";
import { CurveReadout } from "./CurveReadout.tsx";
import styles from "./curve.module.css";
import {
  type Axis,
  allX,
  bandPath,
  type Curve,
  type CurveBox,
  curveBox,
  linePath,
  nearestX,
  plotX,
  plotY,
  spreadNames,
} from "./curve-geometry.ts";
import { MiniMark } from "./MiniMark.tsx";

export interface CurvePlotProps {
  readonly curves: readonly Curve[];
  readonly x: Axis;
  readonly y: Axis;
  /** Words under the horizontal axis. */
  readonly xName: string;
  readonly width: number;
  readonly height?: number;
  /** Levels to compare with, each with its words. */
  readonly levels?: readonly {
    readonly y: number;
    readonly name: string;
    readonly isNameBelow?: boolean;
    readonly isNameAtEnd?: boolean;
  }[];
  /** The value of x that was chosen, with its words. */
  readonly chosen?: { readonly x: number; readonly name: string } | undefined;
  /** Accessible name of the cursor. */
  readonly cursorName: string;
  formatX(x: number): string;
  /** The title of the numbers at x. */
  titleOf(x: number): string;
  formatY(y: number): string;
  formatTick(y: number): string;
}

const HEIGHT = 168;
const AXIS = 34;
const KEY_ROW = 18;

/** Curves with their intervals as bands, and a cursor that reads them out. Own SVG: points arrive one by one. */
export function CurvePlot(props: CurvePlotProps) {
  const { curves, x, width, height = HEIGHT, chosen, cursorName } = props;
  const [pointed, setPointed] = useState<number>();
  const box = curveBox(width, height);
  const xs = allX(curves);
  const resting = chosen ? xs.indexOf(chosen.x) : -1;
  const cursor = Math.min(pointed ?? (resting >= 0 ? resting : xs.length - 1), xs.length - 1);
  const at = xs[cursor];
  const keys = box.hasEndNames ? 0 : Math.ceil(curves.length / 2);

  return (
    <>
      <div
        className={styles.stage}
        onPointerMove={({ nativeEvent }) => setPointed(nearestX(box, x, xs, nativeEvent.offsetX))}
        onPointerLeave={() => setPointed(undefined)}
      >
        <svg
          data-chart
          width={width}
          height={box.bottom + AXIS + keys * KEY_ROW}
          className={styles.chart}
          aria-hidden="true"
        >
          <CurveAxes {...props} box={box} />
          {curves.map((curve) => (
            <CurveLine key={curve.id} curve={curve} box={box} x={x} y={props.y} />
          ))}
          {pointed === undefined || at === undefined ? null : (
            <path
              data-page-only
              className={styles.cursor}
              d={`M${plotX(box, x, at)},${box.top}V${box.bottom}`}
            />
          )}
          <Names curves={curves} box={box} x={x} y={props.y} width={width} />
        </svg>
        {xs.length === 0 ? null : (
          <input
            type="range"
            className={styles.reader}
            aria-label={cursorName}
            aria-valuetext={at === undefined ? undefined : readingOf(props, at)}
            min={0}
            max={xs.length - 1}
            value={Math.max(0, cursor)}
            onChange={(event) => setPointed(event.currentTarget.valueAsNumber)}
            onBlur={() => setPointed(undefined)}
          />
        )}
      </div>
      <CurveReadout
        curves={curves}
        at={at}
        title={at === undefined ? "–" : props.titleOf(at)}
        formatY={props.formatY}
      />
    </>
  );
}

interface CurveLineProps {
  readonly curve: Curve;
  readonly box: CurveBox;
  readonly x: Axis;
  readonly y: Axis;
}

function CurveLine({ curve, box, x, y }: CurveLineProps) {
  const { points, colour, shape, dash } = curve;
  return (
    <g>
      <path className={styles.band} d={bandPath(box, x, y, points)} fill={colour} />
      <path className={styles.line} d={linePath(box, x, y, points)} stroke={colour} strokeDasharray={dash} />
      {points.map((point) => (
        <MiniMark
          key={point.x}
          shape={shape}
          colour={colour}
          isHollow={point.isQuick ?? false}
          x={plotX(box, x, point.x)}
          y={plotY(box, y, point.y)}
        />
      ))}
    </g>
  );
}

interface NamesProps extends Omit<CurveLineProps, "curve"> {
  readonly curves: readonly Curve[];
  readonly width: number;
}

/** Names at the curves' ends, or in a key below. */
function Names({ curves, box, x, y, width }: NamesProps) {
  const drawn = curves.filter(({ points }) => points.length > 0);
  if (!box.hasEndNames) {
    return drawn.map(({ id, name, colour, shape }, i) => {
      const left = (i % 2) * (width / 2) + 6;
      const top = box.bottom + AXIS + 10 + Math.floor(i / 2) * KEY_ROW;
      return (
        <g key={id}>
          <MiniMark shape={shape} colour={colour} isHollow={false} x={left} y={top} />
          <text className={styles.name} x={left + 10} y={top + 4}>
            {name}
          </text>
        </g>
      );
    });
  }
  const ends = drawn.map(({ points }) => {
    const last = points.at(-1);
    return { x: last ? plotX(box, x, last.x) : 0, y: last ? plotY(box, y, last.y) : 0 };
  });
  const places = spreadNames(
    ends.map((end) => end.y),
    box,
  );
  return drawn.map(({ id, name }, i) => (
    <text key={id} className={styles.name} x={(ends[i]?.x ?? 0) + 10} y={(places[i] ?? 0) + 4}>
      {name}
    </text>
  ));
}

/** What a screen reader says at x. */
function readingOf({ curves, formatY, titleOf }: CurvePlotProps, at: number): string {
  const parts = curves.flatMap(({ name, points }) => {
    const point = points.find(({ x }) => x === at);
    return point ? [`${name} ${formatY(point.y)}`] : [];
  });
  return `${titleOf(at)}: ${parts.join(", ")}`;
}
