/** How hard examples are: EL2N after a few steps, and from which checkpoint on they are known. */
import { NO_CLASS } from "../../src/core/eval/metrics.ts";

/** What `learned` says of an example that the last checkpoint gets wrong. */
export const NEVER = 65_535;

/**
 * Adds each example's error norm ‖softmax(logits) − one-hot(label)‖₂ to `sums`. Source: arXiv:2107.07075, eq. 4.
 *
 * @param logits rows × C
 */
export function addErrorNorms(
  sums: Float64Array,
  logits: Float32Array,
  labels: ArrayLike<number>,
  classes: number,
): void {
  for (let row = 0; row < sums.length; row++) {
    const values = logits.subarray(row * classes, (row + 1) * classes);
    const most = values.reduce((a, b) => Math.max(a, b));
    const exponentials = Array.from(values, (value) => Math.exp(value - most));
    const total = exponentials.reduce((a, b) => a + b);
    let squares = 0;
    for (const [c, value] of exponentials.entries()) {
      squares += (value / total - (c === labels[row] ? 1 : 0)) ** 2;
    }
    sums[row]! += Math.sqrt(squares);
  }
}

/**
 * Returns the first step from which the expert is right to the end, for each example.
 *
 * @param predictions one list a step, in order
 */
export function learnedAt(
  predictions: readonly Uint8Array[],
  steps: readonly number[],
  labels: ArrayLike<number>,
): Uint16Array<ArrayBuffer> {
  return Uint16Array.from({ length: labels.length }, (_, row) => {
    let since = NEVER;
    for (let i = steps.length - 1; i >= 0; i--) {
      if ((predictions[i]?.[row] ?? NO_CLASS) !== labels[row]) break;
      since = steps[i] ?? NEVER;
    }
    return since;
  });
}
