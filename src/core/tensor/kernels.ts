/**
 * The kernel interface: the few loops over elements that merging is made of.
 *
 * Methods and sparsifiers are written once against it. `twin.ts` is its plain TypeScript form: the
 * reference in tests and the fallback; a SIMD form must give the same bits. Weights and scales are rounded
 * to f32 first. Sums over experts are f32 from +0 in row order, every product and sum rounded. Sums over
 * elements are f64: per chunk of 65,536 four partial sums by i mod 4, added (0 + 1) + (2 + 3); chunk totals
 * in chunk order.
 *
 * All arrays are owned by the caller; `out` may be one of the inputs unless said otherwise.
 */
import type { Descent, DescentState } from "../doge/descend.ts";
import type { LinearAlgebra } from "../linalg/linear-algebra.ts";

export interface Kernels extends LinearAlgebra {
  /** Zeroed array of n values: an ordinary one, which may be moved away and is collected as garbage. */
  alloc(n: number): Float32Array<ArrayBuffer>;
  /** out = expert − base. */
  delta(out: Float32Array, expert: Float32Array, base: Float32Array): void;
  /** out = base + scale · delta (each product rounded to f32). */
  axpy(out: Float32Array, base: Float32Array, delta: Float32Array, scale: number): void;
  /** Counts what order statistics of x begin with: given to `select` and `quantiles` of the same values, it saves them a pass. */
  digits(x: Float32Array): Digits;
  /** Cut that keeps exactly k entries of the largest |x|, ties kept at the lower flat index. k in 0…n; k = 0 cuts at infinity. */
  select(x: Float32Array, k: number, digits?: Digits): Cut;
  /** Same over several arrays taken as one (their concatenation in the given order): one cut per array. */
  selectPool(xs: readonly Float32Array[], k: number): Cut[];
  /** Zeroes (to +0) what the cut does not keep; returns the number kept. */
  trim(out: Float32Array, x: Float32Array, cut: Cut): number;
  /** Bernoulli drop by `coin`: keeps with probability `density`, multiplies survivors by `scale`; returns the number kept. */
  drop(out: Float32Array, x: Float32Array, key: CoinKey, density: number, scale: number): number;
  /** x *= scale, in place. */
  scale(x: Float32Array, scale: number): void;
  /** out = Σ weights[k] · rows[k], in row order. */
  weightedSum(out: Float32Array, rows: readonly Float32Array[], weights: readonly number[]): void;
  /**
   * out = Σ weights[k] · rows[k] / Σ weights[k] over the rows that are not zero at the entry (by 1 where their weights
   * add up to less than 1e-8); −0 where the sum is 0, since base + −0 is the base bit for bit.
   */
  stitch(out: Float32Array, rows: readonly Float32Array[], weights: readonly number[]): void;
  /** TIES elect and merge; see methods/ties.ts for the variants. */
  ties(
    out: Float32Array,
    rows: readonly Float32Array[],
    weights: readonly number[],
    options: TiesOptions,
  ): void;
  /** p-quantiles of |x| with linear interpolation (numpy's default); NaN for n = 0. */
  quantiles(x: Float32Array, ps: readonly number[], digits?: Digits): number[];
  /** Σ|x|, Σx², max|x| and the number of non-zero entries. */
  norms(x: Float32Array): Norms;
  /** Counts of |x| in `bins` equal-width bins over [0, max]: bin ⌊f32(|x| · f32(bins / max))⌋, the last bin for all above. */
  histogram(x: Float32Array, bins: number, max: number): Uint32Array<ArrayBuffer>;
  /** Gram matrix (K × K, row-major) of rows, f64. */
  gram(rows: readonly Float32Array[]): Float64Array<ArrayBuffer>;
  /** Number of entries where the two rows are both non-zero and differ in sign, and where both are non-zero. */
  conflicts(a: Float32Array, b: Float32Array): { readonly opposed: number; readonly both: number };
  /**
   * Ranks of |x| within rows of `columns` values (1…65,536; a divisor of n), ascending from 0; of equal magnitudes the
   * lower index ranks higher. A fresh array of n.
   */
  ranks(x: Float32Array, columns: number): Uint16Array<ArrayBuffer>;
  /** out = the values of 16-bit floats given as patterns; exact. */
  fromHalf(out: Float32Array, halves: Uint16Array, kind: "f16" | "bf16"): void;
  /** So many steps of Adam on a layer's modifications, changed in place; the loss before each. See doge/descend.ts. */
  descend(
    problem: Descent,
    state: DescentState,
    steps: number,
    learningRate: number,
  ): Float64Array<ArrayBuffer>;
  /** Index of the first NaN or infinity and the number of them; { first: −1, count: 0 } if all are finite. */
  nonFinite(x: Float32Array): { readonly first: number; readonly count: number };
}

/** 2048 counts of magnitudes by the upper 11 of their 31 bits: eight per octave, ascending. */
export type Digits = Uint32Array<ArrayBuffer>;

/** Keep |x| > threshold, and |x| = threshold at flat indices below `tieEnd`. */
export interface Cut {
  readonly threshold: number;
  /** One past the flat index of the last tie kept; 0 when none is. (The official count, which keeps all ties, sets n.) */
  readonly tieEnd: number;
  /** The exact number that the cut keeps. */
  readonly kept: number;
}

/** Two 32-bit halves of a hash of (seed, expert id, tensor name); see random.ts. */
export interface CoinKey {
  readonly k0: number;
  readonly k1: number;
}

/** `value` below is an expert's own entry, `product` its f32 product with the expert's weight. */
export interface TiesOptions {
  /** What elects the sign and must agree with it: products (mergekit), or values as they are (peft). Zeros never agree. */
  readonly vote: "weighted" | "plain";
  /** What a vote of exactly zero elects: plus (mergekit), or the sign that most of the tensor elected (official code), plus if even. */
  readonly tie: "plus" | "majority";
  /**
   * The sum of agreeing products is divided by the f32 sum of the agreeing weights (mergekit `normalize`; by 1 where
   * that is 0), by the count of the agreeing (paper), or not at all (official code).
   */
  readonly average: "weights" | "count" | "none";
}

export interface Norms {
  /** Σ|x|. */
  readonly l1: number;
  /** Σx²: not its root. */
  readonly energy: number;
  readonly max: number;
  readonly nonZero: number;
}
