/** Cuts over a whole expert: its tensors are held at once, or read again where they are too many. */
import type { Context } from "../context.ts";
import type { Cut, Kernels } from "../tensor/kernels.ts";
import { selectStream } from "../tensor/select-stream.ts";
import { sizeOf, type TensorSpec } from "../tensor/tensor.ts";

/** Entries of one expert that a pass may hold at once: 128 MB of task vectors. */
export const HELD_ENTRIES = 2 ** 25;

/** Counts the entries of tensors. */
export function entriesOf(tensors: readonly TensorSpec[]): number {
  return tensors.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/**
 * Cuts that keep the k largest magnitudes of all tensors together, one per tensor.
 *
 * @param load gives a tensor's values; it may be asked for three times
 */
export async function cutTogether(
  tensors: readonly TensorSpec[],
  load: (name: string) => Promise<Float32Array>,
  k: number,
  kernels: Kernels,
  context: Context,
): Promise<readonly Cut[]> {
  const next = async (i: number): Promise<Float32Array> => {
    context.signal.throwIfAborted();
    await context.breathe();
    return load(tensors[i].name);
  };
  if (entriesOf(tensors) > HELD_ENTRIES) {
    return selectStream({ lengths: tensors.map(({ shape }) => sizeOf(shape)), load: next }, k);
  }
  const arrays: Float32Array[] = [];
  for (let i = 0; i < tensors.length; i++) arrays.push(await next(i));
  return arrays.length === 1 ? [kernels.select(arrays[0], k)] : kernels.selectPool(arrays, k);
}
