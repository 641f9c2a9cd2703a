/**
 * Trains a soft mask over a task vector: θ = θ0 + σ(S) ⊙ τ, one logit per entry.
 *
 * Source: Localize-and-Stitch, arXiv:2408.13656 §3.1.
 */
import type { WeightValues } from "./gradients.ts";
import { type Parametrisation, type Slot, type Start, slotsOf, tensorOf } from "./parametrisation.ts";

export interface MaskLogitsOptions extends Start {
  /** τ of the tensors that are masked; the others stay at the base. Kept, never changed. */
  readonly deltas: WeightValues;
  /** Returns a tensor's first logits, as long as its τ; read once. */
  start(name: string, delta: Float32Array): Float32Array;
}

export interface MaskLogitsParametrisation extends Parametrisation {
  /** The masked tensors, in the order of the network's. */
  readonly slots: readonly Slot[];
}

/** Returns the mask's logits as parameters. */
export function maskLogits({ specs, base, deltas, start }: MaskLogitsOptions): MaskLogitsParametrisation {
  const masked = specs.filter(({ name }) => deltas.has(name));
  const slots = slotsOf(masked.map(({ name }) => ({ name, size: tensorOf(deltas, name).length })));
  const size = slots.at(-1)?.end ?? 0;
  const weights = new Map(specs.map(({ name }) => [name, tensorOf(base, name)]));
  for (const { name, begin, end } of slots) weights.set(name, new Float32Array(end - begin));
  const open = new Float32Array(size);
  return {
    size,
    slots,
    wrt: slots.map(({ name }) => name),
    initial() {
      const logits = new Float32Array(size);
      for (const { name, begin } of slots) logits.set(start(name, tensorOf(deltas, name)), begin);
      return logits;
    },
    weights(params): WeightValues {
      for (let i = 0; i < size; i++) open[i] = sigmoid(params[i]);
      for (const { name, begin } of slots) {
        const delta = tensorOf(deltas, name);
        const from = tensorOf(base, name);
        const out = tensorOf(weights, name);
        for (let i = 0; i < out.length; i++) out[i] = from[i] + open[begin + i] * delta[i];
      }
      return weights;
    },
    pull(gradients, out) {
      for (const { name, begin } of slots) {
        const delta = tensorOf(deltas, name);
        const gradient = tensorOf(gradients, name);
        for (let i = 0; i < delta.length; i++) {
          const s = open[begin + i];
          out[begin + i] = gradient[i] * delta[i] * s * (1 - s);
        }
      }
    },
  };
}

/** σ(x) = 1 / (1 + e^−x). */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
