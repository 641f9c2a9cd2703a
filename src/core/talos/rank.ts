/** Choosing the lowest or highest scores of a pool, among the entries that are still in it. */
import type { Mask } from "../localise/mask.ts";
import { selectPool } from "../tensor/select.ts";
import type { WeightValues } from "../train/gradients.ts";

export interface Choice {
  readonly end: "lowest" | "highest";
  /** "exact": k, ties at the lower flat index; "official": all that tie with the last one too. */
  readonly count: "exact" | "official";
}

/**
 * Marks the k lowest or highest scores (≥ 0) of all tensors together.
 *
 * @param live entries that may be chosen; absent = all
 */
export function rank(scores: WeightValues, k: number, { end, count }: Choice, live?: Mask): Mask {
  const pool = gather(scores, live);
  const wanted = Math.min(k, pool.length);
  const isLow = end === "lowest";
  // The k-th lowest of n is the (n − k + 1)-th highest.
  const nth = isLow ? pool.length - wanted + 1 : wanted;
  const threshold = wanted > 0 ? selectPool([pool], nth)[0].threshold : Number.NaN;
  let ties = count === "official" ? Number.POSITIVE_INFINITY : wanted;
  if (count === "exact")
    for (let i = 0; i < pool.length; i++) if (isBeyond(pool[i], threshold, isLow)) ties--;

  return new Map(
    [...scores].map(([name, values]) => {
      const mask = new Uint8Array(values.length);
      const alive = live?.get(name);
      for (let i = 0; i < mask.length; i++) {
        if (alive?.[i] === 0) continue;
        if (isBeyond(values[i], threshold, isLow)) mask[i] = 1;
        else if (values[i] === threshold && ties-- > 0) mask[i] = 1;
      }
      return [name, mask];
    }),
  );
}

function isBeyond(score: number, threshold: number, isLow: boolean): boolean {
  return isLow ? score < threshold : score > threshold;
}

function gather(scores: WeightValues, live: Mask | undefined): Float32Array {
  let size = 0;
  for (const [name, values] of scores) {
    const alive = live?.get(name);
    for (let i = 0; i < values.length; i++) if (alive?.[i] !== 0) size++;
  }
  const pool = new Float32Array(size);
  let end = 0;
  for (const [name, values] of scores) {
    const alive = live?.get(name);
    for (let i = 0; i < values.length; i++) if (alive?.[i] !== 0) pool[end++] = values[i];
  }
  return pool;
}
