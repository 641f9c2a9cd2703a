/** Counting and cutting shared by the sparsifiers that keep the largest entries. */
import type { Cut, Digits, Kernels, Norms } from "../tensor/kernels.ts";

/**
 * Number of entries that a density (0…1) keeps out of n: ⌊density · n⌋ in f64, as mergekit's `int(density * n)`;
 * a tensor of one entry is always kept.
 */
export function keptCount(density: number, n: number): number {
  return n <= 1 ? n : Math.min(n, Math.floor(density * n));
}

/** Keeps exactly the k largest |τ| in place, ties at the lower index; says how many and where the cut lies. `digits` are τ's. */
export function keepLargest(
  delta: Float32Array,
  k: number,
  kernels: Kernels,
  digits?: Digits,
): { kept: number; threshold?: number } {
  if (k === delta.length) return { kept: k };
  const cut = kernels.select(delta, k, digits);
  kernels.trim(delta, delta, cut);
  return { kept: k, ...(k === 0 ? {} : { threshold: cut.threshold }) };
}

/** Factor that gives the kept entries the L1 or L2 norm that all entries had; 1 when nothing of it is left. */
export function normMatch(norm: "l1" | "l2", before: Norms, after: Norms): number {
  const ratio = norm === "l1" ? before.l1 / after.l1 : Math.sqrt(before.energy / after.energy);
  return Number.isFinite(ratio) ? ratio : 1;
}

/** The cut that keeps whatever is not zero. */
const notZero: Cut = { threshold: 0, tieEnd: 0, kept: 0 };

/** Zeroes delta (to +0) where the cut does not keep the entry of `by`; returns the number kept. n values each. */
export function maskWith(
  delta: Float32Array,
  by: Float32Array,
  { threshold, tieEnd }: Cut = notZero,
): number {
  let kept = 0;
  for (let i = 0; i < delta.length; i++) {
    const magnitude = Math.abs(by[i]);
    if (magnitude > threshold || (magnitude === threshold && i < tieEnd)) kept++;
    else delta[i] = 0;
  }
  return kept;
}
