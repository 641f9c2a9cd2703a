/** Where things are in a plot of curves, in CSS pixels. */

export interface CurvePoint {
  readonly x: number;
  readonly y: number;
  /** Ends of the 95 % interval. */
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  readonly n?: number | undefined;
  /** Measured on the quick subset: drawn hollow. */
  readonly isQuick?: boolean | undefined;
}

export interface Curve {
  readonly id: string;
  readonly name: string;
  readonly colour: string;
  /** Index of a task's shape: curves are told apart without their colours. */
  readonly shape: number;
  readonly dash?: string | undefined;
  /** By ascending x. */
  readonly points: readonly CurvePoint[];
}

export interface Axis {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  /** Distances by ratio; low must be positive. */
  readonly isLog?: boolean;
}

export interface CurveBox {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Names stand at the curves' ends; where there is no room, in a key below. */
  readonly hasEndNames: boolean;
}

const LEFT = 38;
const TOP = 22;
/** Narrower plots have no room for names beside them. */
const NARROW = 400;
const END_NAMES = 124;
const EDGE = 10;
const NAME_HEIGHT = 14;

export function curveBox(width: number, height: number): CurveBox {
  const hasEndNames = width >= NARROW;
  const right = width - (hasEndNames ? END_NAMES : EDGE);
  return { left: LEFT, right, top: TOP, bottom: TOP + height, hasEndNames };
}

/** Where a value lies on an axis, 0…1 between its ends. */
export function shareOfAxis({ low, high, isLog }: Axis, value: number): number {
  if (!isLog) return (value - low) / (high - low);
  return Math.log(value / low) / Math.log(high / low);
}

export function plotX(box: CurveBox, axis: Axis, x: number): number {
  return box.left + shareOfAxis(axis, x) * (box.right - box.left);
}

export function plotY(box: CurveBox, axis: Axis, y: number): number {
  return box.bottom - shareOfAxis(axis, y) * (box.bottom - box.top);
}

/** An axis that holds all values, with ends at quarters of a step and up to six ticks. */
export function roundAxis(values: readonly number[], { least = 0.1 } = {}): Axis {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return { low: 0, high: 1, ticks: [0, 0.25, 0.5, 0.75, 1] };
  let from = Math.min(...finite);
  let to = Math.max(...finite);
  if (to - from < least) [from, to] = [(from + to - least) / 2, (from + to + least) / 2];
  const step = [0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 5].find((one) => (to - from) / one <= 5) ?? 10;
  const low = (Math.floor((4 * from) / step + 1e-9) * step) / 4;
  const high = (Math.ceil((4 * to) / step - 1e-9) * step) / 4;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toFixed(6)));
  return { low, high, ticks };
}

/** Path through the points, in order. */
export function linePath(box: CurveBox, x: Axis, y: Axis, points: readonly CurvePoint[]): string {
  const at = (point: CurvePoint) => `${round(plotX(box, x, point.x))},${round(plotY(box, y, point.y))}`;
  return points.length === 0 ? "" : `M${points.map(at).join("L")}`;
}

/** Outline of the intervals: along their upper ends and back along the lower ones. */
export function bandPath(box: CurveBox, x: Axis, y: Axis, points: readonly CurvePoint[]): string {
  const known = points.filter(({ low, high }) => Number.isFinite(low) && Number.isFinite(high));
  if (known.length < 2) return "";
  const upper = known.map((point) => ({ x: point.x, y: point.high ?? point.y }));
  const lower = known.map((point) => ({ x: point.x, y: point.low ?? point.y })).reverse();
  return `${linePath(box, x, y, [...upper, ...lower])}Z`;
}

/** Every x that some curve has, ascending. */
export function allX(curves: readonly Curve[]): readonly number[] {
  return [...new Set(curves.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
}

/** Index of the value that lies nearest to a place on the plot. */
export function nearestX(box: CurveBox, axis: Axis, xs: readonly number[], place: number): number {
  let best = 0;
  const distance = (i: number) => Math.abs(plotX(box, axis, xs[i] ?? 0) - place);
  for (let i = 1; i < xs.length; i++) if (distance(i) < distance(best)) best = i;
  return best;
}

/** Moves names apart that would overlap; the order of their places stays. */
export function spreadNames(places: readonly number[], { top, bottom }: CurveBox): readonly number[] {
  const order = places.map((_, i) => i).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  const out = [...places];
  let least = top;
  for (const i of order) {
    out[i] = Math.max(least, out[i] ?? 0);
    least = (out[i] ?? 0) + NAME_HEIGHT;
  }
  let most = bottom;
  for (const i of order.reverse()) {
    out[i] = Math.min(most, out[i] ?? 0);
    most = (out[i] ?? 0) - NAME_HEIGHT;
  }
  return out;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
