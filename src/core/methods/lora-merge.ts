/** LoRA merging: the sum of low-rank updates, kept low rank. Updates are added as ΔW = s·B·A unless one asks otherwise. */
import { z } from "zod";
import { energyOf, fromSvd, type Product, productSvd, sideBySide } from "../linalg/product.ts";
import type { LowRank } from "../model/library.ts";
import type { Kernels } from "../tensor/kernels.ts";
import { dividable } from "../tensor/stitch.ts";
import {
  exactProducts,
  fillProduct,
  leadingProduct,
  liveDirections,
  productOf,
  shareOf,
} from "./low-rank-rows.ts";
import { asMatrix, type MatrixShape } from "./matrices.ts";
import { defineMethod, type PrepareInput, type TensorNote } from "./method.ts";
import { shares } from "./shares.ts";

const params = z.object({
  kind: z
    .enum(["svd", "linear", "cat", "factors"])
    .default("svd")
    .meta({
      label: "Kept as",
      help: "The exact sum needs up to the sum of all ranks. Averaging the factors one by one is what some tools call linear: it adds cross terms that no expert has learned.",
      options: {
        svd: "the best sum of a chosen rank",
        linear: "the exact sum, at its own rank",
        cat: "the exact sum, factors side by side",
        factors: "the average of A times the average of B",
      },
    }),
  rank: z.int().min(1).max(192).default(8).meta({
    label: "Rank",
    help: "Of every merged matrix, where the best sum of a chosen rank is kept. The energy that is kept is told below, matrix by matrix.",
  }),
  normalize: z.boolean().default(false).meta({
    label: "Divide by the sum of weights",
    help: "The mean of the updates instead of their sum.",
  }),
});

type LoraParams = z.infer<typeof params>;

/** A merged update and what there is to tell of it. */
interface Merged {
  readonly product: Product;
  readonly note: TensorNote;
}

export const loraMerge = defineMethod<LoraParams>({
  id: "lora-merge",
  label: "LoRA merging",
  summary:
    "Adds the experts' low-rank updates and keeps the sum low rank, so that it can be an adapter again.",
  formula: String.raw`\theta = \theta_0 + \lambda\,\big[\textstyle\sum_t w_t\,s_t B_t A_t\big]_r`,
  source: {
    paper: "arXiv:2106.09685",
    section: "4.1",
    code: "github.com/huggingface/peft",
    deviations: [
      "Updates are merged as products s·B·A, never factor by factor, unless “the average of A times the average of B” is chosen; peft's “linear” merges the factors.",
      "That average works on adapters of one rank; other matrices take the exact sum.",
      "Experts that are no adapters, or sparsified, take part through singular directions of their task vectors.",
      "Tensors that are no matrices take the plain sum.",
    ],
  },
  space: "delta",
  output: "single",
  lambda: { default: 0.3, max: 2 },
  params,
  revision: 1,
  reshapes: true,

  merge(input, given, _state, kernels) {
    const [to] = input.out;
    const merged = lowRankSum(input, given, kernels);
    if (merged && (given.kind === "svd" || merged.note.cross !== undefined)) {
      fillProduct(to, merged.product, kernels);
    } else kernels.weightedSum(to, input.rows, scalesOf(input.weights, given));
    return merged?.note;
  },

  lowRank: (input, given, kernels) => lowRankSum(input, given, kernels)?.product,
});

function scalesOf(weights: readonly number[], { normalize }: LoraParams): readonly number[] {
  return normalize ? shares(weights) : weights;
}

/** The sum as a product; undefined where it is kept whole: no matrix, or dense experts without a rank to cut to. */
function lowRankSum(input: PrepareInput, given: LoraParams, kernels: Kernels): Merged | undefined {
  const shape = asMatrix(input.tensor.shape);
  if (!shape) return undefined;
  const products = exactProducts(input, shape, kernels);
  if (!products) return given.kind === "svd" ? truncatedDense(input, given, shape, kernels) : undefined;
  const whole = sideBySide(products, scalesOf(input.weights, given));
  if (whole.rank === 0) return undefined;
  switch (given.kind) {
    case "cat":
      return { product: whole, note: { rank: whole.rank, energy: 1 } };
    case "linear":
      return truncated(whole, shape);
    case "svd":
      return truncated(whole, shape, given.rank);
    case "factors":
      return factorWise(input, given, products) ?? truncated(whole, shape);
    default:
      return given.kind satisfies never;
  }
}

/** The leading directions of the sum; all that are there without a rank. */
function truncated(whole: Product, { rows, columns }: MatrixShape, rank = Infinity): Merged {
  const { s, u, v } = productSvd(whole, Math.min(whole.rank, rows, columns));
  const k = Math.min(rank, liveDirections(s));
  const total = s.reduce((sum, value) => sum + value * value, 0);
  return {
    product: fromSvd({ s, u, v }, rows, columns, k),
    note: { rank: k, energy: shareOf(s, k, total) },
  };
}

function truncatedDense(
  { rows, weights }: PrepareInput,
  given: LoraParams,
  shape: MatrixShape,
  kernels: Kernels,
): Merged {
  const sum = kernels.alloc(rows[0].length);
  kernels.weightedSum(sum, rows, scalesOf(weights, given));
  const { product, energy } = leadingProduct(sum, shape, given.rank, kernels);
  return { product, note: { rank: product.rank, energy } };
}

/**
 * Weighted means of A and of B, the scales shared evenly by both as in peft; times the sum of weights, so that the kinds
 * compare at one λ. Undefined unless all factors are there and of one form.
 */
function factorWise(
  { factors, weights }: PrepareInput,
  { normalize }: LoraParams,
  products: readonly Product[],
): Merged | undefined {
  const own = factors?.filter((one) => one !== undefined) ?? [];
  const isAlike = ({ rank, isTransposed }: LowRank) =>
    rank === own[0].rank && isTransposed === own[0].isTransposed;
  if (own.length < products.length || !own.every(isAlike)) return undefined;
  const parts = shares(weights);
  const even = own.map(evenly);
  const [{ rows, columns, rank }] = even;
  const lefts = even.map(({ left }) => left);
  const rights = even.map(({ right }) => right);
  const mean = { left: meanOf(lefts, parts), right: meanOf(rights, parts), rows, columns, rank };
  const exact = sideBySide(products, parts);
  const norm = Math.sqrt(energyOf(exact));
  const cross = norm === 0 ? 0 : Math.sqrt(energyOf(sideBySide([mean, exact], [1, -1]))) / norm;
  const total = normalize ? 1 : dividable(weights.reduce((sum, weight) => sum + weight, 0));
  return { product: sideBySide([mean], [total]), note: { rank, energy: 1, cross } };
}

/** The product with √s in either factor. */
function evenly(factors: LowRank): Product {
  const root = Math.sqrt(Math.abs(factors.scale));
  const product = productOf({ ...factors, scale: Math.sign(factors.scale) * root });
  return { ...product, right: product.right.map((value) => root * value) };
}

function meanOf(rows: readonly Float64Array[], parts: readonly number[]): Float64Array {
  const out = new Float64Array(rows[0].length);
  rows.forEach((row, k) => {
    for (let i = 0; i < out.length; i++) out[i] += parts[k] * row[i];
  });
  return out;
}
