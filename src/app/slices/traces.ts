/** Curves of a job that runs for hours, in bounded memory. */
import type { CurveName, TracePoint } from "#workers/protocol/optimise.ts";

export interface Curve {
  /** Every `stride`-th point that arrived, oldest first; at most CURVE_POINTS. */
  readonly points: readonly TracePoint[];
  readonly stride: number;
  /** Points that arrived. */
  readonly seen: number;
  /** The newest point, kept or not. */
  readonly last: TracePoint | undefined;
}

export type Curves = Readonly<Partial<Record<CurveName, Curve>>>;

/** More points than a chart has pixels are no use. */
export const CURVE_POINTS = 512;

const empty: Curve = { points: [], stride: 1, seen: 0, last: undefined };

/** Adds points, oldest first; a curve that is full keeps every second of its points and goes on half as dense. */
export function withPoints(curves: Curves, points: readonly TracePoint[]): Curves {
  const byCurve = new Map<CurveName, TracePoint[]>();
  for (const point of points) {
    const known = byCurve.get(point.curve);
    if (known) known.push(point);
    else byCurve.set(point.curve, [point]);
  }
  const added = [...byCurve].map(([name, more]) => [name, extended(curves[name] ?? empty, more)] as const);
  return { ...curves, ...Object.fromEntries(added) };
}

function extended(curve: Curve, more: readonly TracePoint[]): Curve {
  let { stride, seen } = curve;
  let points = [...curve.points];
  for (const point of more) {
    if (seen % stride === 0) points.push(point);
    seen += 1;
    if (points.length > CURVE_POINTS) {
      points = points.filter((_, i) => i % 2 === 0);
      stride *= 2;
    }
  }
  return { points, stride, seen, last: more.at(-1) ?? curve.last };
}
