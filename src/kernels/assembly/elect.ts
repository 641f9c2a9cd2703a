/**
 * Sums of K rows, entry by entry in row order: see `Kernels.weightedSum`, `stitch` and `ties`. Bits equal those of the
 * twin and of src/core/tensor/elect.ts.
 *
 * Rows stand `stride` bytes apart; `out` may be the first of them. Entries are taken sixteen or eight at a time, so
 * arrays have room for fifteen more.
 */
import { load, store } from "./lanes";

/** out = Σ weights[k] · row k, from +0. */
export function weightedSum(out: usize, rows: usize, stride: usize, weights: usize, count: i32, n: i32): void {
  const last = weights + (<usize>count << 2);
  for (let i: usize = 0, end = <usize>n << 2; i < end; i += 64) {
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let at = weights, row = rows + i; at < last; at += 4, row += stride) {
      const weight = v128.load32_splat(at);
      a = f32x4.add(a, f32x4.mul(weight, load(row)));
      b = f32x4.add(b, f32x4.mul(weight, v128.load(row, 16)));
      c = f32x4.add(c, f32x4.mul(weight, v128.load(row, 32)));
      d = f32x4.add(d, f32x4.mul(weight, v128.load(row, 48)));
    }
    store(out + i, a);
    v128.store(out + i, b, 16);
    v128.store(out + i, c, 32);
    v128.store(out + i, d, 48);
  }
}

/**
 * out = Σ weights[k] · row k / Σ weights[k] over the rows that are not zero at the entry; −0 where the sum is 0.
 *
 * @param weights times −1, so that a quotient of zero gets its sign; each weight 0 or large enough to be divided by
 */
export function stitch(out: usize, rows: usize, stride: usize, weights: usize, count: i32, n: i32): void {
  const zero = f32x4.splat(0);
  const last = weights + (<usize>count << 2);
  for (let i: usize = 0, end = <usize>n << 2; i < end; i += 64) {
    let sumA = zero;
    let sumB = zero;
    let sumC = zero;
    let sumD = zero;
    let massA = zero;
    let massB = zero;
    let massC = zero;
    let massD = zero;
    for (let at = weights, row = rows + i; at < last; at += 4, row += stride) {
      const weight = v128.load32_splat(at);
      const a = load(row);
      sumA = f32x4.add(sumA, f32x4.mul(weight, a));
      massA = f32x4.add(massA, v128.and(weight, f32x4.ne(a, zero)));
      const b = v128.load(row, 16);
      sumB = f32x4.add(sumB, f32x4.mul(weight, b));
      massB = f32x4.add(massB, v128.and(weight, f32x4.ne(b, zero)));
      const c = v128.load(row, 32);
      sumC = f32x4.add(sumC, f32x4.mul(weight, c));
      massC = f32x4.add(massC, v128.and(weight, f32x4.ne(c, zero)));
      const d = v128.load(row, 48);
      sumD = f32x4.add(sumD, f32x4.mul(weight, d));
      massD = f32x4.add(massD, v128.and(weight, f32x4.ne(d, zero)));
    }
    store(out + i, quotient(sumA, massA));
    v128.store(out + i, quotient(sumB, massB), 16);
    v128.store(out + i, quotient(sumC, massC), 32);
    v128.store(out + i, quotient(sumD, massD), 48);
  }
}

/** `stitch` of weights of 1, the paper's: the mass is a count. */
export function stitchEvenly(out: usize, rows: usize, stride: usize, count: i32, n: i32): void {
  const zero = f32x4.splat(0);
  for (let i: usize = 0, end = <usize>n << 2; i < end; i += 64) {
    let sumA = zero;
    let sumB = zero;
    let sumC = zero;
    let sumD = zero;
    let countA = zero;
    let countB = zero;
    let countC = zero;
    let countD = zero;
    for (let row = rows + i, last = row + stride * <usize>count; row < last; row += stride) {
      const a = load(row);
      sumA = f32x4.sub(sumA, a);
      countA = i32x4.add(countA, f32x4.ne(a, zero));
      const b = v128.load(row, 16);
      sumB = f32x4.sub(sumB, b);
      countB = i32x4.add(countB, f32x4.ne(b, zero));
      const c = v128.load(row, 32);
      sumC = f32x4.sub(sumC, c);
      countC = i32x4.add(countC, f32x4.ne(c, zero));
      const d = v128.load(row, 48);
      sumD = f32x4.sub(sumD, d);
      countD = i32x4.add(countD, f32x4.ne(d, zero));
    }
    store(out + i, quotient(sumA, f32x4.convert_i32x4_s(countA)));
    v128.store(out + i, quotient(sumB, f32x4.convert_i32x4_s(countB)), 16);
    v128.store(out + i, quotient(sumC, f32x4.convert_i32x4_s(countC)), 32);
    v128.store(out + i, quotient(sumD, f32x4.convert_i32x4_s(countD)), 48);
  }
}

