/** Where tensors stand for mergekit's gradients: the layer's number over the number of layers less one. */
import { depthOrder } from "../model/depth.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import type { Place } from "./setting.ts";

/** All tensors with their t, in depth order: 0 before the layers, 1 after them. */
export function placesOf(specs: Iterable<TensorSpec>): readonly Place[] {
  const ordered = depthOrder(specs);
  const layers = [...new Set(ordered.map(({ block }) => block).filter((block) => /\.\d+$/.test(block)))];
  const last = layers.length - 1;
  let seen = -1;
  return ordered.map(({ name, block }) => {
    const layer = layers.indexOf(block);
    if (layer >= 0) {
      seen = Math.max(seen, layer);
      return { name, t: last === 0 ? 1 : layer / last };
    }
    return { name, t: seen < 0 ? 0 : 1 };
  });
}
