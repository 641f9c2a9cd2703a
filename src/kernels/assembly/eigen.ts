/**
 * Eigenvalues and the leading eigenvectors of a symmetric tridiagonal matrix, in f64: implicit QL for the values,
 * inverse iteration for the vectors that are asked for. The algorithms are those of Wilkinson and Reinsch (Handbook for
 * Automatic Computation II, 1971: tql, tristurm), written anew for rows that lie together.
 */
import { addScaled, at, dot, rotate, scaleToOne } from "./doubles";

/**
 * Eigenvalues of a tridiagonal matrix by implicit QL: d becomes the values, unsorted; e is used up.
 *
 * @param z when not 0: count rows of n that the rotations are applied to from the right (rows of an orthogonal matrix,
 *   transposed: row i belongs to value i), to become the eigenvectors
 * @returns 0, or 1 where 60 steps were not enough for a value
 */
export function qlImplicit(d: usize, e: usize, z: usize, width: i32, n: i32): i32 {
  for (let i: i32 = 1; i < n; i++) f64.store(at(e, i - 1), f64.load(at(e, i)));
  f64.store(at(e, n - 1), 0);
  for (let l: i32 = 0; l < n; l++) {
    for (let step: i32 = 0; ; step++) {
      let m = l;
      for (; m < n - 1; m++) {
        const size = Math.abs(f64.load(at(d, m))) + Math.abs(f64.load(at(d, m + 1)));
        if (Math.abs(f64.load(at(e, m))) <= 2.220446049250313e-16 * size) break;
      }
      if (m == l) break;
      if (step == 60) return 1;
      sweep(d, e, z, width, l, m);
    }
  }
  return 0;
}

function sweep(d: usize, e: usize, z: usize, width: i32, l: i32, m: i32): void {
  let g = (f64.load(at(d, l + 1)) - f64.load(at(d, l))) / (2 * f64.load(at(e, l)));
  let r = hypot(g, 1);
  g = f64.load(at(d, m)) - f64.load(at(d, l)) + f64.load(at(e, l)) / (g + (g >= 0 ? r : -r));
  let s: f64 = 1;
  let c: f64 = 1;
  let p: f64 = 0;
  for (let i = m - 1; i >= l; i--) {
    let f = s * f64.load(at(e, i));
    const b = c * f64.load(at(e, i));
    r = hypot(f, g);
    f64.store(at(e, i + 1), r);
    if (r == 0) {
      f64.store(at(d, i + 1), f64.load(at(d, i + 1)) - p);
      f64.store(at(e, m), 0);
      return;
    }
    s = f / r;
    c = g / r;
    g = f64.load(at(d, i + 1)) - p;
    r = (f64.load(at(d, i)) - g) * s + 2 * c * b;
    p = s * r;
    f64.store(at(d, i + 1), g + p);
    g = c * r - b;
    if (z) rotate(at(z, i * width), at(z, (i + 1) * width), c, s, width);
  }
  f64.store(at(d, l), f64.load(at(d, l)) - p);
  f64.store(at(e, l), g);
  f64.store(at(e, m), 0);
}

function hypot(a: f64, b: f64): f64 {
  const x = Math.abs(a);
  const y = Math.abs(b);
  const big = max(x, y);
  if (big == 0) return 0;
  const q = min(x, y) / big;
  return big * Math.sqrt(1 + q * q);
}

/**
 * Eigenvectors of a tridiagonal matrix by inverse iteration, made orthogonal to those before.
 *
 * @param values count eigenvalues, descending; vectors: count rows of n to fill
 * @param norm a bound on the matrix (its largest row sum)
 * @param room 5 · n
 * @returns the number of vectors found; less than count when one collapsed into those before it
 */
export function inverseIteration(
  d: usize,
  e: usize,
  values: usize,
  vectors: usize,
  count: i32,
  norm: f64,
  room: usize,
  n: i32,
): i32 {
  const tiny = 2.220446049250313e-16 * norm;
  let shift: f64 = 0;
  for (let k: i32 = 0; k < count; k++) {
    const value = f64.load(at(values, k));
    // Equal values are taken a little apart, or their systems would be the same.
    shift = k > 0 && f64.load(at(values, k - 1)) - value < 10 * tiny ? shift + 10 * tiny : 0;
    factor(d, e, value - shift, tiny, room, n);
    const x = at(vectors, k * n);
    let done = false;
    for (let start: i32 = 0; start < 4 && !done; start++) {
      seed(x, k + start * 7919, n);
      for (let step: i32 = 0; step < 4; step++) {
        solve(x, room, n, step > 0);
        scaleToOne(x, n);
        removeEarlier(x, vectors, k, n);
        const left = Math.sqrt(dot(x, x, n));
        if (left < 1e-3) break;
        for (let i: i32 = 0; i < n; i++) f64.store(at(x, i), f64.load(at(x, i)) / left);
        done = step > 0;
        if (step > 0 && left > 0.99) break;
      }
    }
    if (!done) return k;
    // Once more, for the last bits.
    removeEarlier(x, vectors, k, n);
    scaleToOne(x, n);
  }
  return count;
}

