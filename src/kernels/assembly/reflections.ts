/**
 * Householder reflections in f64 between a symmetric matrix and its tridiagonal form. The algorithm is tred's of
 * Wilkinson and Reinsch (Handbook for Automatic Computation II, 1971), written anew for rows that lie together.
 */
import { addScaled, at, dot } from "./doubles";

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
