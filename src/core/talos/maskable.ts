/** Which weights TaLoS may choose among. */
import { roleOf } from "../model/roles.ts";
import type { TensorSpec } from "../tensor/tensor.ts";

/**
 * Names of the maskable tensors, in the given order: weights of linear and convolutional layers, and normalisation.
 * Embeddings, positions and heads stay frozen, and so do tensors named in `frozen`.
 *
 * Source: arXiv:2504.02620, official code pruners.py (masked modules)
 */
export function maskableTensors(
  tensors: readonly TensorSpec[],
  { biases = false, frozen = [] }: { readonly biases?: boolean; readonly frozen?: Iterable<string> } = {},
): readonly string[] {
  const kept = new Set(frozen);
  return tensors
    .filter((tensor) => !kept.has(tensor.name) && isMaskable(tensor, biases))
    .map(({ name }) => name);
}

function isMaskable(tensor: TensorSpec, biases: boolean): boolean {
  const role = roleOf(tensor);
  if (role === "embedding" || role === "head") return false;
  if (role === "norm") return true;
  if (role === "bias") return biases;
  return tensor.shape.length >= 2;
}
