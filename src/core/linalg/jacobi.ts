/**
 * Singular value decomposition by one-sided Jacobi rotations in f64: slow for large matrices, accurate in every
 * direction, the small ones too. Source: Golub and Van Loan, Matrix Computations, 4th ed., § 8.6.3.
 */
import { type LeftVectors, leftHalf, type Svd } from "./linear-algebra.ts";

/** Rotations stop when all pairs of columns are orthogonal to this. */
const ORTHOGONAL = 1e-15;
/** Eight sweeps are the rule. */
export const SWEEPS = 60;

/** Rotates pairs of columns, and the same pairs of `along` (none = not asked for), until all columns are orthogonal. */
export type Orthogonalise = (columns: readonly Float64Array[], along: readonly Float64Array[]) => void;

/** Decomposes x (rows × columns); k ≤ min(rows, columns). */
export function jacobiSvd(
  x: Float32Array | Float64Array,
  rows: number,
  columns: number,
  k: number,
  orthogonalise: Orthogonalise = rotateColumns,
): Svd {
  const isWide = rows < columns;
  const a = columnsOf(x, rows, columns);
  const v = a.map((_, j) => Float64Array.from({ length: a.length }, (_, i) => (i === j ? 1 : 0)));
  orthogonalise(a, v);
  const { order, s, left } = leading(a, k);
  const right = besides(order.map((j) => v[j]));
  return isWide ? { u: right, s, v: left } : { u: left, s, v: right };
}

/** `jacobiSvd` without the right vectors; see `LinearAlgebra.leftVectors`. */
export function jacobiLeft(
  x: Float32Array | Float64Array,
  rows: number,
  columns: number,
  k: number,
  orthogonalise: Orthogonalise = rotateColumns,
): LeftVectors {
  if (rows < columns) return leftHalf(jacobiSvd(x, rows, columns, k, orthogonalise));
  const a = columnsOf(x, rows, columns);
  orthogonalise(a, []);
  const { s, left: u } = leading(a, k);
  return { u, s };
}

/** Columns of the matrix, or of its transpose where that is the tall one. */
function columnsOf(x: Float32Array | Float64Array, rows: number, columns: number): readonly Float64Array[] {
  const isWide = rows < columns;
  const [m, n] = isWide ? [columns, rows] : [rows, columns];
  return Array.from({ length: n }, (_, j) =>
    Float64Array.from({ length: m }, (_, i) => (isWide ? x[j * columns + i] : x[i * columns + j])),
  );
}

/** The longest k of orthogonal columns: which they are, their lengths, and they themselves at length 1 (m × k). */
function leading(a: readonly Float64Array[], k: number) {
  const lengths = a.map((column) => Math.sqrt(dot(column, column)));
  const order = [...lengths.keys()].sort((p, q) => lengths[q] - lengths[p] || p - q).slice(0, k);
  const s = Float64Array.from(order, (j) => lengths[j]);
  const left = besides(order.map((j) => a[j].map((value) => (lengths[j] > 0 ? value / lengths[j] : 0))));
  return { order, s, left };
}

/** Columns beside each other, row-major. */
function besides(columns: readonly Float64Array[]): Float64Array<ArrayBuffer> {
  const k = columns.length;
  const out = new Float64Array(k * (columns[0]?.length ?? 0));
  columns.forEach((column, c) => {
    for (let i = 0; i < column.length; i++) out[i * k + c] = column[i];
  });
  return out;
}

/** The plain form; kernels have another with the same bits. */
export function rotateColumns(a: readonly Float64Array[], v: readonly Float64Array[]): void {
  for (let sweep = 0; sweep < SWEEPS && sweepOnce(a, v); sweep++);
}

/** Makes each pair of columns orthogonal once; tells whether any was not. */
function sweepOnce(a: readonly Float64Array[], v: readonly Float64Array[]): boolean {
  let hasRotated = false;
  // Squared lengths: exact before each sweep, carried along within it.
  const squares = Float64Array.from(a, (column) => dot(column, column));
  for (let p = 0; p < a.length - 1; p++) {
    for (let q = p + 1; q < a.length; q++) {
      const gamma = dot(a[p], a[q]);
      if (Math.abs(gamma) <= ORTHOGONAL * Math.sqrt(squares[p] * squares[q])) continue;
      hasRotated = true;
      const zeta = (squares[q] - squares[p]) / (2 * gamma);
      const t = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
      const c = 1 / Math.sqrt(1 + t * t);
      squares[p] = Math.max(0, squares[p] - t * gamma);
      squares[q] += t * gamma;
      rotate(a[p], a[q], c, c * t);
      if (v.length > 0) rotate(v[p], v[q], c, c * t);
    }
  }
  return hasRotated;
}

function rotate(x: Float64Array, y: Float64Array, c: number, s: number): void {
  for (let i = 0; i < x.length; i++) {
    const xi = x[i];
    const yi = y[i];
    x[i] = c * xi - s * yi;
    y[i] = s * xi + c * yi;
  }
}

/** Σ x · y: four partial sums by i mod 4, added (0 + 2) + (1 + 3), then what is left. */
function dot(x: Float64Array, y: Float64Array): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 4 <= x.length; i += 4) {
    s0 += x[i] * y[i];
    s1 += x[i + 1] * y[i + 1];
    s2 += x[i + 2] * y[i + 2];
    s3 += x[i + 3] * y[i + 3];
  }
  let sum = s0 + s2 + (s1 + s3);
  for (; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}
