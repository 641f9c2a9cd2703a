/** The map of the disentanglement error as cells: a whole grid, and what is known of the next finer one over it. */
import type { DisentanglementPoint } from "#core/talos/disentanglement.ts";

export const mapSizes = [7, 13, 25] as const;
export type MapSize = (typeof mapSizes)[number];

const LOW = -1;
const HIGH = 2;

export interface MapCell {
  readonly point: DisentanglementPoint;
  /** Side of the cell, in units of α. */
  readonly side: number;
}

/** A map as it is drawn. */
export interface ErrorMap {
  /** Later ones lie over earlier ones. */
  readonly cells: readonly MapCell[];
  /** Ends of both axes: half a cell beyond the outer points. */
  readonly low: number;
  readonly high: number;
  /** Points a side of the finest grid that has begun; the cursor walks on it. */
  readonly size: MapSize;
  /** The end of the colour scale. */
  readonly most: number;
}

/** The coarsest grid whose points include this α. */
function sizeOf(alpha: number): MapSize {
  return mapSizes.find((size) => Math.abs(remainder((alpha - LOW) * (size - 1))) < 1e-6) ?? 25;
}

function remainder(steps: number): number {
  const whole = steps / (HIGH - LOW);
  return whole - Math.round(whole);
}

function stepOf(size: MapSize): number {
  return (HIGH - LOW) / (size - 1);
}

/** Arranges the points that are known; points of a coarser grid are drawn again in the finer one that covers them. */
export function errorMap(points: readonly DisentanglementPoint[]): ErrorMap {
  const sizes = points.map(({ alphas: [a, b] }) => Math.max(sizeOf(a), sizeOf(b)));
  const count = (size: MapSize) => sizes.filter((one) => one <= size).length;
  const whole = mapSizes.findLast((size) => count(size) === size * size) ?? mapSizes[0];
  const finer = mapSizes.find((size) => size > whole && count(size) > count(whole));
  const cellsOf = (size: MapSize, isShown: (of: number) => boolean): MapCell[] =>
    points.filter((_, i) => isShown(sizes[i] ?? 0)).map((point) => ({ point, side: stepOf(size) }));
  const cells = [
    ...cellsOf(whole, (of) => of <= whole),
    ...(finer ? cellsOf(finer, (of) => of > whole && of <= finer) : []),
  ];
  const half = stepOf(whole) / 2;
  const errors = points.map(({ error }) => error.value);
  return {
    cells,
    low: LOW - half,
    high: HIGH + half,
    size: finer ?? whole,
    most: Math.max(0.25, Math.ceil(Math.max(0, ...errors) * 4) / 4),
  };
}

/** α of a column or row of the finest grid. */
export function alphaAt(size: MapSize, index: number): number {
  return Number((LOW + index * stepOf(size)).toFixed(6));
}

/** Column or row of an α, or of the point that lies nearest. */
export function indexOf(size: MapSize, alpha: number): number {
  return Math.min(size - 1, Math.max(0, Math.round((alpha - LOW) / stepOf(size))));
}

/** What is known at a place. */
export function pointAt(
  points: readonly DisentanglementPoint[],
  a: number,
  b: number,
): DisentanglementPoint | undefined {
  return points.find(({ alphas }) => Math.abs(alphas[0] - a) < 1e-6 && Math.abs(alphas[1] - b) < 1e-6);
}

/** Mean and largest error inside [0, 1]²; undefined before any point of it is known. */
export function insideSquare(
  points: readonly DisentanglementPoint[],
): { readonly mean: number; readonly most: number } | undefined {
  const inside = points.filter(({ alphas }) => alphas.every((alpha) => alpha > -1e-6 && alpha < 1 + 1e-6));
  if (inside.length === 0) return undefined;
  const values = inside.map(({ error }) => error.value);
  return { mean: values.reduce((sum, value) => sum + value, 0) / values.length, most: Math.max(...values) };
}
