/** Where tensors stand for mergekit's gradients: the layer's number over the number of layers less one. */
import { depthOrder } from "../model/depth.ts";
import { type DType, dtypeInfo } from "../tensor/dtype.ts";
import { sizeOf, type TensorSpec } from "../tensor/tensor.ts";
import type { Place } from "./setting.ts";

export interface Places {
  readonly places: readonly Place[];
  /** Layers: blocks with numbers. */
  readonly layers: number;
  /** Types of the tensors of floating point. */
  readonly dtypes: ReadonlySet<DType>;
}

/** All tensors with their t, in depth order: 0 before the layers, 1 after them. */
export function placesOf(specs: Iterable<TensorSpec>): Places {
  const tensors = [...specs];
  const counts = new Map(tensors.map(({ name, shape }) => [name, sizeOf(shape)]));
  const ordered = depthOrder(tensors);
  const layers = [...new Set(ordered.map(({ block }) => block).filter((block) => /\.\d+$/.test(block)))];
  const last = layers.length - 1;
  let seen = -1;
  const places = ordered.map(({ name, block }): Place => {
    const count = counts.get(name) ?? 0;
    const layer = layers.indexOf(block);
    if (layer < 0) return { name, count, t: seen < 0 ? 0 : 1 };
    seen = Math.max(seen, layer);
    return { name, count, t: last === 0 ? 1 : layer / last };
  });
  const dtypes = new Set(tensors.map(({ dtype }) => dtype).filter((dtype) => dtypeInfo[dtype].isFloat));
  return { places, layers: layers.length, dtypes };
}
