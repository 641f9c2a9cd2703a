/** One-sided Jacobi rotations in f64, with the bits of src/core/linalg/jacobi.ts. */
import { at, dot, rotate } from "./doubles";

const ORTHOGONAL: f64 = 1e-15;

/**
 * Rotates pairs of columns until all are orthogonal, or `sweeps` times all of them.
 *
 * @param a n columns of m, one after the other; v: n of n that are rotated alike, 0 = none
 * @param squares n: room
 */
export function orthogonalise(a: usize, v: usize, squares: usize, m: i32, n: i32, sweeps: i32): void {
  for (let sweep: i32 = 0; sweep < sweeps && sweepOnce(a, v, squares, m, n); sweep++);
}

function sweepOnce(a: usize, v: usize, squares: usize, m: i32, n: i32): bool {
  let hasRotated = false;
  for (let p: i32 = 0; p < n; p++) f64.store(at(squares, p), dot(at(a, p * m), at(a, p * m), m));
  for (let p: i32 = 0; p < n - 1; p++) {
    const x = at(a, p * m);
    for (let q = p + 1; q < n; q++) {
      const y = at(a, q * m);
      const alpha = f64.load(at(squares, p));
      const beta = f64.load(at(squares, q));
      const gamma = dot(x, y, m);
      if (Math.abs(gamma) <= ORTHOGONAL * Math.sqrt(alpha * beta)) continue;
      hasRotated = true;
      const zeta = (beta - alpha) / (2 * gamma);
      const t = (zeta >= 0 ? 1.0 : -1.0) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
      const c = 1 / Math.sqrt(1 + t * t);
      f64.store(at(squares, p), max(0, alpha - t * gamma));
      f64.store(at(squares, q), beta + t * gamma);
      rotate(x, y, c, c * t, m);
      if (v) rotate(at(v, p * n), at(v, q * n), c, c * t, n);
    }
  }
  return hasRotated;
}