/** LU of T − value with row exchanges: upper diagonals u0, u1, u2, multipliers and exchanges in `room`. */
function factor(d: usize, e: usize, value: f64, tiny: f64, room: usize, n: i32): void {
  const u0 = room;
  const u1 = at(room, n);
  const u2 = at(room, 2 * n);
  const l = at(room, 3 * n);
  const swapped = at(room, 4 * n);
  let a = f64.load(d) - value;
  let b = n > 1 ? f64.load(at(e, 1)) : 0;
  for (let i: i32 = 0; i < n - 1; i++) {
    const below = f64.load(at(e, i + 1));
    const next = f64.load(at(d, i + 1)) - value;
    const after = i + 2 < n ? f64.load(at(e, i + 2)) : 0;
    if (Math.abs(below) > Math.abs(a)) {
      const ratio = a / below;
      f64.store(at(u0, i), below);
      f64.store(at(u1, i), next);
      f64.store(at(u2, i), after);
      f64.store(at(l, i), ratio);
      f64.store(at(swapped, i), 1);
      a = b - ratio * next;
      b = -ratio * after;
    } else {
      const pivot = a == 0 ? tiny : a;
      const ratio = below / pivot;
      f64.store(at(u0, i), pivot);
      f64.store(at(u1, i), b);
      f64.store(at(u2, i), 0);
      f64.store(at(l, i), ratio);
      f64.store(at(swapped, i), 0);
      a = next - ratio * b;
      b = after;
    }
  }
  f64.store(at(u0, n - 1), Math.abs(a) < tiny ? (a < 0 ? -tiny : tiny) : a);
}

/** x = U⁻¹ x, after L⁻¹ when `forward`: the first step starts from a vector that L has been through already. */
function solve(x: usize, room: usize, n: i32, forward: bool): void {
  const u0 = room;
  const u1 = at(room, n);
  const u2 = at(room, 2 * n);
  const l = at(room, 3 * n);
  const swapped = at(room, 4 * n);
  if (forward) {
    for (let i: i32 = 0; i < n - 1; i++) {
      let a = f64.load(at(x, i));
      let b = f64.load(at(x, i + 1));
      if (f64.load(at(swapped, i)) != 0) {
        const t = a;
        a = b;
        b = t;
      }
      f64.store(at(x, i), a);
      f64.store(at(x, i + 1), b - f64.load(at(l, i)) * a);
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    let value = f64.load(at(x, i));
    if (i + 1 < n) value -= f64.load(at(u1, i)) * f64.load(at(x, i + 1));
    if (i + 2 < n) value -= f64.load(at(u2, i)) * f64.load(at(x, i + 2));
    f64.store(at(x, i), value / f64.load(at(u0, i)));
  }
}

/** A start that depends on the number only and is not orthogonal to anything in particular. */
function seed(x: usize, number: i32, n: i32): void {
  let state = <u32>number * 0x9e3779b9 + 0x243f6a88;
  for (let i: i32 = 0; i < n; i++) {
    state = (state ^ (state >>> 16)) * 0x21f0aaad + <u32>i;
    f64.store(at(x, i), <f64>(state >>> 8) / 16777216 - 0.5);
  }
}

/** Makes count rows of n orthonormal, each against those before it; a row of zeros stays. */
export function orthonormalise(rows: usize, count: i32, n: i32): void {
  for (let k: i32 = 0; k < count; k++) {
    const x = at(rows, k * n);
    removeEarlier(x, rows, k, n);
    scaleToOne(x, n);
  }
}

/** x −= its part in the k orthonormal rows. */
function removeEarlier(x: usize, rows: usize, k: i32, n: i32): void {
  for (let j: i32 = 0; j < k; j++) {
    const row = at(rows, j * n);
    addScaled(x, -dot(x, row, n), row, n);
  }
}
