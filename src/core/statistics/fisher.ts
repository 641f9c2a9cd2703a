/** Diagonal Fisher information of an expert, for Fisher merging. */
import { z } from "zod";
import type { Context } from "../context.ts";
import type { Cost } from "../cost.ts";
import type { Source } from "../described.ts";
import type { Gradients, WeightValues } from "../train/gradients.ts";
import type { LabelledData } from "../train/network.ts";
import { firstOf, inBatches } from "./examples.ts";
import { expectationOptions, type Squares, softmax, squaredGradients, squaresCost } from "./squares.ts";

export const fisherSpec = z.object({
  examples: z.int().min(1).max(65_536).default(256).meta({
    label: "Examples",
    help: "The first so many of the task's validation examples; their labels are not read.",
    step: 32,
  }),
  form: z
    .enum(["per-example", "batch-summed"])
    .default("per-example")
    .meta({
      label: "Squares of",
      help: "Each example's gradient is squared by itself, as Fisher information is defined; FusionBench squares the sum over a batch and its classes, which is faster and mixes examples.",
      options: {
        "per-example": "each example's gradient",
        "batch-summed": "a batch's gradient (FusionBench)",
      },
    }),
  ...expectationOptions,
  batch: z.int().min(1).max(1024).default(32).meta({
    label: "Batch",
    help: "Whose gradient is squared, where batches are.",
    advanced: true,
  }),
  seed: z.int().min(0).max(0xffff_ffff).default(0).meta({
    label: "Seed",
    help: "Of drawn labels.",
    advanced: true,
  }),
});
export type FisherSpec = z.infer<typeof fisherSpec>;

export const fisherSource: Source = {
  paper: "arXiv:2111.09832",
  section: "3.2, eq. 4",
  code: "github.com/tanganke/fusion_bench",
  deviations: [
    "Squares are of single examples, Σ p (∂ log p)²; FusionBench's squares of sums over a batch and its classes are a variant.",
  ],
};

export interface FisherInput {
  readonly gradients: Gradients;
  /** All weights of the expert. */
  readonly weights: WeightValues;
  /** Weights to know the information of. */
  readonly wrt: readonly string[];
  readonly data: LabelledData;
}

/** Tells what the information takes. */
export function fisherCost(
  spec: FisherSpec,
  sizes: { readonly weights: number; readonly classes: number; readonly available: number },
): Cost {
  const examples = Math.min(spec.examples, sizes.available);
  if (spec.form === "per-example")
    return squaresCost({ ...spec, derivative: "log-probability" }, { ...sizes, examples });
  return {
    examples,
    passes: examples,
    gradientPasses: examples * sizes.classes,
    rows: spec.batch,
    bytes: sizes.weights * Float64Array.BYTES_PER_ELEMENT,
  };
}

/** Returns the mean information per example, ≥ 0, f32, by weight; the caller owns it. */
export async function fisherDiagonal(
  { gradients, weights, wrt, data }: FisherInput,
  spec: FisherSpec,
  context: Context,
): Promise<ReadonlyMap<string, Float32Array<ArrayBuffer>>> {
  const examples = Math.min(spec.examples, data.count);
  const input = { gradients, weights, wrt, data, examples };
  const sums =
    spec.form === "per-example"
      ? await squaredGradients(input, { ...spec, derivative: "log-probability" }, context)
      : await batchSummed(input, spec.batch, context);
  return new Map([...sums].map(([name, sum]) => [name, Float32Array.from(sum, (s) => s / examples)]));
}

/** Σ over batches of (∇ Σ over examples and classes of √p · log p)², p held constant. Source: FusionBench, fisher_merging */
async function batchSummed(
  { gradients, weights, wrt, data, examples }: FisherInput & { readonly examples: number },
  size: number,
  context: Context,
): Promise<Squares> {
  const sums = new Map(wrt.map((name) => [name, new Float64Array(weights.get(name)?.length ?? 0)]));
  for await (const { x, rows, first } of inBatches(data, firstOf(data, examples), size, context)) {
    const logits = await gradients.predict(weights, x, rows, context);
    const total = await rootWeighted({ gradients, weights, wrt, x, rows, logits }, context);
    for (const [name, sum] of sums) {
      const gradient = total.get(name);
      if (gradient) for (let i = 0; i < sum.length; i++) sum[i] += gradient[i] ** 2;
    }
    context.progress(first + rows, examples);
  }
  return sums;
}

interface RootBatch {
  readonly gradients: Gradients;
  readonly weights: WeightValues;
  readonly wrt: readonly string[];
  readonly x: Float32Array;
  readonly rows: number;
  readonly logits: Float32Array;
}

/** The gradient of Σ √p · log p over a batch and its classes: one weighted pass per class. */
async function rootWeighted(
  { gradients, weights, wrt, x, rows, logits }: RootBatch,
  context: Context,
): Promise<ReadonlyMap<string, Float64Array>> {
  const classes = logits.length / rows;
  const roots = Array.from({ length: rows }, (_, row) =>
    softmax(logits.subarray(row * classes, (row + 1) * classes)).map(Math.sqrt),
  );
  const total = new Map(wrt.map((name) => [name, new Float64Array(weights.get(name)?.length ?? 0)]));
  for (let c = 0; c < classes; c++) {
    const labels = new Int32Array(rows).fill(c);
    const batch = { x, rows, labels, weights: roots.map((root) => root[c]) };
    const { gradients: part } = await gradients.evaluate(weights, batch, "log-probability", wrt, context);
    for (const [name, sum] of total) {
      const gradient = part.get(name);
      if (gradient) for (let i = 0; i < sum.length; i++) sum[i] += gradient[i];
    }
  }
  return total;
}
