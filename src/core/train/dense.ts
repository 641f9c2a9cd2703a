/** Trains weights themselves: all, some tensors, or a sparse selection of entries. */
import { compileGlob } from "../recipe/glob.ts";
import { sizeOf } from "../tensor/tensor.ts";
import type { WeightValues } from "./gradients.ts";
import { type Parametrisation, type Slot, type Start, slotsOf, tensorOf } from "./parametrisation.ts";

export interface DenseOptions extends Start {
  /** Globs of the tensors to train; absent or empty = all. */
  readonly targets?: readonly string[];
  /** 0 or 1 per entry of a tensor: only ones move. Tensors that it does not name, or selects nothing of, stay. */
  readonly mask?: ReadonlyMap<string, ArrayLike<number>>;
}

export interface DenseParametrisation extends Parametrisation {
  /** The trained tensors, in the order of the network's. */
  readonly slots: readonly Slot[];
}

/** Returns the weights as parameters; with a mask, as TaLoS trains them (the gradient is whole, the update masked). */
export function dense({ specs, base, targets = [], mask }: DenseOptions): DenseParametrisation {
  const globs = targets.map(compileGlob);
  const trained = specs.filter(
    ({ name }) =>
      (globs.length === 0 || globs.some((fits) => fits(name))) && (!mask || selectsAny(mask.get(name))),
  );
  const slots = slotsOf(trained.map(({ name, shape }) => ({ name, size: sizeOf(shape) })));
  const size = slots.at(-1)?.end ?? 0;
  const weights = new Map(specs.map(({ name }) => [name, tensorOf(base, name)]));
  let viewed: Float32Array | undefined;
  return {
    size,
    slots,
    wrt: slots.map(({ name }) => name),
    ...(mask && { mask: flatMask(mask, slots, size) }),
    initial() {
      const params = new Float32Array(size);
      for (const { name, begin } of slots) params.set(tensorOf(base, name), begin);
      return params;
    },
    weights(params): WeightValues {
      if (params !== viewed) {
        for (const { name, begin, end } of slots) weights.set(name, params.subarray(begin, end));
        viewed = params;
      }
      return weights;
    },
    pull(gradients, out) {
      for (const { name, begin } of slots) out.set(tensorOf(gradients, name), begin);
    },
  };
}

function selectsAny(mask: ArrayLike<number> | undefined): boolean {
  if (!mask) return false;
  for (let i = 0; i < mask.length; i++) if (mask[i] !== 0) return true;
  return false;
}

function flatMask(
  mask: ReadonlyMap<string, ArrayLike<number>>,
  slots: readonly Slot[],
  size: number,
): Uint8Array<ArrayBuffer> {
  const flat = new Uint8Array(size);
  for (const { name, begin, end } of slots) {
    const own = mask.get(name);
    if (own?.length !== end - begin) throw new Error(`the mask of ${name} has another size than the weight`);
    for (let i = begin; i < end; i++) flat[i] = own[i - begin] === 0 ? 0 : 1;
  }
  return flat;
}
