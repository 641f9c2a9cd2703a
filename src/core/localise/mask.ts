/** Masks over weights: one byte per weight, made by ranking a whole pool of tensors at once. */
import { coin, coinKey } from "../random.ts";
import { selectPool } from "../tensor/select.ts";
import type { WeightValues } from "../train/gradients.ts";

/** 1 where a weight is chosen, else 0; by tensor. Tensors that a mask says nothing of are absent. */
export type Mask = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/**
 * How a cut at the k-th largest treats it and its ties.
 *
 * - "exact": exactly k, ties at the lower flat index (tensors in the map's order)
 * - "tied": every entry ≥ the k-th largest, so k or more (MergeBench)
 * - "strict": every entry above it, so fewer than k (the official Localize-and-Stitch)
 */
export type TieRule = "exact" | "tied" | "strict";

/** Marks the k largest |score| of all tensors together; k = 0 marks none. Scores must be finite. */
export function largest(scores: WeightValues, k: number, ties: TieRule = "exact"): Mask {
  const names = [...scores.keys()];
  const cuts = selectPool([...scores.values()], k);
  return new Map(
    names.map((name, t) => {
      const values = scores.get(name) ?? new Float32Array(0);
      const { threshold, tieEnd } = cuts[t];
      const end = ties === "exact" ? tieEnd : ties === "tied" && k > 0 ? values.length : 0;
      return [name, above(values, threshold, end)];
    }),
  );
}

function above(values: Float32Array, threshold: number, tieEnd: number): Uint8Array<ArrayBuffer> {
  const mask = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(values[i]);
    mask[i] = magnitude > threshold || (magnitude === threshold && i < tieEnd) ? 1 : 0;
  }
  return mask;
}

/** Marks a share of the weights at random: exactly k, the same ones for the same seed, and more with a larger k. */
export function randomMask(shapes: ReadonlyMap<string, number>, k: number, seed: number): Mask {
  const coins = new Map<string, Float32Array>();
  for (const [name, size] of shapes) {
    const key = coinKey(seed, "mask", name);
    coins.set(
      name,
      Float32Array.from({ length: size }, (_, i) => coin(key, i)),
    );
  }
  return largest(coins, k);
}

/** Counts the weights that a mask chooses. */
export function chosen(mask: Mask): number {
  let count = 0;
  for (const bits of mask.values()) count += ones(bits);
  return count;
}

/** Counts all weights that a mask speaks of. */
export function maskable(mask: Mask): number {
  let count = 0;
  for (const bits of mask.values()) count += bits.length;
  return count;
}

/** The share of weights that a mask chooses, 0…1; 0 for an empty mask. */
export function maskDensity(mask: Mask): number {
  return chosen(mask) / Math.max(1, maskable(mask));
}

/** Counts the ones of one tensor's mask. */
export function ones(bits: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < bits.length; i++) count += bits[i];
  return count;
}

/** How many entries the tensors have together. */
export function sizeOfAll(tensors: WeightValues): number {
  let size = 0;
  for (const values of tensors.values()) size += values.length;
  return size;
}
