/**
 * Exact order statistics of magnitudes (kernels of src/kernels/select.ts). Keys are the floats' bits without sign.
 */
import { lanesOf, load, magnitude, store } from "./lanes";

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

/** Where the host has laid sixteen shuffles: number m moves the lanes whose bits in m are 0 to the front. */
const PACKING: usize = 512;

/** Packs the keys in [low, high] at `out`, which has room for n + 4; returns their number, and in the upper half that of keys above. */
export function between(out: usize, x: usize, low: i32, high: i32, n: i32): i64 {
  const lows = i32x4.splat(low);
  const highs = i32x4.splat(high);
  let above = i32x4.splat(0);
  let to = out;
  const whole = <usize>(n & ~3) << 2;
  let i: usize = 0;
  for (; i < whole; i += 16) {
    const keys = magnitude(load(x + i));
    const over = i32x4.gt_s(keys, highs);
    above = i32x4.sub(above, over);
    const outside = i32x4.bitmask(v128.or(i32x4.gt_s(lows, keys), over));
    // Without a branch, which could not be predicted.
    store(to, i8x16.swizzle(keys, load(PACKING + (<usize>outside << 4))));
    to += <usize>(4 - popcnt(outside)) << 2;
  }
  let rest: i32 = 0;
  for (const end = <usize>n << 2; i < end; i += 4) {
    const key = i32.load(x + i) & 0x7fffffff;
    rest += i32(key > high);
    if (key < low || key > high) continue;
    i32.store(to, key);
    to += 4;
  }
  return (<i64>(lanesOf(above) + rest) << 32) | <i64>((to - out) >>> 2);
}

/**
 * Finds the key of ascending rank among n keys, by radix; digits are those of key − low.
 *
 * @param keys all from `low` on and below low + 2^bits; left as they are
 * @param work room for n keys
 * @param counts room for 2048 i32
 * @param found three i32: the key, how many are below it, how many equal it
 */
export function rank(
  found: usize,
  keys: usize,
  work: usize,
  n: i32,
  wanted: i32,
  low: i32,
  bits: i32,
  counts: usize,
): void {
  let below: i32 = 0;
  let equal: i32 = n;
  let left = n;
  let from = keys;
  let first = low;
  for (let width = bits; width > 0; ) {
    const shift = max(0, width - 11);
    memory.fill(counts, 0, <usize>4 << (width - shift));
    for (let i: usize = 0, end = <usize>left << 2; i < end; i += 4) {
      const at = counts + (((i32.load(from + i) - first) >>> shift) << 2);
      i32.store(at, i32.load(at) + 1);
    }
    let digit: i32 = 0;
    equal = i32.load(counts);
    while (below + equal <= wanted) {
      below += equal;
      digit++;
      equal = i32.load(counts + (<usize>digit << 2));
    }
    if (shift > 0) left = keep(work, from, left, first, shift, digit);
    from = work;
    first += digit << shift;
    width = shift;
  }
  i32.store(found, first);
  i32.store(found, below, 4);
  i32.store(found, equal, 8);
}

/** Packs the keys with this digit at `out`, which may be where they stand; returns their number. */
function keep(out: usize, keys: usize, n: i32, first: i32, shift: i32, digit: i32): i32 {
  let to = out;
  for (let i: usize = 0, end = <usize>n << 2; i < end; i += 4) {
    const key = i32.load(keys + i);
    i32.store(to, key);
    to += <usize>(i32((key - first) >>> shift == digit) << 2);
  }
  return <i32>((to - out) >>> 2);
}

/** Counts entries with the given key, the first `wanted` of them: two i32 at `found`, their number and one past the last's index. */
export function findTies(found: usize, x: usize, key: i32, wanted: i32, n: i32): void {
  const tied = i32x4.splat(key);
  let count: i32 = 0;
  let end: i32 = 0;
  for (let i: i32 = 0; i < n && count < wanted; i += 4) {
    let same = i32x4.bitmask(i32x4.eq(magnitude(load(x + (<usize>i << 2))), tied)) & ((1 << min(4, n - i)) - 1);
    for (; same && count < wanted; same &= same - 1) {
      end = i + ctz(same) + 1;
      count++;
    }
  }
  i32.store(found, count);
  i32.store(found, end, 4);
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
