/**
 * `selectPool` for arrays that are too many to be held at once: each is asked for three times, one after the other.
 *
 * A magnitude's 31 bits are two digits, of 16 and 15 bits: the first pass counts the upper one, the second the lower
 * one where the upper is that of the cut, the third looks where the ties lie.
 */
import { bitsOf, fromBits, magnitudeBits } from "./bits.ts";
import type { Cut } from "./kernels.ts";
import { countAbove, locate, walkTies } from "./select.ts";

const lowShift = 15;
const lowMask = (1 << lowShift) - 1;

/** Arrays by number, lent until the next is asked for. */
export interface ArrayStream {
  readonly lengths: readonly number[];
  load(index: number): Promise<Float32Array>;
}

/** Cuts the arrays as if they were one: the cuts of `Kernels.selectPool`. k in 0…Σ lengths. */
export async function selectStream(stream: ArrayStream, k: number): Promise<readonly Cut[]> {
  const { lengths } = stream;
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (!Number.isInteger(k) || k < 0 || k > total) throw new Error(`select: k = ${k} of ${total}`);
  if (k === 0) return lengths.map(() => ({ threshold: Number.POSITIVE_INFINITY, tieEnd: 0, kept: 0 }));

  // f64: a bucket may count more entries than 32 bits can.
  const high = new Float64Array(1 << 16);
  for await (const bits of each(stream)) {
    for (let i = 0; i < bits.length; i++) high[(bits[i] & magnitudeBits) >>> lowShift]++;
  }
  const upper = locate(high, total - k);
  const low = new Float64Array(1 << lowShift);
  for await (const bits of each(stream)) {
    for (let i = 0; i < bits.length; i++) {
      const key = bits[i] & magnitudeBits;
      if (key >>> lowShift === upper.digit) low[key & lowMask]++;
    }
  }
  const lower = locate(low, total - k - upper.below);
  const key = upper.digit * 2 ** lowShift + lower.digit;

  let ties = k - (total - upper.below - lower.below - low[lower.digit]);
  const threshold = fromBits(key);
  const cuts: Cut[] = [];
  for await (const bits of each(stream)) {
    const { end, found } = walkTies(bits, key, ties);
    ties -= found;
    cuts.push({ threshold, tieEnd: end, kept: countAbove(bits, key) + found });
  }
  return cuts;
}

async function* each({ lengths, load }: ArrayStream): AsyncGenerator<Int32Array> {
  for (let i = 0; i < lengths.length; i++) yield bitsOf(await load(i));
}
