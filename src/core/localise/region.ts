/** Where in a network a mask lies. */
import { blockOf, roleOf } from "../model/roles.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import { type Mask, ones } from "./mask.ts";

export interface RegionShare {
  /** Name of the tensor, role or block; "" for what belongs to no block. */
  readonly key: string;
  readonly chosen: number;
  /** Weights that the mask speaks of. */
  readonly total: number;
}

/** Counts chosen weights by tensor, role or block, in the order of the tensors. */
export function regionShares(
  mask: Mask,
  tensors: readonly TensorSpec[],
  by: "tensor" | "role" | "block",
): readonly RegionShare[] {
  const shares = new Map<string, { chosen: number; total: number }>();
  for (const tensor of tensors) {
    const bits = mask.get(tensor.name);
    if (!bits) continue;
    const key = by === "tensor" ? tensor.name : by === "role" ? roleOf(tensor) : blockOf(tensor.name);
    const share = shares.get(key) ?? { chosen: 0, total: 0 };
    share.chosen += ones(bits);
    share.total += bits.length;
    shares.set(key, share);
  }
  return [...shares].map(([key, share]) => ({ key, ...share }));
}
