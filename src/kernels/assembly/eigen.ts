/**
 * Eigenvalues and the leading eigenvectors of a symmetric matrix, in f64: Householder tridiagonalisation, implicit QL
 * for the values, inverse iteration for the vectors that are asked for. The algorithms are those of Wilkinson and
 * Reinsch (Handbook for Automatic Computation II, 1971: tred, tql, tristurm), written anew for rows that lie together.
 */
import { addScaled, at, dot, rotate, scaleToOne } from "./doubles";

/**
 * Reduces the symmetric matrix a (n × n, its lower triangle) to tridiagonal form. Row i then holds the vector of the
 * i-th reflection in its first i entries.
 *
 * A reflection's change of the matrix, A − u pᵀ − p uᵀ, is made while the next one reads it, so that each row comes from
 * memory once a reflection.
 *
 * @param d n: the diagonal; e: n, e[i] couples i − 1 and i (e[0] = 0); h: n, half the squared length of each vector (0 = none)
 * @param room 2 · n
 */
export function tridiagonalise(a: usize, d: usize, e: usize, h: usize, room: usize, n: i32): void {
  let p = room;
  // The reflection before: none yet.
  let q = at(room, n);
  let w = q;
  memory.fill(q, 0, <usize>n << 3);
  f64.store(e, 0);
  f64.store(h, 0);
  for (let i = n - 1; i > 0; i--) {
    const u = at(a, i * n);
    change(u, w, q, i);
    const half = reflection(u, at(e, i), i);
    f64.store(at(h, i), half);
    memory.fill(p, 0, <usize>n << 3);
    if (half == 0) {
      for (let j: i32 = 0; j < i; j++) change(at(a, j * n), w, q, j);
      w = p;
    } else {
      // p = A u / half, by the lower triangle: each row serves as a row and as a column.
      for (let j: i32 = 0; j < i; j++) changeAndMultiply(at(a, j * n), w, q, u, p, j);
      for (let j: i32 = 0; j < i; j++) f64.store(at(p, j), f64.load(at(p, j)) / half);
      addScaled(p, -dot(u, p, i) / (2 * half), u, i);
      w = u;
    }
    const used = q;
    q = p;
    p = used;
  }
  for (let i: i32 = 0; i < n; i++) f64.store(at(d, i), f64.load(at(a, i * n + i)));
}

/**
 * Turns the first i entries of row i into the vector u of the reflection that leaves only the last of them, stores that
 * one at e, and returns half of u's squared length; 0 where there is nothing to reflect.
 */
function reflection(u: usize, e: usize, i: i32): f64 {
  const last = at(u, i - 1);
  const f = f64.load(last);
  f64.store(e, f);
  if (i == 1) return 0;
  const norm = Math.sqrt(dot(u, u, i));
  const g = f >= 0 ? -norm : norm;
  const half = norm * norm - f * g;
  if (half == 0) return 0;
  f64.store(e, g);
  f64.store(last, f - g);
  return half;
}

/** Row j −= w[j] · q + q[j] · w, up to the diagonal. */
function change(row: usize, w: usize, q: usize, j: i32): void {
  const own = -f64.load(at(w, j));
  const other = -f64.load(at(q, j));
  addScaled(row, own, q, j + 1);
  addScaled(row, other, w, j + 1);
}

/** `change`, then p += A u by row j and, above the diagonal, column j. */
function changeAndMultiply(row: usize, w: usize, q: usize, u: usize, p: usize, j: i32): void {
  const own = -f64.load(at(w, j));
  const other = -f64.load(at(q, j));
  const factor = f64.load(at(u, j));
  const owns = f64x2.splat(own);
  const others = f64x2.splat(other);
  const factors = f64x2.splat(factor);
  let sums = f64x2.splat(0);
  let k: usize = 0;
  for (const end = <usize>(j & ~1) << 3; k < end; k += 16) {
    let r = v128.load(row + k);
    r = f64x2.add(r, f64x2.mul(owns, v128.load(q + k)));
    r = f64x2.add(r, f64x2.mul(others, v128.load(w + k)));
    v128.store(row + k, r);
    sums = f64x2.add(sums, f64x2.mul(r, v128.load(u + k)));
    v128.store(p + k, f64x2.add(v128.load(p + k), f64x2.mul(factors, r)));
  }
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  if (j & 1) {
    const r = f64.load(row + k) + own * f64.load(q + k) + other * f64.load(w + k);
    f64.store(row + k, r);
    sum += r * f64.load(u + k);
    f64.store(p + k, f64.load(p + k) + factor * r);
  }
  const diagonal = f64.load(at(row, j)) + own * f64.load(at(q, j)) + other * f64.load(at(w, j));
  f64.store(at(row, j), diagonal);
  f64.store(at(p, j), f64.load(at(p, j)) + sum + diagonal * factor);
}

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

/** Turns count eigenvectors (rows of n) of the tridiagonal matrix into those of the matrix it came from. */
export function backTransform(a: usize, h: usize, vectors: usize, count: i32, n: i32): void {
  for (let i: i32 = 1; i < n; i++) {
    const half = f64.load(at(h, i));
    if (half == 0) continue;
    const u = at(a, i * n);
    for (let k: i32 = 0; k < count; k++) {
      const x = at(vectors, k * n);
      addScaled(x, -dot(u, x, i) / half, u, i);
    }
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
