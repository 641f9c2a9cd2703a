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
import { matmul, svd } from "./linalg.ts";
import { KernelModule } from "./module.ts";
import { quantiles, selectPool } from "./select.ts";

/** Values per tile at most: 128 kB; half of it costs a tenth more in copies, twice as much no less. */
const TILE = 32_768;
/** Values per partial sum, as core/tensor/kernels.ts lays down: a whole number of tiles. */
const CHUNK = 65_536;
/** All rows of a tile together: half of a second-level cache. */
const ROWS = 131_072;
/** Below this many values a call costs more than it saves. */
const SMALL = 192;

/** Kernels on a module of their own: one per worker, not for two threads at once. Same contract as the twin. */
export function simdKernels(): Kernels {
  const module = new KernelModule();
  const { run } = module;

  /** Runs `work` on tiles of the inputs; fills `out` from the first area when there is one. */
  function map(
    out: Float32Array,
    inputs: readonly Float32Array[],
    work: (areas: readonly number[], n: number, begin: number) => void,
  ): void {
    const areas = module.areas(TILE * 4, ...inputs.map(() => TILE * 4));
    for (let begin = 0; begin < out.length; begin += TILE) {
      const n = Math.min(TILE, out.length - begin);
      inputs.forEach((input, k) => {
        module.put(input, begin, begin + n, areas[k + 1]);
      });
      work(areas, n, begin);
      module.take(out, begin, n, areas[0]);
    }
  }

  /** Runs `work` on tiles of the inputs, the entries up to the next multiple of four zeroed. */
  function read(
    inputs: readonly Float32Array[],
    work: (areas: readonly number[], n: number, begin: number) => void,
  ) {
    const length = inputs[0]?.length ?? 0;
    const areas = module.areas(...inputs.map(() => TILE * 4), 64);
    for (let begin = 0; begin < length; begin += TILE) {
      const n = Math.min(TILE, length - begin);
      inputs.forEach((input, k) => {
        module.put(input, begin, begin + n, areas[k]);
        if (n % 4 !== 0) module.floats(areas[k] + n * 4, 4 - (n % 4)).fill(0);
      });
      work(areas, n, begin);
    }
  }

  /** Σ over the chunks of the four partial sums that `add` keeps at an address. */
  function sum(
    inputs: readonly Float32Array[],
    add: (sums: number, areas: readonly number[], n: number) => void,
  ): number {
    const length = inputs[0]?.length ?? 0;
    let total = 0;
    read(inputs, (areas, n, begin) => {
      const sums = module.doubles(areas[inputs.length], 4);
      if (begin % CHUNK === 0) sums.fill(0);
      add(areas[inputs.length], areas, n);
      const end = begin + n;
      if (end % CHUNK === 0 || end === length) total += sums[0] + sums[1] + (sums[2] + sums[3]);
    });
    return total;
  }

  /** Lays rows of one tile after the other and hands them over; `extra` areas stand before. */
  function overRows(
    out: Float32Array | undefined,
    rows: readonly Float32Array[],
    extra: readonly (readonly number[])[],
    work: (at: { out: number; rows: number; stride: number; extra: readonly number[] }, n: number) => void,
  ): void {
    const length = rows[0].length;
    const tile = Math.max(1024, Math.min(TILE, (ROWS / rows.length) & ~1023));
    const stride = tile * 4;
    const areas = module.areas(...extra.map((list) => list.length * 4), stride, stride * rows.length);
    extra.forEach((list, i) => {
      module.floats(areas[i], list.length).set(list);
    });
    const [outAt, rowsAt] = areas.slice(extra.length);
    for (let begin = 0; begin < length; begin += tile) {
      const n = Math.min(tile, length - begin);
      rows.forEach((row, k) => {
        module.put(row, begin, begin + n, rowsAt + k * stride);
      });
      work({ out: outAt, rows: rowsAt, stride, extra: areas }, n);
      if (out) module.take(out, begin, n, outAt);
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
      run.ties(at.out, at.rows, at.stride, w, b, s, rows.length, zeroSign, divides, n);
    });
  }

  return {
    alloc: twin.alloc,

    delta(out, expert, base) {
      if (out.length < SMALL) return twin.delta(out, expert, base);
      map(out, [expert, base], ([to, a, b], n) => run.delta(to, a, b, n));
    },

    axpy(out, base, delta, scale) {
      if (out.length < SMALL) return twin.axpy(out, base, delta, scale);
      map(out, [base, delta], ([to, a, b], n) => run.axpy(to, a, b, scale, n));
    },

    scale(x, scale) {
      if (x.length < SMALL) return twin.scale(x, scale);
      map(x, [x], ([to, from], n) => run.scale(to, from, scale, n));
    },

    select: (x, k) => (x.length < SMALL ? twin.select(x, k) : selectPool(module, [x], k)[0]),
    selectPool: (xs, k) => selectPool(module, xs, k),
    quantiles: (x, ps) => (x.length < SMALL ? twin.quantiles(x, ps) : quantiles(module, x, ps)),

    trim(out, x, cut) {
      if (x.length < SMALL) return twin.trim(out, x, cut);
      const key = toBits(cut.threshold);
      let kept = 0;
      map(out, [x], ([to, from], n, begin) => {
        kept += run.trim(to, from, key, Math.min(Math.max(cut.tieEnd - begin, 0), n), n);
      });
      return kept;
    },

    drop(out, x, { k0, k1 }, density, scale) {
      if (x.length < SMALL) return twin.drop(out, x, { k0, k1 }, density, scale);
      const limit = coinLimit(density);
      let kept = 0;
      map(out, [x], ([to, from], n, begin) => {
        kept += run.drop(to, from, (k0 + begin) | 0, k1, limit, scale, n);
      });
      return kept;
    },

    weightedSum(out, rows, weights) {
      if (out.length < SMALL || rows.length === 0) return twin.weightedSum(out, rows, weights);
      overRows(out, rows, [weights], (at, n) => {
        run.weightedSum(at.out, at.rows, at.stride, at.extra[0], rows.length, n);
      });
    },

    ties(out, rows, weights, options) {
      if (out.length < SMALL) return twin.ties(out, rows, weights, options);
      ties(out, rows, weights, options);
    },

    norms(x) {
      if (x.length < SMALL) return twin.norms(x);
      let max = 0;
      let nonZero = 0;
      const l1 = sum([x], (sums, [at], n) => {
        run.absolute(sums, at, n);
        max = run.largest(at, n, max);
        nonZero += run.nonZero(at, n);
      });
      const energy = sum([x], (sums, [at], n) => run.dot(sums, at, at, n));
      return { l1, energy, max: fromBits(max), nonZero };
    },

    gram(rows) {
      const count = rows.length;
      if ((rows[0]?.length ?? 0) < SMALL) return twin.gram(rows);
      const out = new Float64Array(count * count);
      for (let a = 0; a < count; a++) {
        for (let b = a; b < count; b++) {
          out[a * count + b] = sum([rows[a], rows[b]], (sums, [x, y], n) => run.dot(sums, x, y, n));
          out[b * count + a] = out[a * count + b];
        }
      }
      return out;
    },

    histogram(x, bins, max) {
      if (x.length < SMALL) return twin.histogram(x, bins, max);
      const [counts, tile] = module.areas(bins * 4, TILE * 4);
      module.ints(counts, bins).fill(0);
      const perUnit = Math.fround(bins / max);
      for (let begin = 0; begin < x.length; begin += TILE) {
        const end = Math.min(begin + TILE, x.length);
        module.put(x, begin, end, tile);
        run.histogram(counts, bins, tile, perUnit, end - begin);
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
      const [from, to] = module.areas(TILE * 2, TILE * 4);
      for (let begin = 0; begin < out.length; begin += TILE) {
        const n = Math.min(TILE, out.length - begin);
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

function firstSpecial(x: Float32Array): number {
  return bitsOf(x).findIndex((bits) => (bits & exponentBits) === exponentBits);
}
