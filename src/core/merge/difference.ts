/** How far two merges of the same experts lie apart, tensor by tensor. */
import type { Context } from "../context.ts";
import type { ModelLibrary } from "../model/library.ts";
import type { Recipe } from "../recipe/schema.ts";
import type { TensorDifference } from "../summary.ts";
import { isFloat } from "../tensor/dtype.ts";
import type { Kernels } from "../tensor/kernels.ts";
import type { Merger } from "./merger.ts";

/**
 * ‖a − b‖ / ‖b − base‖ of every tensor that differs, largest first: relative to how far the merge itself goes. Of
 * recipes with one model per task, over all their models.
 */
export async function mergedDifference(
  merger: Merger,
  library: Pick<ModelLibrary, "base">,
  kernels: Kernels,
  [a, b]: readonly [Recipe, Recipe],
  context: Context,
): Promise<readonly TensorDifference[]> {
  const found: TensorDifference[] = [];
  const others = merger.full(b, context);
  let done = 0;
  for await (const { spec, rows } of merger.full(a, context)) {
    const other = await others.next();
    if (other.done) break;
    context.progress(++done, library.base.tensors.size);
    if (!isFloat(spec.dtype)) continue;
    const base = await library.base.load(spec.name);
    let apart = 0;
    let reach = 0;
    rows.forEach((row, k) => {
      apart += distance(row, other.value.rows[k], kernels);
      reach += distance(other.value.rows[k], base, kernels);
    });
    if (apart === 0) continue;
    found.push({ name: spec.name, relative: Math.sqrt(reach === 0 ? 1 : apart / reach) });
  }
  return found.sort((x, y) => y.relative - x.relative);
}

/** Σ(x − y)². */
function distance(x: Float32Array, y: Float32Array, kernels: Kernels): number {
  const out = kernels.alloc(x.length);
  kernels.delta(out, x, y);
  return kernels.norms(out).energy;
}
