/**
 * Singular value decomposition by one-sided Jacobi rotations in f64: slow for large matrices, accurate in every
 * direction, the small ones too. Source: Golub and Van Loan, Matrix Computations, 4th ed., § 8.6.3.
 */
import type { Svd } from "./linear-algebra.ts";

/** Rotations stop when all pairs of columns are orthogonal to this. */
const ORTHOGONAL = 1e-15;
/** Eight sweeps are the rule. */
const SWEEPS = 60;

/** Decomposes x (rows × columns); k ≤ min(rows, columns). */
export function jacobiSvd(x: Float32Array | Float64Array, rows: number, columns: number, k: number): Svd {
  const wide = rows < columns;
  const [m, n] = wide ? [columns, rows] : [rows, columns];
  // Column j of the tall matrix, and of the rotations so far, as one array each.
  const a = Array.from({ length: n }, (_, j) =>
    Float64Array.from({ length: m }, (_, i) => (wide ? x[j * columns + i] : x[i * columns + j])),
  );
  const v = Array.from({ length: n }, (_, j) =>
    Float64Array.from({ length: n }, (_, i) => (i === j ? 1 : 0)),
  );
  for (let sweep = 0; sweep < SWEEPS && rotateAll(a, v); sweep++);

  const lengths = a.map((column) => Math.sqrt(dot(column, column)));
  const order = [...lengths.keys()].sort((p, q) => lengths[q] - lengths[p] || p - q).slice(0, k);
  const s = Float64Array.from(order, (j) => lengths[j]);
  const left = new Float64Array(m * k);
  const right = new Float64Array(n * k);
  order.forEach((j, c) => {
    for (let i = 0; i < m && s[c] > 0; i++) left[i * k + c] = a[j][i] / s[c];
    for (let i = 0; i < n; i++) right[i * k + c] = v[j][i];
  });
  return wide ? { u: right, s, v: left } : { u: left, s, v: right };
}

/** Makes each pair of columns orthogonal once; tells whether any was not. */
function rotateAll(a: readonly Float64Array[], v: readonly Float64Array[]): boolean {
  let rotated = false;
  for (let p = 0; p < a.length - 1; p++) {
    for (let q = p + 1; q < a.length; q++) {
      const alpha = dot(a[p], a[p]);
      const beta = dot(a[q], a[q]);
      const gamma = dot(a[p], a[q]);
      if (Math.abs(gamma) <= ORTHOGONAL * Math.sqrt(alpha * beta)) continue;
      rotated = true;
      const zeta = (beta - alpha) / (2 * gamma);
      const t = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.hypot(1, zeta));
      const c = 1 / Math.hypot(1, t);
      rotate(a[p], a[q], c, c * t);
      rotate(v[p], v[q], c, c * t);
    }
  }
  return rotated;
}

function rotate(x: Float64Array, y: Float64Array, c: number, s: number): void {
  for (let i = 0; i < x.length; i++) {
    const xi = x[i];
    x[i] = c * xi - s * y[i];
    y[i] = s * xi + c * y[i];
  }
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}
