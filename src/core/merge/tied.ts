/**
 * Tensors that are one under several names (an embedding and the head that shares it): merged once, so that they stay one.
 * A mask drawn by name, a cut through a pool or evidence by name would pull them apart.
 */
import type { Checkpoint } from "../model/library.ts";
import { sortedJson } from "../recipe/json.ts";
import type { ResolvedTensor } from "../recipe/resolve.ts";
import type { TensorSpec } from "../tensor/tensor.ts";

/**
 * By name of a tied tensor, the first one that it is tied to: equal bytes in the base and in every expert, moved by at
 * least one of them, and treated alike by the recipe.
 *
 * @param specs of tensors that are merged; `resolved` in their order
 */
export function tiedTensors(
  specs: readonly TensorSpec[],
  resolved: readonly ResolvedTensor[],
  base: Checkpoint,
  experts: readonly Checkpoint[],
): ReadonlyMap<string, TensorSpec> {
  const tied = new Map<string, TensorSpec>();
  if (!base.digests || experts.some(({ digests }) => !digests)) return tied;
  const first = new Map<string, TensorSpec>();
  for (const [t, spec] of specs.entries()) {
    const own = base.digests.get(spec.name);
    const theirs = experts.map(({ digests }) => digests?.get(spec.name));
    // What nobody has moved is no tie: frozen norms are alike without being one.
    if (theirs.every((digest) => digest === own)) continue;
    const { lambda, sites } = resolved[t];
    const key = sortedJson({ own, theirs, dtype: spec.dtype, shape: spec.shape, lambda, sites });
    const known = first.get(key);
    if (known) tied.set(spec.name, known);
    else first.set(key, spec);
  }
  return tied;
}
