/**
 * One value in, one value out, four at a time. Pointers are byte addresses of f32 arrays that the host has filled;
 * n is any count, and arrays have room up to the next multiple of four. Bits equal those of src/core/tensor/twin.ts.
 */
import { lanesOf, load, magnitude, mix4, store } from "./lanes";

/** out = a − b. */
export function delta(out: usize, a: usize, b: usize, n: i32): void {
  for (let i: usize = 0, end = <usize>n << 2; i < end; i += 16) {
    store(out + i, f32x4.sub(load(a + i), load(b + i)));
  }
}

/** out = base + factor · x, the product rounded first. */
export function axpy(out: usize, base: usize, x: usize, factor: f32, n: i32): void {
  const f = f32x4.splat(factor);
  for (let i: usize = 0, end = <usize>n << 2; i < end; i += 16) {
    store(out + i, f32x4.add(load(base + i), f32x4.mul(f, load(x + i))));
  }
}

/** out = factor · x. */
export function scale(out: usize, x: usize, factor: f32, n: i32): void {
  const f = f32x4.splat(factor);
  for (let i: usize = 0, end = <usize>n << 2; i < end; i += 16) store(out + i, f32x4.mul(f, load(x + i)));
}

/** Keeps |x| ≥ key in the first `ties` entries and |x| > key after; returns the number kept among the n. */
export function trim(out: usize, x: usize, key: i32, ties: i32, n: i32): i32 {
  const cut = i32x4.splat(key);
  let kept = i32x4.splat(0);
  const end = <usize>n << 2;
  const whole = <usize>(n & ~3) << 2;
  const tied = <usize>ties << 2;
  let i: usize = 0;
  for (const last = <usize>(ties & ~3) << 2; i < last; i += 16) {
    const value = load(x + i);
    const keep = i32x4.ge_s(magnitude(value), cut);
    kept = i32x4.sub(kept, keep);
    store(out + i, v128.and(value, keep));
  }
  // The group that the last tie falls in, one by one.
  let count: i32 = 0;
  for (const last = min((tied + 15) & ~15, whole); i < last; i += 4) count += trimOne(out, x, key, i, tied);
  for (; i < whole; i += 16) {
    const value = load(x + i);
    const keep = i32x4.gt_s(magnitude(value), cut);
    kept = i32x4.sub(kept, keep);
    store(out + i, v128.and(value, keep));
  }
  for (; i < end; i += 4) count += trimOne(out, x, key, i, tied);
  return count + lanesOf(kept);
}

function trimOne(out: usize, x: usize, key: i32, i: usize, tied: usize): i32 {
  const bits = i32.load(x + i);
  const own = bits & 0x7fffffff;
  const keep = i32(own > key) | (i32(own == key) & i32(i < tied));
  i32.store(out + i, bits & -keep);
  return keep;
}

/** out = factor · x where the coin of (k0 + i, k1) is below the limit, else +0; returns the number kept among the n. */
export function drop(out: usize, x: usize, k0: i32, k1: i32, limit: i32, factor: f32, n: i32): i32 {
  const f = f32x4.splat(factor);
  const bound = i32x4.splat(limit);
  const key = i32x4.splat(k1);
  let index = i32x4.add(i32x4(0, 1, 2, 3), i32x4.splat(k0));
  let kept = i32x4.splat(0);
  const whole = <usize>(n & ~3) << 2;
  let i: usize = 0;
  for (; i < whole; i += 16) {
    const keep = i32x4.lt_s(coins(index, key), bound);
    store(out + i, v128.and(f32x4.mul(f, load(x + i)), keep));
    kept = i32x4.sub(kept, keep);
    index = i32x4.add(index, i32x4.splat(4));
  }
  if (n & 3) {
    const keep = i32x4.lt_s(coins(index, key), bound);
    store(out + i, v128.and(f32x4.mul(f, load(x + i)), keep));
    kept = i32x4.sub(kept, v128.and(keep, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(n & 3))));
  }
  return lanesOf(kept);
}

/** `coin` of src/core/random.ts in four lanes, before it is divided. */
// @ts-ignore: a decorator of the compiler
@inline
function coins(index: v128, key: v128): v128 {
  return i32x4.shr_u(mix4(v128.xor(mix4(index), key)), 8);
}
