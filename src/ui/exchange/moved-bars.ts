/** Bars of how far tensors move, few enough to draw whatever the model's size. */
import type { TensorDifference } from "#core/summary.ts";

/** Bars that a strip of the dialog's width can show apart. */
const MOST = 160;

/**
 * The largest move of each run of neighbouring tensors, in depth order, 0…1; above 1 is cut.
 *
 * @param names all tensors of the model in depth order
 */
export function movedBars(
  names: readonly string[],
  moved: readonly TensorDifference[],
  most = MOST,
): readonly number[] {
  const byName = new Map(moved.map(({ name, relative }) => [name, relative]));
  const count = Math.min(names.length, most);
  const bars = new Array<number>(count).fill(0);
  names.forEach((name, i) => {
    const at = Math.floor((i * count) / names.length);
    bars[at] = Math.max(bars[at] ?? 0, Math.min(1, byName.get(name) ?? 0));
  });
  return bars;
}
