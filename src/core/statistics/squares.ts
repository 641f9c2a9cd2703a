/**
 * Sums of squared gradients of single examples: the diagonal of the Fisher information, and TaLoS's sensitivity.
 *
 * Σ over examples of E over y ~ p(·|x) of (∂ g_y(x; θ) / ∂θ_j)², the expectation exact or by sampled labels.
 */
import { z } from "zod";
import type { Context } from "../context.ts";
import type { Cost } from "../cost.ts";
import { coin, coinKey, coinRange } from "../random.ts";
import type { Gradients, WeightValues } from "../train/gradients.ts";
import type { LabelledData } from "../train/network.ts";
import { firstOf, inBatches } from "./examples.ts";

/** Classes up to which the expectation over labels is computed exactly unless told otherwise. */
export const EXACT_CLASSES = 10;
/** How the expectation is taken, for the forms of those that need one. */
export const expectationOptions = {
  expectation: z
    .enum(["auto", "exact", "sampled"])
    .default("auto")
    .meta({
      label: "Over labels",
      help: "Exact takes one backward pass per class and example; sampled draws labels from the network's own answer.",
      options: { auto: "exact up to ten classes", exact: "exact", sampled: "sampled" },
      advanced: true,
    }),
  samples: z.int().min(1).max(64).default(1).meta({
    label: "Labels drawn",
    help: "Per example, where they are sampled.",
    advanced: true,
  }),
};
/** Examples whose logits are asked for together; each then runs alone, once per label. */
const CHUNK = 16;

export interface SquareOptions {
  /** Which number of the network is differentiated: log p(y), or the logit of y. */
  readonly derivative: "log-probability" | "logit";
  /** "auto": exact up to EXACT_CLASSES classes. */
  readonly expectation: "auto" | "exact" | "sampled";
  /** Labels drawn per example where they are sampled. */
  readonly samples: number;
  readonly seed: number;
}

export interface SquareInput {
  readonly gradients: Gradients;
  /** Weights to differentiate at. */
  readonly weights: WeightValues;
  /** Weights to differentiate by. */
  readonly wrt: readonly string[];
  readonly data: LabelledData;
  /** Examples read, the first of the data. */
  readonly examples: number;
}

/** Sums over the examples, f64 (a sum of thousands of tiny squares), by weight; the caller owns them. */
export type Squares = ReadonlyMap<string, Float64Array<ArrayBuffer>>;

/** Tells what the sums take. */
export function squaresCost(
  { expectation, samples }: SquareOptions,
  sizes: { readonly weights: number; readonly classes: number; readonly examples: number },
): Cost {
  const labels = isExact(expectation, sizes.classes) ? sizes.classes : samples;
  return {
    examples: sizes.examples,
    passes: sizes.examples,
    gradientPasses: sizes.examples * labels,
    rows: 1,
    bytes: sizes.weights * Float64Array.BYTES_PER_ELEMENT,
  };
}

/** Adds up squared gradients of single examples; labels are not read. Sampled labels depend on (seed, example, draw) only. */
export async function squaredGradients(
  input: SquareInput,
  options: SquareOptions,
  context: Context,
): Promise<Squares> {
  const { gradients, weights, wrt, data } = input;
  const indices = firstOf(data, input.examples);
  const sums = new Map(wrt.map((name) => [name, new Float64Array(weights.get(name)?.length ?? 0)]));
  for await (const { x, rows, first } of inBatches(data, indices, CHUNK, context)) {
    const logits = await gradients.predict(weights, x, rows, context);
    const labels = labelsOf(logits, rows, indices.slice(first), options);
    const batch = {
      x: repeatRows(x, rows, labels.perRow),
      rows: labels.classes.length,
      labels: labels.classes,
      weights: new Float32Array(labels.classes.length).fill(1),
    };
    await gradients.perExample(
      weights,
      batch,
      options.derivative,
      (row, found) => {
        for (const [name, sum] of sums) addSquares(sum, found.get(name), labels.shares[row]);
      },
      wrt,
      context,
    );
    context.progress(first + rows, indices.length);
  }
  return sums;
}

/** Whether the expectation over labels is exact for so many classes. */
export function isExact(expectation: SquareOptions["expectation"], classes: number): boolean {
  return expectation === "auto" ? classes <= EXACT_CLASSES : expectation === "exact";
}

/** Labels to differentiate, `perRow` for each example in turn, and the share that each has in the expectation. */
interface Labels {
  readonly perRow: number;
  readonly classes: Int32Array;
  readonly shares: Float64Array;
}

function labelsOf(
  logits: Float32Array,
  rows: number,
  indices: readonly number[],
  { expectation, samples, seed }: SquareOptions,
): Labels {
  const count = logits.length / rows;
  const exact = isExact(expectation, count);
  const perRow = exact ? count : samples;
  const classes = new Int32Array(rows * perRow);
  const shares = new Float64Array(rows * perRow).fill(1 / samples);
  const key = coinKey(seed, "squares", "labels");
  for (let row = 0; row < rows; row++) {
    const p = softmax(logits.subarray(row * count, (row + 1) * count));
    for (let draw = 0; draw < perRow; draw++) {
      const at = row * perRow + draw;
      classes[at] = exact ? draw : drawn(p, coin(key, indices[row] * samples + draw) / coinRange);
      if (exact) shares[at] = p[draw];
    }
  }
  return { perRow, classes, shares };
}

/** Probabilities of one example's classes, f64. */
export function softmax(logits: Float32Array): Float64Array<ArrayBuffer> {
  const p = new Float64Array(logits.length);
  let top = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < logits.length; c++) top = Math.max(top, logits[c]);
  let total = 0;
  for (let c = 0; c < p.length; c++) {
    p[c] = Math.exp(logits[c] - top);
    total += p[c];
  }
  for (let c = 0; c < p.length; c++) p[c] /= total;
  return p;
}

/** The class in which u ∈ [0, 1) falls when classes lie side by side with their probabilities as widths. */
function drawn(p: Float64Array, u: number): number {
  let below = 0;
  for (let c = 0; c < p.length - 1; c++) {
    below += p[c];
    if (u < below) return c;
  }
  return p.length - 1;
}

/** Every row `times` times in a row. */
function repeatRows(x: Float32Array, rows: number, times: number): Float32Array<ArrayBuffer> {
  const size = x.length / rows;
  const out = new Float32Array(x.length * times);
  for (let row = 0; row < rows; row++) {
    const values = x.subarray(row * size, (row + 1) * size);
    for (let t = 0; t < times; t++) out.set(values, (row * times + t) * size);
  }
  return out;
}

function addSquares(sum: Float64Array, gradient: Float32Array | undefined, share: number): void {
  if (!gradient) return;
  for (let i = 0; i < sum.length; i++) sum[i] += share * gradient[i] * gradient[i];
}