/**
 * Fills out with the merge of the agreeing.
 *
 * @param weights what each row is multiplied by; ballots: what its vote is; shares: what it adds to the divisor
 * @param zeroSign sign word of a vote of zero: 0 plus, −1 minus
 * @param divides whether the sum is divided by the mass
 */
export function ties(
  out: usize,
  rows: usize,
  stride: usize,
  weights: usize,
  ballots: usize,
  shares: usize,
  count: i32,
  zeroSign: i32,
  divides: i32,
  n: i32,
): void {
  const zero = f32x4.splat(0);
  const forced = v128.and(i32x4.splat(zeroSign), i32x4.splat(0x80000000));
  const size = <usize>count << 2;
  for (let i: usize = 0, end = <usize>n << 2; i < end; i += 32) {
    let electedA = zero;
    let electedB = zero;
    for (let k: usize = 0, row = rows + i; k < size; k += 4, row += stride) {
      const ballot = v128.load32_splat(ballots + k);
      electedA = f32x4.add(electedA, f32x4.mul(ballot, load(row)));
      electedB = f32x4.add(electedB, f32x4.mul(ballot, v128.load(row, 16)));
    }
    // A sum that starts at +0 is never −0: only a vote of zero takes the forced sign.
    electedA = v128.or(electedA, v128.and(forced, f32x4.eq(electedA, zero)));
    electedB = v128.or(electedB, v128.and(forced, f32x4.eq(electedB, zero)));
    let sumA = zero;
    let sumB = zero;
    let massA = zero;
    let massB = zero;
    for (let k: usize = 0, row = rows + i; k < size; k += 4, row += stride) {
      const weight = v128.load32_splat(weights + k);
      const ballot = v128.load32_splat(ballots + k);
      const share = v128.load32_splat(shares + k);
      const a = load(row);
      const b = v128.load(row, 16);
      const agreesA = agrees(f32x4.mul(ballot, a), electedA);
      const agreesB = agrees(f32x4.mul(ballot, b), electedB);
      sumA = f32x4.add(sumA, counted(f32x4.mul(weight, a), agreesA));
      sumB = f32x4.add(sumB, counted(f32x4.mul(weight, b), agreesB));
      massA = f32x4.add(massA, v128.and(share, agreesA));
      massB = f32x4.add(massB, v128.and(share, agreesB));
    }
    if (divides) {
      sumA = divided(sumA, massA);
      sumB = divided(sumB, massB);
    }
    store(out + i, sumA);
    v128.store(out + i, sumB, 16);
  }
}

/** Entries that elect plus, less those that elect minus. */
export function balance(rows: usize, stride: usize, ballots: usize, count: i32, n: i32): i32 {
  let sum: i32 = 0;
  for (let i: i32 = 0; i < n; i++) {
    let total: f32 = 0;
    let row = rows + (<usize>i << 2);
    for (let k: usize = 0; k < <usize>count; k++, row += stride) {
      total += f32.load(ballots + (k << 2)) * f32.load(row);
    }
    sum += i32(total > 0) - i32(total < 0);
  }
  return sum;
}

/** Lanes whose vote is not zero and has the elected sign. */
// @ts-ignore: a decorator of the compiler
@inline
function agrees(vote: v128, elected: v128): v128 {
  return v128.andnot(f32x4.ne(vote, f32x4.splat(0)), i32x4.shr_s(v128.xor(vote, elected), 31));
}

/** The product where it counts, else 0: by a multiplication, so that an outvoted infinity shows, as it does in the twin. */
// @ts-ignore: a decorator of the compiler
@inline
function counted(product: v128, agreeing: v128): v128 {
  return f32x4.mul(product, v128.and(f32x4.splat(1), agreeing));
}

/** sum / mass; the sum where the mass is 0. */
// @ts-ignore: a decorator of the compiler
@inline
function divided(sum: v128, mass: v128): v128 {
  return f32x4.div(sum, v128.bitselect(f32x4.splat(1), mass, f32x4.eq(mass, f32x4.splat(0))));
}

/** sum / mass of a mass that is not above 0; −0 where both are 0. */
// @ts-ignore: a decorator of the compiler
@inline
function quotient(sum: v128, mass: v128): v128 {
  return f32x4.div(sum, f32x4.pmin(mass, f32x4.splat(-1e-9)));
}
