/**
 * Exact selection: a strided sample says between which two magnitudes the cut must lie, one pass packs what is between
 * them, and a radix select among these few finds it. The sample affects the time only; when it was wrong, or when the
 * top digits have been counted already, the digit that holds the rank is packed instead.
 */
import { bitsOf, fromBits, magnitudeBits } from "#core/tensor/bits.ts";
import type { Cut, Digits } from "#core/tensor/kernels.ts";
import { locate, quantilesBy, type Ranked } from "#core/tensor/select.ts";
import type { KernelModule } from "./module.ts";

/** Values per tile: see WIDE in simd.ts. Most tensors of small models are one tile, and come in once. */
const TILE = 262_144;
const SAMPLE = 4096;
/** Ranks of a sample stray from those of the whole by this many standard deviations about once in 400 cuts. */
const SIGMAS = 3;
const LARGEST_KEY = magnitudeBits;
/** Of a magnitude's 31 bits, the upper 11 are its top digit. */
const DIGITS = 2048;
const DIGIT_SHIFT = 20;

/** The keys in a range, packed. Valid until the module's areas are laid out anew. */
interface Packed {
  /** Ranks of the keys run from here to before `end`. */
  readonly below: number;
  readonly end: number;
  at(rank: number): Ranked;
}

/** See `Kernels.selectPool`; `digits` are the top digits' counts over all arrays. */
export function selectPool(
  module: KernelModule,
  xs: readonly Float32Array[],
  k: number,
  digits?: Digits,
): Cut[] {
  const total = xs.reduce((sum, x) => sum + x.length, 0);
  if (!Number.isInteger(k) || k < 0 || k > total) throw new Error(`select: k = ${k} of ${total}`);
  if (k === 0) return xs.map(() => ({ threshold: Number.POSITIVE_INFINITY, tieEnd: 0, kept: 0 }));
  const { key, below, equal } = orderStatistic(module, xs, total, total - k, digits);
  const threshold = fromBits(key);
  let ties = k - (total - below - equal);
  const isThere = xs.length === 1 && total <= TILE;
  return xs.map((x) => {
    const { end, found } = walkTies(module, x, key, ties, isThere);
    ties -= found;
    const kept = xs.length === 1 ? k : countAbove(module, x, key) + found;
    return { threshold, tieEnd: end, kept };
  });
}

/** See `Kernels.quantiles`. */
export function quantiles(
  module: KernelModule,
  x: Float32Array,
  ps: readonly number[],
  digits = topDigits(module, [x]),
): number[] {
  let packed: Packed | undefined;
  return quantilesBy(x.length, ps, (rank) => {
    if (!packed || rank < packed.below || rank >= packed.end) packed = packDigit(module, [x], digits, rank);
    return packed.at(rank);
  });
}

/** See `Kernels.digits`. */
export function topDigits(module: KernelModule, xs: readonly Float32Array[]): Digits {
  const [tile, tables] = module.areas(TILE * 4, 2 * DIGITS * 4);
  module.ints(tables, 2 * DIGITS).fill(0);
  for (const x of xs) {
    for (let begin = 0; begin < x.length; begin += TILE) {
      const end = Math.min(begin + TILE, x.length);
      module.put(x, begin, end, tile);
      module.run.topDigits(tables, tile, end - begin);
    }
  }
  const digits = new Uint32Array(module.ints(tables, DIGITS));
  const others = module.ints(tables, 2 * DIGITS);
  for (let i = 0; i < DIGITS; i++) digits[i] += others[DIGITS + i];
  return digits;
}

function orderStatistic(
  module: KernelModule,
  xs: readonly Float32Array[],
  total: number,
  rank: number,
  digits: Digits | undefined,
): Ranked {
  if (digits) return packDigit(module, xs, digits, rank).at(rank);
  const [low, high] = total > 4 * SAMPLE ? bracket(module, xs, total, rank) : [0, LARGEST_KEY];
  const packed = pack(module, xs, low, high, total);
  if (rank >= packed.below && rank < packed.end) return packed.at(rank);
  return packDigit(module, xs, topDigits(module, xs), rank).at(rank);
}

/** Packs the keys whose top digit is that of the key at a rank. */
function packDigit(module: KernelModule, xs: readonly Float32Array[], digits: Digits, rank: number): Packed {
  const total = xs.reduce((sum, x) => sum + x.length, 0);
  const low = locate(digits, rank).digit << DIGIT_SHIFT;
  return pack(module, xs, low, low | (2 ** DIGIT_SHIFT - 1), total);
}

/** Two keys that the cut very likely lies between, from a sample at even distances over all arrays. */
function bracket(
  module: KernelModule,
  xs: readonly Float32Array[],
  total: number,
  rank: number,
): [number, number] {
  const [keys, work, found, counts] = module.areas(SAMPLE * 4, SAMPLE * 4, 16, DIGITS * 4);
  const sample = module.ints(keys, SAMPLE);
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
    module.run.rank(found, keys, work, SAMPLE, place, 0, bitLength(LARGEST_KEY), counts);
    return module.ints(found, 1)[0];
  };
  const first = Math.floor(share * SAMPLE - spread);
  const last = Math.ceil(share * SAMPLE + spread);
  return [first < 0 ? 0 : at(first), last >= SAMPLE ? LARGEST_KEY : at(last)];
}

/** Packs the keys in [low, high]. The first area is a tile, which ends up with the last tile of the last array. */
function pack(
  module: KernelModule,
  xs: readonly Float32Array[],
  low: number,
  high: number,
  total: number,
): Packed {
  let room = Math.min(total, TILE + (total >> 3));
  const lay = () => module.areas(TILE * 4, 16, DIGITS * 4, room * 4, room * 4);
  let [tile, found, counts, keys, work] = lay();
  let above = 0;
  let inside = 0;
  for (const x of xs) {
    for (let begin = 0; begin < x.length; begin += TILE) {
      const end = Math.min(begin + TILE, x.length);
      if (inside + end - begin > room) {
        // Growing moves nothing that is in use: only the room to work in stands behind the keys.
        room = Math.min(total, room * 2);
        [tile, found, counts, keys, work] = lay();
      }
      module.put(x, begin, end, tile);
      const packed = module.run.between(keys + inside * 4, tile, low, high, end - begin);
      inside += Number(packed & 0xffff_ffffn);
      above += Number(packed >> 32n);
    }
  }
  const below = total - above - inside;
  return {
    below,
    end: below + inside,
    at(rank) {
      module.run.rank(found, keys, work, inside, rank - below, low, bitLength(high - low), counts);
      const [key, smaller, equal] = module.ints(found, 3);
      return { key, below: below + smaller, equal };
    },
  };
}

function bitLength(x: number): number {
  return 32 - Math.clz32(x);
}

/**
 * Walks to the `limit`-th tie, or over all of them when there are fewer; `end` is one past the last one taken.
 *
 * @param isThere whether x stands in the first tile already
 */
function walkTies(
  module: KernelModule,
  x: Float32Array,
  key: number,
  limit: number,
  isThere: boolean,
): { end: number; found: number } {
  const [tile, at] = module.areas(TILE * 4, 16);
  let found = 0;
  let end = 0;
  for (let begin = 0; begin < x.length && found < limit; begin += TILE) {
    const stop = Math.min(begin + TILE, x.length);
    if (!isThere) module.put(x, begin, stop, tile);
    module.run.findTies(at, tile, key, limit - found, stop - begin);
    const [here, last] = module.ints(at, 2);
    found += here;
    if (here > 0) end = begin + last;
  }
  return { end, found };
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
