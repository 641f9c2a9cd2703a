/** Vectors of f64 that the linear algebra works with: an address and a number of entries. */

/** Address of entry i. */
// @ts-ignore: a decorator of the compiler
@inline
export function at(base: usize, i: i32): usize {
  return base + (<usize>i << 3);
}

/** Σ a[i] · b[i]: four partial sums by i mod 4, added (0 + 2) + (1 + 3), then what is left. */
export function dot(a: usize, b: usize, n: i32): f64 {
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
export function addScaled(y: usize, factor: f64, x: usize, n: i32): void {
  const f = f64x2.splat(factor);
  let i: i32 = 0;
  for (; i + 2 <= n; i += 2, x += 16, y += 16) {
    v128.store(y, f64x2.add(v128.load(y), f64x2.mul(f, v128.load(x))));
  }
  if (i < n) f64.store(y, f64.load(y) + factor * f64.load(x));
}

/** x = c · x − s · y, y = s · x + c · y. */
export function rotate(x: usize, y: usize, c: f64, s: f64, n: i32): void {
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

/** Gives x a length of 1; zeros stay. */
export function scaleToOne(x: usize, n: i32): void {
  let big: f64 = 0;
  for (let i: i32 = 0; i < n; i++) big = max(big, Math.abs(f64.load(at(x, i))));
  if (big == 0) return;
  for (let i: i32 = 0; i < n; i++) f64.store(at(x, i), f64.load(at(x, i)) / big);
  const length = Math.sqrt(dot(x, x, n));
  for (let i: i32 = 0; i < n; i++) f64.store(at(x, i), f64.load(at(x, i)) / length);
}
