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
import { leftVectors, matmul, svd } from "./linalg.ts";
import { KernelModule } from "./module.ts";
import { quantiles, selectPool, topDigits } from "./select.ts";
import { overChunks, overTiles } from "./tiles.ts";

/** Values per tile where nothing but one array passes. */
const TILE = 262_144;
/** Weights below this may add up to what cannot be divided by. */
const SMALLEST_WEIGHT = 1e-6;
/** Below this many values a call costs more than it saves. */
const SMALL = 192;

/** Kernels on a module of their own: one per worker, not for two threads at once. Same contract as the twin. */
export function simdKernels(): Kernels {
  const module = new KernelModule();
  const { run } = module;

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
      overTiles(
        module,
        undefined,
        rows,
        ({ rows: at, stride, lists: [b] }, n) => {
          balance += run.balance(at, stride, b, rows.length, n);
        },
        [ballots],
      );
    }
    const zeroSign = balance < 0 ? -1 : 0;
    const divides = average === "none" ? 0 : 1;
    overTiles(
      module,
      out,
      rows,
      ({ out: to, rows: at, stride, lists: [w, b, s] }, n) =>
        run.ties(to, at, stride, w, b, s, rows.length, zeroSign, divides, n),
      [weights, ballots, shares],
    );
  }

  return {
    alloc: twin.alloc,

    delta(out, expert, base) {
      if (out.length < SMALL) return twin.delta(out, expert, base);
      overTiles(module, out, [expert, base], (at, n) => run.delta(at.out, at.rows, at.rows + at.stride, n));
    },

    axpy(out, base, delta, scale) {
      if (out.length < SMALL) return twin.axpy(out, base, delta, scale);
      overTiles(module, out, [base, delta], (at, n) => {
        run.axpy(at.out, at.rows, at.rows + at.stride, scale, n);
      });
    },

    scale(x, scale) {
      if (x.length < SMALL) return twin.scale(x, scale);
      overTiles(module, x, [x], (at, n) => run.scale(at.out, at.rows, scale, n));
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
      overTiles(module, out, [x], (at, n, begin) => {
        kept += run.trim(at.out, at.rows, key, Math.min(Math.max(cut.tieEnd - begin, 0), n), n);
      });
      return kept;
    },

    drop(out, x, { k0, k1 }, density, scale) {
      if (x.length < SMALL) return twin.drop(out, x, { k0, k1 }, density, scale);
      const limit = coinLimit(density);
      let kept = 0;
      overTiles(module, out, [x], (at, n, begin) => {
        kept += run.drop(at.out, at.rows, (k0 + begin) | 0, k1, limit, scale, n);
      });
      return kept;
    },

    weightedSum(out, rows, weights) {
      if (out.length < SMALL || rows.length === 0) return twin.weightedSum(out, rows, weights);
      overTiles(
        module,
        out,
        rows,
        (at, n) => run.weightedSum(at.out, at.rows, at.stride, at.lists[0], rows.length, n),
        [weights],
      );
    },

    stitch(out, rows, weights) {
      const divides = weights.every((weight) => weight === 0 || weight >= SMALLEST_WEIGHT);
      if (out.length < SMALL || rows.length === 0 || !divides) return twin.stitch(out, rows, weights);
      const isEven = weights.every((weight) => weight === 1);
      overTiles(
        module,
        out,
        rows,
        (at, n) => {
          if (isEven) run.stitchEvenly(at.out, at.rows, at.stride, rows.length, n);
          else run.stitch(at.out, at.rows, at.stride, at.lists[0], rows.length, n);
        },
        [weights.map((weight) => -weight)],
      );
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
      overChunks(module, [x], ([at], n, _begin, sum) => {
        l1 += sum((sums) => run.absolute(sums, at, n));
        energy += sum((sums) => run.dot(sums, at, at, n));
        max = run.largest(at, n, max);
        nonZero += run.nonZero(at, n);
      });
      return { l1, energy, max: fromBits(max), nonZero };
    },

    gram(rows) {
      const count = rows.length;
      if ((rows[0]?.length ?? 0) < SMALL) return twin.gram(rows);
      const out = new Float64Array(count * count);
      overChunks(module, rows, (at, n, _begin, sum) => {
        for (let a = 0; a < count; a++) {
          for (let b = a; b < count; b++) {
            out[a * count + b] += sum((sums) => run.dot(sums, at[a], at[b], n));
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
      const tile = Math.min(TILE, x.length);
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
      overChunks(module, [a, b], ([x, y], n) => {
        const counts = run.conflicts(x, y, n);
        opposed += Number(counts & 0xffff_ffffn);
        both += Number(counts >> 32n);
      });
      return { opposed, both };
    },

    svd: (x, rows, columns, k) => svd(module, x, rows, columns, k),
    leftVectors: (x, rows, columns, k) => leftVectors(module, x, rows, columns, k),
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
      const tile = Math.min(TILE, out.length);
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
      overChunks(module, [x], ([at], n, begin) => {
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
