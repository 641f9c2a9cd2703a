/**
 * Trains merging coefficients: θ = θ0 + Σ λ · τ, one λ per task, or per task and tensor.
 *
 * Source: AdaMerging, arXiv:2310.02575 §3.2 (task-wise, layer-wise).
 */
import type { WeightValues } from "./gradients.ts";
import { type Parametrisation, type Start, tensorOf } from "./parametrisation.ts";
import { dot } from "./sums.ts";

export interface CoefficientsOptions extends Start {
  /** One task vector per task; tensors that it does not name stay at the base. Kept, never changed. */
  readonly deltas: readonly WeightValues[];
  readonly per: "task" | "tensor";
  /** λ at the start. */
  readonly start: number;
}

export interface CoefficientsParametrisation extends Parametrisation {
  /** The merged tensors, in the order of the network's. λ of task t and tensor l is parameter t · tensors + l, or t alone. */
  readonly tensors: readonly string[];
}

/** Returns the coefficients as parameters. */
export function coefficients(options: CoefficientsOptions): CoefficientsParametrisation {
  const { specs, base, deltas, per, start } = options;
  const tensors = specs.map(({ name }) => name).filter((name) => deltas.some((delta) => delta.has(name)));
  const stride = per === "task" ? 1 : tensors.length;
  const size = deltas.length * stride;
  const index = (task: number, tensor: number) => task * stride + (per === "task" ? 0 : tensor);
  const weights = new Map(specs.map(({ name }) => [name, tensorOf(base, name)]));
  for (const name of tensors) weights.set(name, new Float32Array(tensorOf(base, name).length));
  return {
    size,
    tensors,
    wrt: tensors,
    initial: () => new Float32Array(size).fill(start),
    weights(params): WeightValues {
      for (const [l, name] of tensors.entries()) {
        const out = tensorOf(weights, name);
        out.fill(0);
        for (const [t, delta] of deltas.entries()) addScaled(out, delta.get(name), params[index(t, l)]);
        const from = tensorOf(base, name);
        for (let i = 0; i < out.length; i++) out[i] += from[i];
      }
      return weights;
    },
    pull(gradients, out) {
      const sums = new Float64Array(size);
      for (const [l, name] of tensors.entries()) {
        const gradient = tensorOf(gradients, name);
        for (const [t, delta] of deltas.entries()) {
          const own = delta.get(name);
          if (own) sums[index(t, l)] += dot(gradient, own);
        }
      }
      out.set(sums);
    },
  };
}

/** Sums over experts are f32 with rounded products, as the merge engine's are. */
function addScaled(out: Float32Array, delta: Float32Array | undefined, scale: number): void {
  if (delta) for (let i = 0; i < out.length; i++) out[i] += Math.fround(scale * delta[i]);
}
