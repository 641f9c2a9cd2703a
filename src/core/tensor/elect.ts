/**
 * TIES elect and merge: see `Kernels.ties` and methods/ties.ts.
 *
 * Works in tiles that stay in the L1 cache and without branches on signs, which no processor can predict:
 * what does not agree is multiplied by 0.
 */
import { bitsOf, magnitudeBits } from "./bits.ts";
import type { TiesOptions } from "./kernels.ts";

const tile = 1024;

/** Fills out with the merge of the agreeing; out may be one of the rows. Signs elected per element, f32 throughout. */
export function ties(
  out: Float32Array,
  rows: readonly Float32Array[],
  weights: readonly number[],
  { vote, tie, average }: TiesOptions,
): void {
  const ballots = vote === "weighted" ? weights : weights.map(() => 1);
  const shares = average === "weights" ? weights : weights.map(() => 1);
  const zeroSign = tie === "majority" && majorityIsMinus(rows, ballots) ? -1 : 0;

  const products = new Float32Array(tile * rows.length);
  const votes = vote === "weighted" ? products : new Float32Array(products.length);
  const total = new Float32Array(tile);
  const sum = new Float32Array(tile);
  const mass = new Float32Array(tile);

  for (let begin = 0; begin < out.length; begin += tile) {
    const n = Math.min(tile, out.length - begin);
    multiply(products, rows, weights, begin, n);
    if (votes !== products) multiply(votes, rows, ballots, begin, n);
    addUp(total, votes, rows.length, n);
    addAgreeing(sum, mass, { products, votes, total, shares, zeroSign }, n);
    if (average !== "none") divide(sum, mass, n);
    out.set(sum.subarray(0, n), begin);
  }
}

/** One tile: rows of products and votes stand one after the other. */
interface Tile {
  readonly products: Float32Array;
  readonly votes: Float32Array;
  readonly total: Float32Array;
  /** What an agreeing expert adds to the divisor. */
  readonly shares: readonly number[];
  /** Sign word of a vote of zero: 0 plus, −1 minus. */
  readonly zeroSign: number;
}

/** Fills sum with the products, and mass with the shares, of the experts whose vote has the elected sign. */
function addAgreeing(
  sum: Float32Array,
  mass: Float32Array,
  { products, votes, total, shares, zeroSign }: Tile,
  n: number,
): void {
  const voteBits = bitsOf(votes);
  const totalBits = bitsOf(total);
  sum.fill(0);
  mass.fill(0);
  for (let k = 0; k < shares.length; k++) {
    const share = Math.fround(shares[k]);
    const row = k * tile;
    for (let j = 0; j < n; j++) {
      const own = voteBits[row + j];
      // A sum that starts at +0 is never −0: its sign bit says "negative", and all bits 0 says "zero".
      const elected = totalBits[j] | (zeroSign & (totalBits[j] - 1) & ~totalBits[j]);
      const nonZero = ((own & magnitudeBits) + magnitudeBits) >>> 31;
      const agrees = (((own ^ elected) >>> 31) ^ 1) & nonZero;
      sum[j] = sum[j] + products[row + j] * agrees;
      mass[j] = mass[j] + share * agrees;
    }
  }
}

function divide(sum: Float32Array, mass: Float32Array, n: number): void {
  for (let j = 0; j < n; j++) sum[j] = sum[j] / (mass[j] === 0 ? 1 : mass[j]);
}

/** products[k] = weights[k] · rows[k] over one tile, rounded to f32. */
function multiply(
  products: Float32Array,
  rows: readonly Float32Array[],
  weights: readonly number[],
  begin: number,
  n: number,
): void {
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k];
    const weight = Math.fround(weights[k]);
    for (let j = 0; j < n; j++) products[k * tile + j] = weight * row[begin + j];
  }
}

/** total = Σ over the rows of a tile, in row order. */
function addUp(total: Float32Array, rows: Float32Array, count: number, n: number): void {
  total.fill(0);
  for (let k = 0; k < count; k++) {
    for (let j = 0; j < n; j++) total[j] = total[j] + rows[k * tile + j];
  }
}

/** Tells whether more elements elect minus than plus. */
function majorityIsMinus(rows: readonly Float32Array[], weights: readonly number[]): boolean {
  const length = rows[0].length;
  const products = new Float32Array(tile * rows.length);
  const total = new Float32Array(tile);
  let balance = 0;
  for (let begin = 0; begin < length; begin += tile) {
    const n = Math.min(tile, length - begin);
    multiply(products, rows, weights, begin, n);
    addUp(total, products, rows.length, n);
    for (let j = 0; j < n; j++) balance += Math.sign(total[j]);
  }
  return balance < 0;
}
