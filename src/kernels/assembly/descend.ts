/** One step of src/core/doge/descend.ts: the gradient of a layer with its loss, and Adam. */

/**
 * Fills the gradient G (rows × columns), and returns the loss.
 *
 * @param change columns f32: room for Σ cₘ Δₘ of one row
 * @param deltas modifications, `stride` bytes apart; taus likewise
 * @param coefficients f32, one per modification
 * @param gaps experts × rows f64
 */
export function descendGradient(
  gradient: usize,
  change: usize,
  deltas: usize,
  coefficients: usize,
  modifications: i32,
  taus: usize,
  experts: i32,
  gaps: usize,
  rows: i32,
  columns: i32,
  stride: i32,
): f64 {
  const width = <usize>columns << 2;
  let loss: f64 = 0;
  for (let r: usize = 0, row: usize = 0; r < <usize>rows; r++, row += width) {
    memory.fill(change, 0, width);
    memory.fill(gradient + row, 0, width);
    for (let m: i32 = 0; m < modifications; m++) {
      addScaled(change, deltas + <usize>m * <usize>stride + row, f32.load(coefficients + (<usize>m << 2)), columns);
    }
    for (let j: i32 = 0; j < experts; j++) {
      const tau = taus + <usize>j * <usize>stride + row;
      const gap = f64.load(gaps + ((<usize>j * <usize>rows + r) << 3));
      const error = gap - rowDot(tau, change, columns);
      loss += error * error;
      addScaled(gradient + row, tau, <f32>(-2.0 * error), columns);
    }
  }
  return loss;
}

/**
 * Adam on one modification, with coefficient · P(G) as its gradient.
 *
 * @param part 0: P(G) = G; 1: G − inside; 2: inside
 * @param n entries; rounded up to fours
 */
export function descendAdam(
  delta: usize,
  first: usize,
  second: usize,
  gradient: usize,
  inside: usize,
  part: i32,
  coefficient: f32,
  rate: f32,
  root: f32,
  n: i32,
): void {
  const c = f32x4.splat(coefficient);
  const beta1 = f32x4.splat(<f32>0.9);
  const beta2 = f32x4.splat(<f32>0.999);
  // 1 − β in f64, then rounded: written out, since the compiler would subtract in f32.
  const rest1 = f32x4.splat(<f32>0.09999999999999998);
  const rest2 = f32x4.splat(<f32>0.0010000000000000009);
  const epsilon = f32x4.splat(<f32>1e-8);
  const step = f32x4.splat(rate);
  const divisor = f32x4.splat(root);
  for (let i: usize = 0, end = <usize>n << 2; i < end; i += 16) {
    let g = v128.load((part == 2 ? inside : gradient) + i);
    if (part == 1) g = f32x4.sub(g, v128.load(inside + i));
    g = f32x4.mul(c, g);
    const m = f32x4.add(f32x4.mul(beta1, v128.load(first + i)), f32x4.mul(rest1, g));
    const v = f32x4.add(f32x4.mul(beta2, v128.load(second + i)), f32x4.mul(f32x4.mul(rest2, g), g));
    v128.store(first + i, m);
    v128.store(second + i, v);
    const length = f32x4.add(f32x4.div(f32x4.sqrt(v), divisor), epsilon);
    v128.store(delta + i, f32x4.sub(v128.load(delta + i), f32x4.div(f32x4.mul(step, m), length)));
  }
}

/** out += scale · x. */
// @ts-ignore: a decorator of the compiler
@inline
function addScaled(out: usize, x: usize, scale: f32, n: i32): void {
  const factor = f32x4.splat(scale);
  const whole = <usize>(n & ~3) << 2;
  for (let i: usize = 0; i < whole; i += 16) {
    v128.store(out + i, f32x4.add(v128.load(out + i), f32x4.mul(factor, v128.load(x + i))));
  }
  for (let i = whole; i < <usize>n << 2; i += 4) f32.store(out + i, f32.load(out + i) + scale * f32.load(x + i));
}

/** Σ a · b in f64: four partial sums by i mod 4, added (0 + 1) + (2 + 3). */
// @ts-ignore: a decorator of the compiler
@inline
function rowDot(a: usize, b: usize, n: i32): f64 {
  let s01 = f64x2.splat(0);
  let s23 = f64x2.splat(0);
  const whole = <usize>(n & ~3) << 2;
  for (let i: usize = 0; i < whole; i += 16) {
    const va = v128.load(a + i);
    const vb = v128.load(b + i);
    s01 = f64x2.add(s01, f64x2.mul(f64x2.promote_low_f32x4(va), f64x2.promote_low_f32x4(vb)));
    const ha = v128.shuffle<i32>(va, va, 2, 3, 2, 3);
    const hb = v128.shuffle<i32>(vb, vb, 2, 3, 2, 3);
    s23 = f64x2.add(s23, f64x2.mul(f64x2.promote_low_f32x4(ha), f64x2.promote_low_f32x4(hb)));
  }
  let s0 = f64x2.extract_lane(s01, 0);
  let s1 = f64x2.extract_lane(s01, 1);
  let s2 = f64x2.extract_lane(s23, 0);
  const s3 = f64x2.extract_lane(s23, 1);
  const rest = n & 3;
  if (rest > 0) s0 += product(a + whole, b + whole);
  if (rest > 1) s1 += product(a + whole + 4, b + whole + 4);
  if (rest > 2) s2 += product(a + whole + 8, b + whole + 8);
  return s0 + s1 + (s2 + s3);
}

// @ts-ignore: a decorator of the compiler
@inline
function product(a: usize, b: usize): f64 {
  return <f64>f32.load(a) * <f64>f32.load(b);
}
