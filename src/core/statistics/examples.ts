/** Reading labelled examples in order, in batches, and what a network says of them. */
import type { Context } from "../context.ts";
import type { LabelledData } from "../train/network.ts";

/** Rows of one call into a network: what lets a cancel through often, and costs nothing in speed. */
export const READ_ROWS = 256;

export interface ExampleBatch {
  /** Position of the first row among the indices. */
  readonly first: number;
  readonly rows: number;
  /** rows × input shape. */
  readonly x: Float32Array<ArrayBuffer>;
  readonly labels: readonly number[];
}

/** Yields the examples at these indices in order; between batches others may speak, and a cancel may arrive. */
export async function* inBatches(
  data: LabelledData,
  indices: readonly number[],
  size: number,
  context: Context,
): AsyncGenerator<ExampleBatch> {
  for (let first = 0; first < indices.length; first += size) {
    context.signal.throwIfAborted();
    await context.breathe();
    const chosen = indices.slice(first, first + size);
    const labels = chosen.map((index) => data.labels[index]);
    yield { first, rows: chosen.length, x: data.rows(chosen, 0), labels };
  }
}

/** Indices of all examples, or of the first so many. */
export function firstOf(data: LabelledData, limit = data.count): readonly number[] {
  return Array.from({ length: Math.min(limit, data.count) }, (_, i) => i);
}

/** Indices of the first so many examples of every class, ascending. */
export function shotsOf(data: LabelledData, shots: number): readonly number[] {
  const taken = new Map<number, number>();
  return firstOf(data).filter((index) => {
    const label = data.labels[index];
    const before = taken.get(label) ?? 0;
    taken.set(label, before + 1);
    return before < shots;
  });
}

/** The class of a row's largest logit, the lower one of equals; −1 where no logit is a number. */
export function largestAt(logits: Float32Array, row: number, classes: number): number {
  let best = -1;
  let top = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < classes; c++) {
    const logit = logits[row * classes + c];
    if (logit > top || (best < 0 && logit === top)) {
      top = logit;
      best = c;
    }
  }
  return best;
}
