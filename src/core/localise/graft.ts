/** The base with a region of one expert grafted in. */
import type { Context } from "../context.ts";
import { wilson } from "../eval/metrics.ts";
import type { Proportion } from "../eval/report.ts";
import type { Gradients, WeightValues } from "../train/gradients.ts";
import { measure } from "../train/measure.ts";
import type { LabelledData } from "../train/network.ts";
import type { Mask } from "./mask.ts";

/** A base, a task vector over some of its tensors, and what runs them. */
export interface Graftable {
  readonly gradients: Gradients;
  /** All weights of the base. */
  readonly base: WeightValues;
  /** Task vector of the included tensors and no others. */
  readonly delta: WeightValues;
}

/**
 * Returns θ0 + γ ⊙ τ: the base with a region of one expert grafted in. Tensors outside the mask are the base's own
 * arrays; the rest are new.
 */
export function graft(base: WeightValues, delta: WeightValues, mask: Mask): WeightValues {
  const grafted = new Map(base);
  for (const [name, bits] of mask) {
    const from = base.get(name);
    const change = delta.get(name);
    if (!from || !change) throw new Error(`graft: no weights ${name}`);
    const out = new Float32Array(from);
    for (let i = 0; i < out.length; i++) if (bits[i]) out[i] += change[i];
    grafted.set(name, out);
  }
  return grafted;
}

/** Measures the accuracy of a grafted model on all examples. */
export async function graftedAccuracy(
  { gradients, base, delta }: Graftable,
  mask: Mask,
  data: LabelledData,
  context: Context,
): Promise<Proportion> {
  const { right, n } = await measure(gradients, graft(base, delta, mask), data, context);
  return wilson(right, n);
}
