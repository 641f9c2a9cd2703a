/**
 * Exact selection: a strided sample says between which two magnitudes the cut must lie, one pass packs what is between
 * them, and a radix select among these few finds it. The sample affects the time only; when it was wrong, everything
 * is packed.
 */
import { bitsOf, fromBits, magnitudeBits } from "#core/tensor/bits.ts";
import type { Cut } from "#core/tensor/kernels.ts";
import type { KernelModule } from "./module.ts";

const TILE = 32_768;
const SAMPLE = 4096;
/** Ranks of a sample stray from those of the whole by this many standard deviations about once in 400 cuts. */
const SIGMAS = 3;
const LARGEST_KEY = magnitudeBits;
const DIGITS = 2048;

/** Where an order statistic stands: its key, how many are smaller, how many equal. */
interface Ranked {
  readonly key: number;
  readonly below: number;
  readonly equal: number;
}

/** See `Kernels.selectPool`. */
export function selectPool(module: KernelModule, xs: readonly Float32Array[], k: number): Cut[] {
  const total = xs.reduce((sum, x) => sum + x.length, 0);
  if (!Number.isInteger(k) || k < 0 || k > total) throw new Error(`select: k = ${k} of ${total}`);
  if (k === 0) return xs.map(() => ({ threshold: Number.POSITIVE_INFINITY, tieEnd: 0, kept: 0 }));
  const { key, below, equal } = orderStatistic(module, xs, total, total - k);
  const threshold = fromBits(key);
  let ties = k - (total - below - equal);
  return xs.map((x) => {
    const { end, found } = walkTies(module, x, key, ties);
    ties -= found;
    const kept = xs.length === 1 ? k : countAbove(module, x, key) + found;
    return { threshold, tieEnd: end, kept };
  });
}

