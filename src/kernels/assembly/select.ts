/**
 * Exact order statistics of magnitudes (kernels of src/kernels/select.ts). Keys are the floats' bits without sign;
 * digits are 11, 11 and 9 bits, most significant first.
 */
import { load, magnitude } from "./lanes";

/** counts[top digit of |x|]++ for n entries; two tables of 2048, which the host adds. */
export function topDigits(counts: usize, x: usize, n: i32): void {
  const second = counts + 2048 * 4;
  let i: usize = 0;
  const end = <usize>n << 2;
  for (const even = <usize>(n & ~1) << 2; i < even; i += 8) {
    const a = counts + ((i32.load(x + i) & 0x7fffffff) >>> 20 << 2);
    const b = second + ((i32.load(x + i, 4) & 0x7fffffff) >>> 20 << 2);
    i32.store(a, i32.load(a) + 1);
    i32.store(b, i32.load(b) + 1);
  }
  if (i < end) {
    const a = counts + ((i32.load(x + i) & 0x7fffffff) >>> 20 << 2);
    i32.store(a, i32.load(a) + 1);
  }
}

/** Packs the keys in [low, high] at `out`, which has room for n + 4; returns their number, and in the upper half that of keys above. */
export function between(out: usize, x: usize, low: i32, high: i32, n: i32): i64 {
  const lows = i32x4.splat(low);
  const highs = i32x4.splat(high);
  let to = out;
  let above: i32 = 0;
  const whole = <usize>(n & ~3) << 2;
  let i: usize = 0;
  for (; i < whole; i += 16) {
    const keys = magnitude(load(x + i));
    const over = i32x4.gt_s(keys, highs);
    above += popcnt(i32x4.bitmask(over));
    const inside = i32x4.bitmask(v128.andnot(i32x4.ge_s(keys, lows), over));
    if (inside == 0) continue;
    to = pack(to, keys, inside);
  }
  for (const end = <usize>n << 2; i < end; i += 4) {
    const key = i32.load(x + i) & 0x7fffffff;
    above += i32(key > high);
    if (key < low || key > high) continue;
    i32.store(to, key);
    to += 4;
  }
  return (<i64>above << 32) | <i64>((to - out) >>> 2);
}

// @ts-ignore: a decorator of the compiler
@inline
function pack(to: usize, keys: v128, mask: i32): usize {
  if (mask & 1) {
    i32.store(to, i32x4.extract_lane(keys, 0));
    to += 4;
  }
  if (mask & 2) {
    i32.store(to, i32x4.extract_lane(keys, 1));
    to += 4;
  }
  if (mask & 4) {
    i32.store(to, i32x4.extract_lane(keys, 2));
    to += 4;
  }
  if (mask & 8) {
    i32.store(to, i32x4.extract_lane(keys, 3));
    to += 4;
  }
  return to;
}

/**
 * Finds the key of ascending rank among n keys at `keys` (which it moves about), by radix.
 *
 * @param counts room for 2048 i32
 * @param found three i32: the key, how many are below it, how many equal it
 */
export function rank(found: usize, keys: usize, n: i32, wanted: i32, counts: usize): void {
  let below: i32 = 0;
  let prefix: i32 = 0;
  let left = n;
  let equal: i32 = 0;
  for (let pass: i32 = 0; pass < 3; pass++) {
    const shift = pass == 0 ? 20 : pass == 1 ? 9 : 0;
    const mask = pass == 2 ? 511 : 2047;
    memory.fill(counts, 0, 2048 * 4);
    for (let i: usize = 0, end = <usize>left << 2; i < end; i += 4) {
      const at = counts + (((i32.load(keys + i) >>> shift) & mask) << 2);
      i32.store(at, i32.load(at) + 1);
    }
    let digit: i32 = 0;
    equal = i32.load(counts);
    while (below + equal <= wanted) {
      below += equal;
      digit++;
      equal = i32.load(counts + (<usize>digit << 2));
    }
    prefix |= digit << shift;
    if (pass < 2) left = keep(keys, left, shift, mask, digit);
  }
  i32.store(found, prefix);
  i32.store(found, below, 4);
  i32.store(found, equal, 8);
}

/** Moves the keys with this digit to the front; returns their number. */
function keep(keys: usize, n: i32, shift: i32, mask: i32, digit: i32): i32 {
  let to = keys;
  for (let i: usize = 0, end = <usize>n << 2; i < end; i += 4) {
    const key = i32.load(keys + i);
    i32.store(to, key);
    to += <usize>(i32(((key >>> shift) & mask) == digit) << 2);
  }
  return <i32>((to - keys) >>> 2);
}

/** Entries whose key is the given one. The entries up to the next multiple of four must differ from it. */
export function countEqual(x: usize, key: i32, n: i32): i32 {
  const wanted = i32x4.splat(key);
  let count: i32 = 0;
  for (let i: i32 = 0; i < n; i += 4) {
    const same = i32x4.bitmask(i32x4.eq(magnitude(load(x + (<usize>i << 2))), wanted));
    count += popcnt(same & ((1 << min(4, n - i)) - 1));
  }
  return count;
}

/** Entries whose key is above the given one. */
export function countAbove(x: usize, key: i32, n: i32): i32 {
  const bound = i32x4.splat(key);
  let count: i32 = 0;
  for (let i: i32 = 0; i < n; i += 4) {
    const above = i32x4.bitmask(i32x4.gt_s(magnitude(load(x + (<usize>i << 2))), bound));
    count += popcnt(above & ((1 << min(4, n - i)) - 1));
  }
  return count;
}
