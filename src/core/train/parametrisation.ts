/**
 * What is trained, as one flat vector: how the weights follow from it, and how the weights' gradients flow back to it.
 *
 * One graph, differentiated by the weights, serves all of them; the chain rule beyond is a few loops here. Values are
 * f32, arithmetic is f64 and rounded once.
 */
import type { TensorSpec } from "../tensor/tensor.ts";
import type { WeightValues } from "./gradients.ts";

export interface Parametrisation {
  /** Number of parameters. */
  readonly size: number;
  /** Weights whose gradients `pull` reads: nothing else need be differentiated. */
  readonly wrt: readonly string[];
  /** 0 or 1 per parameter, where some must never move. */
  readonly mask?: Uint8Array;
  /** Returns where training starts; the caller owns it. */
  initial(): Float32Array<ArrayBuffer>;
  /** Returns all weights of the network at these parameters: views and buffers that the next call changes. */
  weights(params: Float32Array): WeightValues;
  /** Fills out (size) with the gradient by the parameters last given to `weights`. */
  pull(gradients: ReadonlyMap<string, Float32Array>, out: Float32Array): void;
}

/** Where a tensor's parameters lie in the flat vector, [begin, end). */
export interface Slot {
  readonly name: string;
  readonly begin: number;
  readonly end: number;
}

/** What every parametrisation starts from: a network's weights. */
export interface Start {
  /** All weights of the network; the order of the flat vector is theirs. */
  readonly specs: readonly TensorSpec[];
  /** Their values at the start; never changed, kept. */
  readonly base: WeightValues;
}

/** Lays tensors out one after another. */
export function slotsOf(
  tensors: readonly { readonly name: string; readonly size: number }[],
): readonly Slot[] {
  let end = 0;
  return tensors.map(({ name, size }) => {
    const begin = end;
    end += size;
    return { name, begin, end };
  });
}

/** The base's values, or those at the same place of the gradients. @throws Error when the tensor is missing */
export function tensorOf(values: WeightValues, name: string): Float32Array {
  const found = values.get(name);
  if (!found) throw new Error(`no values for the weight ${name}`);
  return found;
}