/** See `Kernels.quantiles`. */
export function quantiles(module: KernelModule, x: Float32Array, ps: readonly number[]): number[] {
  const n = x.length;
  if (n === 0) return ps.map(() => Number.NaN);
  const at = ranksByDigit(module, x);
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

function orderStatistic(
  module: KernelModule,
  xs: readonly Float32Array[],
  total: number,
  rank: number,
): Ranked {
  const [low, high] = total > 4 * SAMPLE ? bracket(module, xs, total, rank) : [0, LARGEST_KEY];
  return among(module, xs, low, high, rank, total) ?? among(module, xs, 0, LARGEST_KEY, rank, total)!;
}

/** Two keys that the cut very likely lies between, from a sample at even distances over all arrays. */
function bracket(
  module: KernelModule,
  xs: readonly Float32Array[],
  total: number,
  rank: number,
): [number, number] {
  const [keys, found, counts] = module.areas(SAMPLE * 4, 16, DIGITS * 4);
  const sample = new Int32Array(SAMPLE);
  const step = total / SAMPLE;
  let part = 0;
  let before = 0;
  let bits = bitsOf(xs[0]);
  for (let i = 0; i < SAMPLE; i++) {
    const at = Math.floor(i * step);
    while (at - before >= bits.length) {
      before += bits.length;
      bits = bitsOf(xs[++part]);
    }
    sample[i] = bits[at - before] & magnitudeBits;
  }
  const share = rank / total;
  const spread = SIGMAS * Math.sqrt(SAMPLE * share * (1 - share)) + 2;
  const at = (place: number) => {
    module.ints(keys, SAMPLE).set(sample);
    module.run.rank(found, keys, SAMPLE, place, counts);
    return module.ints(found, 1)[0];
  };
  const first = Math.floor(share * SAMPLE - spread);
  const last = Math.ceil(share * SAMPLE + spread);
  return [first < 0 ? 0 : at(first), last >= SAMPLE ? LARGEST_KEY : at(last)];
}

/** The order statistic, if its key lies in [low, high]. */
function among(
  module: KernelModule,
  xs: readonly Float32Array[],
  low: number,
  high: number,
  rank: number,
  total: number,
): Ranked | undefined {
  let room = low === 0 && high === LARGEST_KEY ? total : Math.min(total, TILE + (total >> 3));
  let [tile, found, counts, keys] = module.areas(TILE * 4, 16, DIGITS * 4, room * 4 + 16);
  let above = 0;
  let inside = 0;
  for (const x of xs) {
    for (let begin = 0; begin < x.length; begin += TILE) {
      const end = Math.min(begin + TILE, x.length);
      if (inside + end - begin > room) {
        // Growing moves nothing: the keys stand last.
        room = Math.min(total, room * 2);
        [tile, found, counts, keys] = module.areas(TILE * 4, 16, DIGITS * 4, room * 4 + 16);
      }
      module.put(x, begin, end, tile);
      const packed = module.run.between(keys + inside * 4, tile, low, high, end - begin);
      inside += Number(packed & 0xffff_ffffn);
      above += Number(packed >> 32n);
    }
  }
  const below = total - above - inside;
  if (rank < below || rank >= below + inside) return undefined;
  module.run.rank(found, keys, inside, rank - below, counts);
  const [key, smaller, equal] = module.ints(found, 3);
  return { key, below: below + smaller, equal };
}

/** Counts top digits once; each rank then packs one digit's keys only. */
function ranksByDigit(module: KernelModule, x: Float32Array): (rank: number) => Ranked {
  const [tile, tables] = module.areas(TILE * 4, 2 * DIGITS * 4);
  module.ints(tables, 2 * DIGITS).fill(0);
  for (let begin = 0; begin < x.length; begin += TILE) {
    const end = Math.min(begin + TILE, x.length);
    module.put(x, begin, end, tile);
    module.run.topDigits(tables, tile, end - begin);
  }
  const counts = module
    .ints(tables, DIGITS)
    .map((count, i) => count + module.ints(tables, 2 * DIGITS)[DIGITS + i]);
  return (rank) => {
    let below = 0;
    let digit = 0;
    while (below + counts[digit] <= rank) below += counts[digit++];
    const low = digit << 20;
    const found = among(module, [x], low, low | 0xfffff, rank, x.length);
    if (!found) throw new Error(`quantiles: rank ${rank} of ${x.length} is not where its digit is`);
    return found;
  };
}

/** Walks to the `limit`-th tie, or over all of them when there are fewer; `end` is one past the last one taken. */
function walkTies(
  module: KernelModule,
  x: Float32Array,
  key: number,
  limit: number,
): { end: number; found: number } {
  const [tile] = module.areas(TILE * 4);
  let found = 0;
  let end = 0;
  for (let begin = 0; begin < x.length && found < limit; begin += TILE) {
    const stop = Math.min(begin + TILE, x.length);
    module.put(x, begin, stop, tile);
    const here = module.run.countEqual(tile, key, stop - begin);
    if (here === 0) continue;
    const wanted = Math.min(here, limit - found);
    end = begin + placeOfTie(module.ints(tile, stop - begin), key, wanted) + 1;
    found += wanted;
  }
  return { end, found };
}

/** Index of the `wanted`-th tie (1 = the first). */
function placeOfTie(bits: Int32Array, key: number, wanted: number): number {
  let seen = 0;
  for (let i = 0; i < bits.length; i++) {
    if ((bits[i] & magnitudeBits) === key && ++seen === wanted) return i;
  }
  throw new Error("select: a counted tie is not there");
}

function countAbove(module: KernelModule, x: Float32Array, key: number): number {
  const [tile] = module.areas(TILE * 4);
  let count = 0;
  for (let begin = 0; begin < x.length; begin += TILE) {
    const end = Math.min(begin + TILE, x.length);
    module.put(x, begin, end, tile);
    count += module.run.countAbove(tile, key, end - begin);
  }
  return count;
}
