/**
 * Eigenvalues and the leading eigenvectors of a symmetric matrix, in f64: Householder tridiagonalisation, implicit QL
 * for the values, inverse iteration for the vectors that are asked for. The algorithms are those of Wilkinson and
 * Reinsch (Handbook for Automatic Computation II, 1971: tred, tql, tristurm), written anew for rows that lie together.
 */

// @ts-ignore: a decorator of the compiler
@inline
function at(base: usize, i: i32): usize {
  return base + (<usize>i << 3);
}

/** Σ a[i] · b[i], two lanes. */
function dot(a: usize, b: usize, n: i32): f64 {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let i: i32 = 0;
  for (; i + 4 <= n; i += 4, a += 32, b += 32) {
    s0 = f64x2.add(s0, f64x2.mul(v128.load(a), v128.load(b)));
    s1 = f64x2.add(s1, f64x2.mul(v128.load(a, 16), v128.load(b, 16)));
  }
  s0 = f64x2.add(s0, s1);
  let sum = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
  for (; i < n; i++, a += 8, b += 8) sum += f64.load(a) * f64.load(b);
  return sum;
}

/** y += factor · x. */
function addScaled(y: usize, factor: f64, x: usize, n: i32): void {
  const f = f64x2.splat(factor);
  let i: i32 = 0;
  for (; i + 2 <= n; i += 2, x += 16, y += 16) {
    v128.store(y, f64x2.add(v128.load(y), f64x2.mul(f, v128.load(x))));
  }
  if (i < n) f64.store(y, f64.load(y) + factor * f64.load(x));
}

/**
 * Reduces the symmetric matrix a (n × n, its lower triangle) to tridiagonal form. Row i then holds the vector of the
 * i-th reflection in its first i entries.
 *
 * @param d n: the diagonal; e: n, e[i] couples i − 1 and i (e[0] = 0); h: n, half the squared length of each vector (0 = none)
 * @param room 2 · n
 */
export function tridiagonalise(a: usize, d: usize, e: usize, h: usize, room: usize, n: i32): void {
  const p = room;
  f64.store(h, 0);
  for (let i = n - 1; i > 0; i--) {
    const u = at(a, i * n);
    const last = at(u, i - 1);
    let scale: f64 = 0;
    for (let k: i32 = 0; k < i; k++) scale = max(scale, Math.abs(f64.load(at(u, k))));
    if (i == 1 || scale == 0) {
      f64.store(at(e, i), f64.load(last));
      f64.store(at(h, i), 0);
      continue;
    }
    const norm = Math.sqrt(dot(u, u, i));
    const f = f64.load(last);
    const g = f >= 0 ? -norm : norm;
    f64.store(at(e, i), g);
    const half = norm * norm - f * g;
    f64.store(at(h, i), half);
    if (half == 0) {
      f64.store(at(e, i), f);
      continue;
    }
    f64.store(last, f - g);
    // p = A u / half, by the lower triangle: each row serves as a row and as a column.
    memory.fill(p, 0, <usize>i << 3);
    for (let j: i32 = 0; j < i; j++) {
      const row = at(a, j * n);
      const own = f64.load(at(u, j));
      const sum = dot(row, u, j) + f64.load(at(row, j)) * own;
      f64.store(at(p, j), f64.load(at(p, j)) + sum);
      addScaled(p, own, row, j);
    }
    for (let j: i32 = 0; j < i; j++) f64.store(at(p, j), f64.load(at(p, j)) / half);
    addScaled(p, -dot(u, p, i) / (2 * half), u, i);
    // A −= u pᵀ + p uᵀ.
    for (let j: i32 = 0; j < i; j++) {
      const row = at(a, j * n);
      addScaled(row, -f64.load(at(u, j)), p, j + 1);
      addScaled(row, -f64.load(at(p, j)), u, j + 1);
    }
  }
  f64.store(e, 0);
  for (let i: i32 = 0; i < n; i++) f64.store(at(d, i), f64.load(at(a, i * n + i)));
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

function rotate(x: usize, y: usize, c: f64, s: f64, n: i32): void {
  const cc = f64x2.splat(c);
  const ss = f64x2.splat(s);
  let i: i32 = 0;
  for (; i + 2 <= n; i += 2, x += 16, y += 16) {
    const vx = v128.load(x);
    const vy = v128.load(y);
    v128.store(y, f64x2.add(f64x2.mul(ss, vx), f64x2.mul(cc, vy)));
    v128.store(x, f64x2.sub(f64x2.mul(cc, vx), f64x2.mul(ss, vy)));
  }
  if (i < n) {
    const vx = f64.load(x);
    const vy = f64.load(y);
    f64.store(y, s * vx + c * vy);
    f64.store(x, c * vx - s * vy);
  }
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
        for (let j: i32 = 0; j < k; j++) addScaled(x, -dot(x, at(vectors, j * n), n), at(vectors, j * n), n);
        const left = Math.sqrt(dot(x, x, n));
        if (left < 1e-3) break;
        for (let i: i32 = 0; i < n; i++) f64.store(at(x, i), f64.load(at(x, i)) / left);
        done = step > 0;
        if (step > 0 && left > 0.99) break;
      }
    }
    if (!done) return k;
    // Once more, for the last bits.
    for (let j: i32 = 0; j < k; j++) addScaled(x, -dot(x, at(vectors, j * n), n), at(vectors, j * n), n);
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

function scaleToOne(x: usize, n: i32): void {
  let big: f64 = 0;
  for (let i: i32 = 0; i < n; i++) big = max(big, Math.abs(f64.load(at(x, i))));
  if (big == 0) return;
  for (let i: i32 = 0; i < n; i++) f64.store(at(x, i), f64.load(at(x, i)) / big);
  const length = Math.sqrt(dot(x, x, n));
  for (let i: i32 = 0; i < n; i++) f64.store(at(x, i), f64.load(at(x, i)) / length);
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
