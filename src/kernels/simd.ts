/**
 * The kernel interface on WebAssembly SIMD: the same bits as core's twin, several times faster.
 *
 * Tensors stay ordinary arrays that can be moved between workers and collected as garbage. They pass through the
 * module's memory in tiles that stay in the processor's cache, so a copy costs less than what SIMD saves, and there is
 * no memory to manage. Arrays too short to gain go to the twin.
 */

import { coinLimit } from "#core/random.ts";
import { bitsOf, exponentBits, fromBits, toBits } from "#core/tensor/bits.ts";
import type { Kernels, TiesOptions } from "#core/tensor/kernels.ts";
import { requireRows } from "#core/tensor/ranks.ts";
import { twin } from "#core/tensor/twin.ts";
import { descend } from "./descend.ts";
import { matmul, svd } from "./linalg.ts";
import { areaOf, KernelModule } from "./module.ts";
import { quantiles, selectPool, topDigits } from "./select.ts";

/** Values per tile of arrays that fit the caches. */
const TILE = 32_768;
/** All rows of such a tile together: half of a second-level cache. */
const ROWS = 131_072;
/** From this many values on, arrays come from and go to memory. */
const LONG = 1_048_576;
/** Values per tile of long arrays: C libraries copy a megabyte at once half again as fast as smaller parts. */
const WIDE = 262_144;
/** All rows of such a tile together: half of a small third-level cache. */
const WIDE_ROWS = 1_048_576;
/** Values per partial sum, as core/tensor/kernels.ts lays down. */
const CHUNK = 65_536;
/** Partial sums of a chunk. */
const SUMS = 4;
/** Weights below this may add up to what cannot be divided by. */
const SMALLEST_WEIGHT = 1e-6;
/** Below this many values a call costs more than it saves. */
const SMALL = 192;

