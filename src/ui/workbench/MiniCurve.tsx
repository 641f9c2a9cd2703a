import { type PointerEvent, type ReactNode, type RefObject, useState } from "react";
import { useWidth } from "../charts/use-width.ts";
import { useFormats } from "../format.ts";
import { type DrawnCurve, isShare, type Point, topOf } from "./job-curves.ts";
import styles from "./workbench.module.css";

interface MiniCurveProps {
  readonly curve: DrawnCurve;
  readonly name: string;
  /** Where the axis ends. */
  readonly end: number;
  readonly colour: string;
  /** Accuracy of guessing, for shares. */
  readonly chance: number | undefined;
  /** Ticks under the axis: steps that are kept. */
  readonly ticks: readonly number[];
  /** How a value is written, and what its point is called. */
  value(point: Point): string;
  /** Its interval and sample, for shares. */
  readonly range: ((point: Point) => string) | undefined;
  at(point: Point): string;
  label(point: Point): string;
  /** Beside the name; gets the element that the drawing lies in. */
  action?(body: RefObject<HTMLElement | null>): ReactNode;
}

const HEIGHT = 92;
/** Room above the highest point and below the axis with its words, in pixels. */
const TOP = 16;
const BOTTOM = 20;

/** One curve over the steps of a job: its name and newest value above, a line below. It keeps its scale while it grows. */
export function MiniCurve(props: MiniCurveProps) {
  const { curve, name, end, colour, chance, ticks, value, range, at, label } = props;
  const [frame, width] = useWidth<HTMLDivElement>();
  const format = useFormats();
  const [pointed, setPointed] = useState<number>();
  const { points } = curve;
  const last = points.at(-1);
  if (!last) return null;

  const top = topOf(curve);
  const x = (step: number) => (Math.min(step, end) / Math.max(1, end)) * Math.max(0, width - 2) + 1;
  const y = (share: number) => TOP + (1 - Math.min(1, Math.max(0, share))) * (HEIGHT - TOP - BOTTOM);
  const shown = (pointed === undefined ? undefined : points[pointed]) ?? last;
  const onPointerMove = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    setPointed(nearest(points, ((event.clientX - box.left) / box.width) * end));
  };

  return (
    <figure className={styles.curve}>
      <figcaption className={styles.curveHead}>
        <span className={styles.curveName}>
          {name}
          {props.action?.(frame)}
        </span>
        <span>
          <b>{value(shown)}</b> <span className="muted">{at(shown)}</span>
        </span>
        {range ? <span className="muted">{range(shown)}</span> : null}
      </figcaption>
      <div ref={frame}>
        {width === 0 ? null : (
          <svg
            data-chart
            width={width}
            height={HEIGHT}
            role="img"
            aria-label={label(last)}
            onPointerMove={onPointerMove}
            onPointerLeave={() => setPointed(undefined)}
          >
            {chance === undefined ? null : (
              <path d={`M0 ${y(chance)}H${width}`} stroke="var(--line-strong)" strokeDasharray="2 3" />
            )}
            <path d={`M0 ${y(0) + 0.5}H${width}`} stroke="var(--line)" />
            {ticks.map((tick) => (
              <path key={tick} d={`M${x(tick)} ${y(0) + 1}v5`} stroke="var(--gold-mark)" strokeWidth={1.5} />
            ))}
            {isShare(curve.name) ? <Whiskers points={points} x={x} y={y} colour={colour} /> : null}
            <path
              d={lineOf(points, x, (point) => y(point.value / top))}
              fill="none"
              stroke={colour}
              strokeWidth={1.5}
              strokeLinejoin="round"
            />
            <g className={styles.curveAxis}>
              <text y={TOP - 6}>{value({ ...last, value: top })}</text>
              <text y={HEIGHT - 1}>0</text>
              <text x={width} y={HEIGHT - 1} textAnchor="end">
                {format.count(end)}
              </text>
            </g>
            <circle cx={x(shown.at)} cy={y(shown.value / top)} r={3} fill={colour} />
          </svg>
        )}
      </div>
    </figure>
  );
}

interface WhiskersProps {
  readonly points: readonly Point[];
  readonly colour: string;
  x(step: number): number;
  y(share: number): number;
}

/** 95 % intervals; too many of them become a band. */
function Whiskers({ points, x, y, colour }: WhiskersProps) {
  const known = points.filter(({ low, high }) => low !== undefined && high !== undefined);
  const upper = known.map((point) => `${x(point.at)} ${y(point.high ?? 0)}`);
  const lower = known.map((point) => `${x(point.at)} ${y(point.low ?? 0)}`).reverse();
  if (known.length < 2) {
    const [point] = known;
    if (!point) return null;
    return (
      <path d={`M${upper[0]}V${y(point.low ?? 0)}`} stroke={colour} strokeOpacity={0.5} strokeWidth={1.5} />
    );
  }
  return <path d={`M${[...upper, ...lower].join("L")}Z`} fill={colour} fillOpacity={0.18} />;
}

function lineOf(points: readonly Point[], x: (step: number) => number, y: (point: Point) => number): string {
  const drawn = points.filter(({ value }) => Number.isFinite(value));
  return drawn
    .map((point, i) => `${i === 0 ? "M" : "L"}${x(point.at).toFixed(1)} ${y(point).toFixed(1)}`)
    .join("");
}

function nearest(points: readonly Point[], step: number): number {
  let best = 0;
  for (let i = 1; i < points.length; i++) {
    if (Math.abs((points[i]?.at ?? 0) - step) < Math.abs((points[best]?.at ?? 0) - step)) best = i;
  }
  return best;
}
