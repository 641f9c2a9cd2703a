import type { Kernels } from "../tensor/kernels.ts";
import { dividable } from "../tensor/stitch.ts";

/** Weights divided by their sum; unchanged where they cancel. */
export function shares(weights: readonly number[]): readonly number[] {
  const total = dividable(weights.reduce((sum, weight) => sum + weight, 0));
  return weights.map((weight) => weight / total);
}

/** The rows times their weights; a weight of 1 needs no copy. */
export function weightedRows(
  rows: readonly Float32Array[],
  weights: readonly number[],
  kernels: Kernels,
): readonly Float32Array[] {
  return rows.map((row, k) => {
    if (weights[k] === 1) return row;
    const product = kernels.alloc(row.length);
    kernels.weightedSum(product, [row], [weights[k]]);
    return product;
  });
}
