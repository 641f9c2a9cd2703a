/** TIES elect and merge, four entries at a time: see `Kernels.ties` and src/core/tensor/elect.ts, whose bits these are. */
import { load, magnitude, store } from "./lanes";

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
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  const forced = v128.and(i32x4.splat(zeroSign), i32x4.splat(0x80000000));
  for (let i: usize = 0, end = <usize>n << 2; i < end; i += 16) {
    let elected = zero;
    for (let k: usize = 0, row = rows + i; k < <usize>count; k++, row += stride) {
      elected = f32x4.add(elected, f32x4.mul(v128.load32_splat(ballots + (k << 2)), load(row)));
    }
    // A sum that starts at +0 is never −0: all bits 0 says "zero".
    elected = v128.or(elected, v128.and(forced, i32x4.eq(elected, i32x4.splat(0))));
    let sum = zero;
    let mass = zero;
    for (let k: usize = 0, row = rows + i; k < <usize>count; k++, row += stride) {
      const value = load(row);
      const own = f32x4.mul(v128.load32_splat(ballots + (k << 2)), value);
      const sameSign = i32x4.ge_s(v128.xor(own, elected), i32x4.splat(0));
      const nonZero = i32x4.ne(magnitude(own), i32x4.splat(0));
      const agrees = v128.and(one, v128.and(sameSign, nonZero));
      sum = f32x4.add(sum, f32x4.mul(f32x4.mul(v128.load32_splat(weights + (k << 2)), value), agrees));
      mass = f32x4.add(mass, f32x4.mul(v128.load32_splat(shares + (k << 2)), agrees));
    }
    if (divides) {
      sum = f32x4.div(sum, v128.bitselect(one, mass, f32x4.eq(mass, zero)));
    }
    store(out + i, sum);
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
