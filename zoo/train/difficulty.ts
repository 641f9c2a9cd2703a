/** How hard examples are: EL2N after a few steps, and from which checkpoint on they are known. */
import { fillArgmax, NO_CLASS } from "../../src/core/eval/metrics.ts";
import { encode } from "../../src/core/tensor/dtype.ts";
import type { TensorSpec } from "../../src/core/tensor/tensor.ts";
import { writeTensors } from "../weights.ts";

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

/** What is known of the examples of one split. */
export interface Scores {
  /** Mean error norm of the short runs. */
  readonly el2n: Float32Array<ArrayBuffer>;
  readonly learned: Uint16Array<ArrayBuffer>;
}

/**
 * Scores examples by short runs and by an expert's checkpoints.
 *
 * @param logitsOf rows × C of one model, for all rows
 */
export async function scoreRows<Model>(
  runs: readonly Model[],
  checkpoints: readonly Model[],
  steps: readonly number[],
  labels: ArrayLike<number>,
  logitsOf: (model: Model) => Promise<Float32Array>,
): Promise<Scores> {
  const sums = new Float64Array(labels.length);
  for (const run of runs) {
    const logits = await logitsOf(run);
    addErrorNorms(sums, logits, labels, logits.length / labels.length);
  }
  const predictions: Uint8Array[] = [];
  for (const checkpoint of checkpoints) {
    const logits = await logitsOf(checkpoint);
    const predicted = new Uint8Array(labels.length);
    fillArgmax(predicted, logits, logits.length / labels.length);
    predictions.push(predicted);
  }
  return {
    el2n: Float32Array.from(sums, (sum) => sum / runs.length),
    learned: learnedAt(predictions, steps, labels),
  };
}

/** Writes the scores of several splits: `<split>.el2n` and `<split>.learned`. */
export async function writeScores(path: string, scores: ReadonlyMap<string, Scores>): Promise<void> {
  const specs: TensorSpec[] = [];
  const bytes = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [split, { el2n, learned }] of scores) {
    specs.push({ name: `${split}.el2n`, dtype: "f32", shape: [el2n.length] });
    specs.push({ name: `${split}.learned`, dtype: "u16", shape: [learned.length] });
    bytes.set(`${split}.el2n`, encode(el2n, "f32").bytes);
    bytes.set(`${split}.learned`, new Uint8Array(learned.buffer));
  }
  await writeTensors(path, specs, {}, ({ name }) => bytes.get(name) ?? new Uint8Array());
}
