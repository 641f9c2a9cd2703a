/**
 * The kernels in plain TypeScript: the reference for every other implementation, and the fallback.
 *
 * Masks are made by integer arithmetic on the floats' bits: branches on weights cannot be predicted.
 */
import { descend } from "../doge/descend.ts";
import { jacobiLeft, jacobiSvd } from "../linalg/jacobi.ts";
import { matmul } from "../linalg/matmul.ts";
import { coinLimit, mix } from "../random.ts";
import { bitsOf, magnitudeBits, toBits } from "./bits.ts";
import { ties } from "./elect.ts";
import { fromBfloat16, fromFloat16 } from "./half.ts";
import type { Kernels } from "./kernels.ts";
import { ranks } from "./ranks.ts";
import { conflicts, gram, histogram, nonFinite, norms } from "./reduce.ts";
import { digitsOf, quantiles, select, selectPool } from "./select.ts";
import { stitch } from "./stitch.ts";

const tile = 4096;

/** The kernel interface on ordinary memory; holds no state. */
export const twin: Kernels = {
  alloc: (n) => new Float32Array(n),

  delta(out, expert, base) {
    for (let i = 0; i < out.length; i++) out[i] = expert[i] - base[i];
  },

  axpy(out, base, delta, scale) {
    const factor = Math.fround(scale);
    for (let i = 0; i < out.length; i++) out[i] = base[i] + Math.fround(factor * delta[i]);
  },

  digits: digitsOf,
  select,
  selectPool: (xs, k) => selectPool(xs, k),

  trim(out, x, { threshold, tieEnd }) {
    const from = bitsOf(x);
    const to = bitsOf(out);
    const key = toBits(threshold);
    const ties = Math.min(tieEnd, x.length);
    let dropped = 0;
    for (let i = 0; i < ties; i++) {
      const drop = ((from[i] & magnitudeBits) - key) >> 31; // −1 where |x| < threshold
      to[i] = from[i] & ~drop;
      dropped -= drop;
    }
    for (let i = ties; i < x.length; i++) {
      const keep = (key - (from[i] & magnitudeBits)) >> 31; // −1 where |x| > threshold
      to[i] = from[i] & keep;
      dropped += 1 + keep;
    }
    return x.length - dropped;
  },

  drop(out, x, { k0, k1 }, density, scale) {
    const to = bitsOf(out);
    const limit = coinLimit(density);
    const factor = Math.fround(scale);
    let kept = 0;
    for (let i = 0; i < x.length; i++) {
      const keep = ((mix(mix((i + k0) | 0) ^ k1) >>> 8) - limit) >> 31; // −1 where the coin is below the limit
      out[i] = x[i] * factor;
      to[i] &= keep;
      kept -= keep;
    }
    return kept;
  },

  scale(x, scale) {
    const factor = Math.fround(scale);
    for (let i = 0; i < x.length; i++) x[i] *= factor;
  },

  weightedSum(out, rows, weights) {
    const sum = new Float32Array(tile);
    for (let begin = 0; begin < out.length; begin += tile) {
      const n = Math.min(tile, out.length - begin);
      sum.fill(0);
      for (let k = 0; k < rows.length; k++) {
        const row = rows[k];
        const weight = Math.fround(weights[k]);
        for (let j = 0; j < n; j++) sum[j] = sum[j] + Math.fround(weight * row[begin + j]);
      }
      out.set(n === tile ? sum : sum.subarray(0, n), begin);
    }
  },

  stitch,
  ties,
  quantiles,
  norms,
  histogram,
  gram,
  conflicts,
  ranks,
  nonFinite,
  svd: (x, rows, columns, k) => jacobiSvd(x, rows, columns, k),
  leftVectors: (x, rows, columns, k) => jacobiLeft(x, rows, columns, k),
  matmul,
  descend,

  fromHalf(out, halves, kind) {
    if (kind === "f16") fromFloat16(out, halves);
    else fromBfloat16(out, halves);
  },
};