/** Kernels on a module of their own: one per worker, not for two threads at once. Same contract as the twin. */
export function simdKernels(): Kernels {
  const module = new KernelModule();
  const { run } = module;

  /** Runs `work` on tiles of the inputs; fills `out` from where the first input stood. */
  function map(
    out: Float32Array,
    inputs: readonly Float32Array[],
    work: (areas: readonly number[], n: number, begin: number) => void,
  ): void {
    const tile = tileOf(out.length, inputs.length);
    const areas = module.areas(...inputs.map(() => tile * 4));
    for (let begin = 0; begin < out.length; begin += tile) {
      const n = Math.min(tile, out.length - begin);
      inputs.forEach((input, k) => {
        module.put(input, begin, begin + n, areas[k]);
      });
      work(areas, n, begin);
      module.take(out, begin, n, areas[0]);
    }
  }

  /** Runs `work` on the chunks of the inputs, the entries up to the next multiple of four zeroed. */
  function read(
    inputs: readonly Float32Array[],
    work: (areas: readonly number[], n: number, begin: number, sums: number) => void,
  ) {
    const length = inputs[0]?.length ?? 0;
    const tile = Math.ceil(tileOf(length, inputs.length) / CHUNK) * CHUNK;
    const [sums, ...areas] = module.areas(SUMS * 8, ...inputs.map(() => Math.min(tile, length) * 4));
    for (let begin = 0; begin < length; begin += tile) {
      const n = Math.min(tile, length - begin);
      inputs.forEach((input, k) => {
        module.put(input, begin, begin + n, areas[k]);
        if (n % 4 !== 0) module.floats(areas[k] + n * 4, 4 - (n % 4)).fill(0);
      });
      for (let at = 0; at < n; at += CHUNK) {
        const chunk = areas.map((area) => area + at * 4);
        work(chunk, Math.min(CHUNK, n - at), begin + at, sums);
      }
    }
  }

  /** One chunk's sum of the four partial ones that `add` keeps at an address. */
  function partial(sums: number, add: (sums: number) => void): number {
    const parts = module.doubles(sums, SUMS);
    parts.fill(0);
    add(sums);
    return parts[0] + parts[1] + (parts[2] + parts[3]);
  }

  /** Lays rows of one tile after the other and hands them over; `extra` areas stand before. Fills `out` from the first. */
  function overRows(
    out: Float32Array | undefined,
    rows: readonly Float32Array[],
    extra: readonly (readonly number[])[],
    work: (at: { rows: number; stride: number; extra: readonly number[] }, n: number) => void,
  ): void {
    const length = rows[0].length;
    const tile = tileOf(length, rows.length);
    const stride = areaOf(tile * 4);
    const areas = module.areas(...extra.map((list) => list.length * 4), stride * rows.length);
    extra.forEach((list, i) => {
      module.floats(areas[i], list.length).set(list);
    });
    const first = areas[extra.length];
    for (let begin = 0; begin < length; begin += tile) {
      const n = Math.min(tile, length - begin);
      rows.forEach((row, k) => {
        module.put(row, begin, begin + n, first + k * stride);
      });
      work({ rows: first, stride, extra: areas }, n);
      if (out) module.take(out, begin, n, first);
    }
  }

  function ties(
    out: Float32Array,
    rows: readonly Float32Array[],
    weights: readonly number[],
    { vote, tie, average }: TiesOptions,
  ): void {
    const ones = weights.map(() => 1);
    const ballots = vote === "weighted" ? weights : ones;
    const shares = average === "weights" ? weights : ones;
    let balance = 0;
    if (tie === "majority") {
      overRows(undefined, rows, [ballots], (at, n) => {
        balance += run.balance(at.rows, at.stride, at.extra[0], rows.length, n);
      });
    }
    const zeroSign = balance < 0 ? -1 : 0;
    const divides = average === "none" ? 0 : 1;
    overRows(out, rows, [weights, ballots, shares], (at, n) => {
      const [w, b, s] = at.extra;
      run.ties(at.rows, at.rows, at.stride, w, b, s, rows.length, zeroSign, divides, n);
    });
  }

  return {
    alloc: twin.alloc,

    delta(out, expert, base) {
      if (out.length < SMALL) return twin.delta(out, expert, base);
      map(out, [expert, base], ([a, b], n) => run.delta(a, a, b, n));
    },

    axpy(out, base, delta, scale) {
      if (out.length < SMALL) return twin.axpy(out, base, delta, scale);
      map(out, [base, delta], ([a, b], n) => run.axpy(a, a, b, scale, n));
    },

    scale(x, scale) {
      if (x.length < SMALL) return twin.scale(x, scale);
      map(x, [x], ([at], n) => run.scale(at, at, scale, n));
    },

    digits: (x) => (x.length < SMALL ? twin.digits(x) : topDigits(module, [x])),
    select: (x, k, digits) =>
      x.length < SMALL ? twin.select(x, k, digits) : selectPool(module, [x], k, digits)[0],
    selectPool: (xs, k) => selectPool(module, xs, k),
    quantiles: (x, ps, digits) =>
      x.length < SMALL ? twin.quantiles(x, ps, digits) : quantiles(module, x, ps, digits),

    trim(out, x, cut) {
      if (x.length < SMALL) return twin.trim(out, x, cut);
      const key = toBits(cut.threshold);
      let kept = 0;
      map(out, [x], ([at], n, begin) => {
        kept += run.trim(at, at, key, Math.min(Math.max(cut.tieEnd - begin, 0), n), n);
      });
      return kept;
    },

    drop(out, x, { k0, k1 }, density, scale) {
      if (x.length < SMALL) return twin.drop(out, x, { k0, k1 }, density, scale);
      const limit = coinLimit(density);
      let kept = 0;
      map(out, [x], ([at], n, begin) => {
        kept += run.drop(at, at, (k0 + begin) | 0, k1, limit, scale, n);
      });
      return kept;
    },

    weightedSum(out, rows, weights) {
      if (out.length < SMALL || rows.length === 0) return twin.weightedSum(out, rows, weights);
      overRows(out, rows, [weights], (at, n) => {
        run.weightedSum(at.rows, at.rows, at.stride, at.extra[0], rows.length, n);
      });
    },

    stitch(out, rows, weights) {
      const divides = weights.every((weight) => weight === 0 || weight >= SMALLEST_WEIGHT);
      if (out.length < SMALL || rows.length === 0 || !divides) return twin.stitch(out, rows, weights);
      overRows(out, rows, [weights.map((weight) => -weight)], (at, n) => {
        run.stitch(at.rows, at.rows, at.stride, at.extra[0], rows.length, n);
      });
    },

    ties(out, rows, weights, options) {
      if (out.length < SMALL) return twin.ties(out, rows, weights, options);
      ties(out, rows, weights, options);
    },

    norms(x) {
      if (x.length < SMALL) return twin.norms(x);
      let l1 = 0;
      let energy = 0;
      let max = 0;
      let nonZero = 0;
      read([x], ([at], n, _begin, sums) => {
        l1 += partial(sums, (to) => run.absolute(to, at, n));
        energy += partial(sums, (to) => run.dot(to, at, at, n));
        max = run.largest(at, n, max);
        nonZero += run.nonZero(at, n);
      });
      return { l1, energy, max: fromBits(max), nonZero };
    },

    gram(rows) {
      const count = rows.length;
      if ((rows[0]?.length ?? 0) < SMALL) return twin.gram(rows);
      const out = new Float64Array(count * count);
      read(rows, (at, n, _begin, sums) => {
        for (let a = 0; a < count; a++) {
          for (let b = a; b < count; b++) {
            out[a * count + b] += partial(sums, (to) => run.dot(to, at[a], at[b], n));
          }
        }
      });
      for (let a = 0; a < count; a++) {
        for (let b = 0; b < a; b++) out[a * count + b] = out[b * count + a];
      }
      return out;
    },

    histogram(x, bins, max) {
      if (x.length < SMALL) return twin.histogram(x, bins, max);
      const tile = tileOf(x.length, 1);
      const [counts, at] = module.areas(bins * 4, tile * 4);
      module.ints(counts, bins).fill(0);
      const perUnit = Math.fround(bins / max);
      for (let begin = 0; begin < x.length; begin += tile) {
        const end = Math.min(begin + tile, x.length);
        module.put(x, begin, end, at);
        run.histogram(counts, bins, at, perUnit, end - begin);
      }
      return Uint32Array.from(module.ints(counts, bins));
    },

    conflicts(a, b) {
      if (a.length < SMALL) return twin.conflicts(a, b);
      let opposed = 0;
      let both = 0;
      read([a, b], ([x, y], n) => {
        const counts = run.conflicts(x, y, n);
        opposed += Number(counts & 0xffff_ffffn);
        both += Number(counts >> 32n);
      });
      return { opposed, both };
    },

    svd: (x, rows, columns, k) => svd(module, x, rows, columns, k),
    matmul: (out, a, b) => matmul(module, out, a, b),
    descend: (problem, state, steps, rate) => descend(module, problem, state, steps, rate),

    ranks(x, columns) {
      requireRows(x, columns);
      const out = new Uint16Array(x.length);
      const [to, row, room] = module.areas(columns * 2, columns * 4, (4 * columns + 256) * 4);
      for (let begin = 0; begin < x.length; begin += columns) {
        module.put(x, begin, begin + columns, row);
        run.ranks(to, row, columns, room);
        out.set(module.halves(to, columns), begin);
      }
      return out;
    },

    fromHalf(out, halves, kind) {
      if (out.length < SMALL) return twin.fromHalf(out, halves, kind);
      const tile = tileOf(out.length, 2);
      const [from, to] = module.areas(tile * 2, tile * 4);
      for (let begin = 0; begin < out.length; begin += tile) {
        const n = Math.min(tile, out.length - begin);
        module.halves(from, n).set(halves.subarray(begin, begin + n));
        if (kind === "f16") run.fromFloat16(to, from, n);
        else run.fromBfloat16(to, from, n);
        module.take(out, begin, n, to);
      }
    },

    nonFinite(x) {
      if (x.length < SMALL) return twin.nonFinite(x);
      let count = 0;
      let first = -1;
      read([x], ([at], n, begin) => {
        const here = run.nonFinite(at, n);
        if (here > 0 && count === 0) first = begin + firstSpecial(module.floats(at, n));
        count += here;
      });
      return { first, count };
    },
  };
}

/** Values per tile of `rows` arrays of n values that are worked on together. */
function tileOf(n: number, rows: number): number {
  const [tile, room] = n < LONG ? [TILE, ROWS] : [WIDE, WIDE_ROWS];
  return Math.max(1024, Math.min(tile, (room / rows) & ~1023));
}

function firstSpecial(x: Float32Array): number {
  return bitsOf(x).findIndex((bits) => (bits & exponentBits) === exponentBits);
}
