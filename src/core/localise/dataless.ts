/** Localisation without data, which is also where trained masks start. */
import { keptCount } from "../sparsifiers/keep.ts";
import type { WeightValues } from "../train/gradients.ts";
import { largest, type Mask, sizeOfAll, type TieRule } from "./mask.ts";
import type { DatalessSpec } from "./spec.ts";

/**
 * Returns the region of the largest changes, ranked over all given tensors together.
 *
 * @param delta task vector: the included tensors and no others
 * Source: arXiv:2408.13656 §3 (dataless localisation)
 */
export function dataless(delta: WeightValues, { density, ties }: DatalessSpec): Mask {
  return largest(delta, keptCount(density, sizeOfAll(delta)), ties);
}

/** Returns mask logits: +bias in the dataless region of this density, −bias elsewhere. */
export function initialLogits(
  delta: WeightValues,
  start: { readonly density: number; readonly bias: number; readonly ties?: TieRule },
): Map<string, Float32Array<ArrayBuffer>> {
  const { density, bias, ties = "exact" } = start;
  const logits = new Map<string, Float32Array<ArrayBuffer>>();
  for (const [name, bits] of dataless(delta, { density, ties })) {
    logits.set(
      name,
      Float32Array.from(bits, (bit) => (bit ? bias : -bias)),
    );
  }
  return logits;
}
