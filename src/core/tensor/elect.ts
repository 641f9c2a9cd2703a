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
  options: TiesOptions,
): void {
  const votes = options.vote === "weighted" ? weights : weights.map(() => 1);
  const zeroBits = options.tie === "majority" && majorityIsMinus(rows, votes) ? -1 : 0;
  const total = new Float32Array(tile);
  const sum = new Float32Array(tile);
  const mass = new Float32Array(tile);
  const vote = new Float32Array(tile);

  for (let begin = 0; begin < out.length; begin += tile) {
    const n = Math.min(tile, out.length - begin);
    accumulate(total, rows, votes, begin, n);
    sum.fill(0);
    mass.fill(0);
    for (let k = 0; k < rows.length; k++) {
      multiply(vote, rows[k], votes[k], begin, n);
      const share = options.average === "weights" ? Math.fround(weights[k]) : 1;
      addAgreeing(sum, mass, { row: rows[k], weight: weights[k], share, vote, total, zeroBits, begin, n });
    }
    if (options.average !== "none") divide(sum, mass, n);
    out.set(n === tile ? sum : sum.subarray(0, n), begin);
  }
}

interface Agreement {
  readonly row: Float32Array;
  readonly weight: number;
  /** What an agreeing expert adds to the divisor. */
  readonly share: number;
  readonly vote: Float32Array;
  readonly total: Float32Array;
  /** Sign word of a vote of zero: 0 plus, −1 minus. */
  readonly zeroBits: number;
  readonly begin: number;
  readonly n: number;
}

function addAgreeing(sum: Float32Array, mass: Float32Array, a: Agreement): void {
  const { row, share, vote, total, zeroBits, begin, n } = a;
  const weight = Math.fround(a.weight);
  const voteBits = bitsOf(vote);
  const totalBits = bitsOf(total);
  for (let j = 0; j < n; j++) {
    // A sum that starts at +0 is never −0, so the sign bit says "negative", and all bits 0 says "zero".
    const elected = totalBits[j] | (zeroBits & ((totalBits[j] - 1) & ~totalBits[j]));
    const opposed = (voteBits[j] ^ elected) >>> 31;
    const nonZero = ((voteBits[j] & magnitudeBits) + magnitudeBits) >>> 31;
    const agrees = (opposed ^ 1) & nonZero;
    sum[j] = sum[j] + Math.fround(weight * row[begin + j]) * agrees;
    mass[j] = mass[j] + share * agrees;
  }
}

function divide(sum: Float32Array, mass: Float32Array, n: number): void {
  for (let j = 0; j < n; j++) sum[j] = sum[j] / (mass[j] === 0 ? 1 : mass[j]);
}

/** total = Σ votes[k] · rows[k] over one tile. */
function accumulate(
  total: Float32Array,
  rows: readonly Float32Array[],
  votes: readonly number[],
  begin: number,
  n: number,
): void {
  total.fill(0);
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k];
    const weight = Math.fround(votes[k]);
    for (let j = 0; j < n; j++) total[j] = total[j] + Math.fround(weight * row[begin + j]);
  }
}

function multiply(vote: Float32Array, row: Float32Array, weight: number, begin: number, n: number): void {
  const factor = Math.fround(weight);
  for (let j = 0; j < n; j++) vote[j] = factor * row[begin + j];
}

/** Tells whether more elements elect minus than plus. */
function majorityIsMinus(rows: readonly Float32Array[], votes: readonly number[]): boolean {
  const length = rows[0].length;
  const total = new Float32Array(tile);
  let balance = 0;
  for (let begin = 0; begin < length; begin += tile) {
    const n = Math.min(tile, length - begin);
    accumulate(total, rows, votes, begin, n);
    for (let j = 0; j < n; j++) balance += Math.sign(total[j]);
  }
  return balance < 0;
}
