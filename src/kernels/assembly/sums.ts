/**
 * Sums over elements in f64: four partial sums by i mod 4, kept in memory between tiles of a chunk, so that the order
 * is the one that src/core/tensor/kernels.ts lays down. `sums` points at four f64; the host clears and adds them.
 */
import { lanesOf, load, magnitude } from "./lanes";

/** sums[i mod 4] += |x[i]|. */
export function absolute(sums: usize, x: usize, n: i32): void {
  let s01 = v128.load(sums);
  let s23 = v128.load(sums, 16);
  const whole = <usize>(n & ~3) << 2;
  for (let i: usize = 0; i < whole; i += 16) {
    const value = f32x4.abs(load(x + i));
    s01 = f64x2.add(s01, f64x2.promote_low_f32x4(value));
    s23 = f64x2.add(s23, f64x2.promote_low_f32x4(high(value)));
  }
  v128.store(sums, s01);
  v128.store(sums, s23, 16);
  for (let i: i32 = n & ~3, lane: usize = 0; i < n; i++, lane += 8) {
    f64.store(sums + lane, f64.load(sums + lane) + <f64>abs(f32.load(x + (<usize>i << 2))));
  }
}

/** sums[i mod 4] += a[i] · b[i], the products exact. */
export function dot(sums: usize, a: usize, b: usize, n: i32): void {
  let s01 = v128.load(sums);
  let s23 = v128.load(sums, 16);
  const whole = <usize>(n & ~3) << 2;
  for (let i: usize = 0; i < whole; i += 16) {
    const va = load(a + i);
    const vb = load(b + i);
    s01 = f64x2.add(s01, f64x2.mul(f64x2.promote_low_f32x4(va), f64x2.promote_low_f32x4(vb)));
    s23 = f64x2.add(s23, f64x2.mul(f64x2.promote_low_f32x4(high(va)), f64x2.promote_low_f32x4(high(vb))));
  }
  v128.store(sums, s01);
  v128.store(sums, s23, 16);
  for (let i: i32 = n & ~3, lane: usize = 0; i < n; i++, lane += 8) {
    const at = <usize>i << 2;
    f64.store(sums + lane, f64.load(sums + lane) + <f64>f32.load(a + at) * <f64>f32.load(b + at));
  }
}

/** The larger of `seen` and all magnitudes, as bits. The entries up to the next multiple of four must be 0. */
export function largest(x: usize, n: i32, seen: i32): i32 {
  let most = i32x4.splat(seen);
  for (let i: usize = 0, end = <usize>n << 2; i < end; i += 16) most = i32x4.max_s(most, magnitude(load(x + i)));
  return max(
    max(i32x4.extract_lane(most, 0), i32x4.extract_lane(most, 1)),
    max(i32x4.extract_lane(most, 2), i32x4.extract_lane(most, 3)),
  );
}

/** Entries that are not zero. The entries up to the next multiple of four must be 0. */
export function nonZero(x: usize, n: i32): i32 {
  let count = i32x4.splat(0);
  for (let i: usize = 0, end = <usize>n << 2; i < end; i += 16) {
    count = i32x4.sub(count, i32x4.ne(magnitude(load(x + i)), i32x4.splat(0)));
  }
  return lanesOf(count);
}

/** Entries that are NaN or infinite. The entries up to the next multiple of four must be 0. */
export function nonFinite(x: usize, n: i32): i32 {
  let count = i32x4.splat(0);
  for (let i: usize = 0, end = <usize>n << 2; i < end; i += 16) {
    count = i32x4.sub(count, i32x4.ge_s(magnitude(load(x + i)), i32x4.splat(0x7f800000)));
  }
  return lanesOf(count);
}

/** Entries where both are not zero and differ in sign, low; where both are not zero, high. */
export function conflicts(a: usize, b: usize, n: i32): i64 {
  let opposed = i32x4.splat(0);
  let both = i32x4.splat(0);
  for (let i: usize = 0, end = <usize>n << 2; i < end; i += 16) {
    const va = load(a + i);
    const vb = load(b + i);
    const neither = v128.and(
      i32x4.ne(magnitude(va), i32x4.splat(0)),
      i32x4.ne(magnitude(vb), i32x4.splat(0)),
    );
    both = i32x4.sub(both, neither);
    opposed = i32x4.sub(opposed, v128.and(neither, i32x4.lt_s(v128.xor(va, vb), i32x4.splat(0))));
  }
  return (<i64>lanesOf(both) << 32) | <i64>lanesOf(opposed);
}

/** counts[min(⌊|x| · perUnit⌋, bins − 1)]++ for n entries. */
export function histogram(counts: usize, bins: i32, x: usize, perUnit: f32, n: i32): void {
  const last = <f32>(bins - 1);
  for (let i: usize = 0, end = <usize>n << 2; i < end; i += 4) {
    const scaled = min<f32>(abs(f32.load(x + i)) * perUnit, last);
    // NaN (0 · ∞) is bin 0, as in JavaScript's | 0.
    const at = counts + ((scaled == scaled ? <usize><i32>scaled : 0) << 2);
    i32.store(at, i32.load(at) + 1);
  }
}

// @ts-ignore: a decorator of the compiler
@inline
function high(value: v128): v128 {
  return v128.shuffle<i32>(value, value, 2, 3, 2, 3);
}
