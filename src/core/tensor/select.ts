/**
 * Exact order statistics of magnitudes by radix select on float bits: O(n), no sort, the same for any input order.
 *
 * A magnitude's 31 bits are read as digits of 11, 11 and 9. The first pass counts the top digit; the bucket that holds
 * the rank is gathered, and the lower digits are found among these few.
 */
import { bitsOf, fromBits, magnitudeBits } from "./bits.ts";
import type { Cut, Digits } from "./kernels.ts";

const topShift = 20;
const middleShift = 9;
const digits = 2048;
const middleMask = digits - 1;
const lowMask = (1 << middleShift) - 1;

/** A magnitude's bits and where it stands: how many are smaller, how many equal. */
export interface Ranked {
  readonly key: number;
  readonly below: number;
  readonly equal: number;
}

/** Cuts one array: see `Kernels.select`. */
export function select(x: Float32Array, k: number, counted?: Digits): Cut {
  return selectPool([x], k, counted)[0];
}

/** Cuts several arrays as if they were one, without joining them: see `Kernels.selectPool`. */
export function selectPool(xs: readonly Float32Array[], k: number, counted?: Digits): Cut[] {
  const total = xs.reduce((sum, x) => sum + x.length, 0);
  if (!Number.isInteger(k) || k < 0 || k > total) throw new Error(`select: k = ${k} of ${total}`);
  if (k === 0) return xs.map(() => ({ threshold: Number.POSITIVE_INFINITY, tieEnd: 0, kept: 0 }));

  const parts = xs.map(bitsOf);
  const { key, below, equal } = orderStatistics(parts, counted)(total - k);
  const threshold = fromBits(key);
  let ties = k - (total - below - equal);
  return parts.map((bits) => {
    const { end, found } = walkTies(bits, key, ties);
    ties -= found;
    const kept = parts.length === 1 ? k : countAbove(bits, key) + found;
    return { threshold, tieEnd: end, kept };
  });
}

/** Computes p-quantiles of |x|: see `Kernels.quantiles`. */
export function quantiles(x: Float32Array, ps: readonly number[], counted?: Digits): number[] {
  return quantilesBy(x.length, ps, orderStatistics([bitsOf(x)], counted));
}

/** Interpolates p-quantiles of n values linearly between order statistics, which `at` gives by ascending rank. */
export function quantilesBy(n: number, ps: readonly number[], at: (rank: number) => Ranked): number[] {
  if (n === 0) return ps.map(() => Number.NaN);
  return ps.map((p) => {
    const position = Math.min(Math.max(p, 0), 1) * (n - 1);
    const rank = Math.floor(position);
    const low = at(rank);
    const a = fromBits(low.key);
    const fraction = position - rank;
    if (fraction === 0) return a;
    const b = rank + 1 < low.below + low.equal ? a : fromBits(at(rank + 1).key);
    return a + (b - a) * fraction;
  });
}

/** Counts top digits: see `Kernels.digits`. */
export function digitsOf(x: Float32Array): Digits {
  return topDigits([bitsOf(x)]);
}

function topDigits(parts: readonly Int32Array[]): Digits {
  const top = new Uint32Array(digits);
  for (const bits of parts) {
    for (let i = 0; i < bits.length; i++) top[(bits[i] & magnitudeBits) >>> topShift]++;
  }
  return top;
}

/** Answers ascending ranks (0 = smallest); top digits are counted once at most, and buckets once gathered are kept. */
function orderStatistics(parts: readonly Int32Array[], top = topDigits(parts)): (rank: number) => Ranked {
  const buckets = new Map<number, Int32Array>();

  return (rank) => {
    const first = locate(top, rank);
    let bucket = buckets.get(first.digit);
    if (!bucket) {
      bucket = gather(parts, first.digit, top[first.digit]);
      buckets.set(first.digit, bucket);
    }
    const middles = new Uint32Array(digits);
    for (let i = 0; i < bucket.length; i++) middles[(bucket[i] >>> middleShift) & middleMask]++;
    const second = locate(middles, rank - first.below);

    const lows = new Uint32Array(lowMask + 1);
    for (let i = 0; i < bucket.length; i++) {
      if (((bucket[i] >>> middleShift) & middleMask) === second.digit) lows[bucket[i] & lowMask]++;
    }
    const third = locate(lows, rank - first.below - second.below);
    return {
      key: (first.digit << topShift) | (second.digit << middleShift) | third.digit,
      below: first.below + second.below + third.below,
      equal: lows[third.digit],
    };
  };
}

/** Finds the digit at an ascending rank, and how many counted entries lie below it. */
export function locate(counts: Uint32Array | Float64Array, rank: number): { digit: number; below: number } {
  let below = 0;
  let digit = 0;
  while (below + counts[digit] <= rank) below += counts[digit++];
  return { digit, below };
}

/** Collects the magnitudes with this top digit: few enough for the branch to be predicted. */
function gather(parts: readonly Int32Array[], digit: number, count: number): Int32Array {
  const found = new Int32Array(count);
  let end = 0;
  for (const bits of parts) {
    for (let i = 0; i < bits.length; i++) {
      const key = bits[i] & magnitudeBits;
      if (key >>> topShift === digit) found[end++] = key;
    }
  }
  return found;
}

/** Counts the magnitudes whose bits exceed the key. */
export function countAbove(bits: Int32Array, key: number): number {
  let count = 0;
  for (let i = 0; i < bits.length; i++) count += (key - (bits[i] & magnitudeBits)) >>> 31;
  return count;
}

/** Walks to the `limit`-th tie, or over all of them when there are fewer. */
export function walkTies(bits: Int32Array, key: number, limit: number): { end: number; found: number } {
  let found = 0;
  let end = 0;
  for (let i = 0; i < bits.length && found < limit; i++) {
    if ((bits[i] & magnitudeBits) !== key) continue;
    found++;
    end = i + 1;
  }
  return { end, found };
}
