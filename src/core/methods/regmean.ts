/** RegMean: for every linear layer the weights whose outputs are nearest to all experts' own, by least squares. */
import { z } from "zod";
import { applyInverse, cholesky } from "../linalg/cholesky.ts";
import { defineMethod, type MergeInput } from "./method.ts";
import { shares } from "./shares.ts";

const params = z.object({
  offDiagonal: z.number().min(0).max(1).default(0.95).meta({
    label: "Off-diagonal",
    help: "Factor on products of two different inputs: 1 trusts the few examples fully, 0 weighs each input by itself.",
    step: 0.05,
  }),
  ridge: z.int().min(-12).max(0).default(-6).meta({
    label: "Ridge, power of ten",
    help: "Pull towards the average, relative to the mean square of an input: it decides where the examples say nothing.",
    advanced: true,
  }),
});

type Params = z.infer<typeof params>;

export const regmean = defineMethod<Params>({
  id: "regmean",
  label: "RegMean",
  summary: "Finds the linear layers whose outputs are nearest to all experts' own on a few of their inputs.",
  formula: String.raw`W^\top = \Big(\sum_t w_t\,\hat G_t\Big)^{-1} \sum_t w_t\,\hat G_t\,W_t^\top, \qquad G_t = \tfrac{1}{n} X_t^\top X_t`,
  source: {
    paper: "arXiv:2212.09849",
    section: "3",
    code: "github.com/bloomberg/dataless-model-merging",
    deviations: [
      "Only weights of linear layers whose inputs were measured for every expert take part; all other tensors are averaged.",
      "A small ridge pulls towards the average, so that inputs which never occur are averaged; the official code has none and fails there.",
      "The factor on off-diagonal products starts at .95, FusionBench's value for CLIP; the official code has .1 for T5.",
    ],
  },
  edges: ["Where weights cancel, or inputs never occurred, the average stands."],
  space: "weight",
  output: "single",
  lambda: "none",
  params,
  revision: 1,
  needs: () => "gram",

  merge(input, params, _state, kernels) {
    const { rows, weights, evidence = [] } = input;
    const [out] = input.out;
    kernels.weightedSum(out, rows, shares(weights));
    const grams = evidence.filter((gram) => gram !== undefined);
    const isWhole = grams.length === rows.length && grams.every(({ length }) => length === grams[0].length);
    if (rows.length > 1 && isWhole) correct(input, grams, params);
  },
});

/** How one linear layer's weight lies in memory: entry (output o, input i) is at o · outStride + i · inStride. */
interface Layout {
  readonly inputs: number;
  readonly outputs: number;
  readonly inStride: number;
  readonly outStride: number;
}

/** The Gram matrix's size tells which dimension the inputs are; of a square weight the evidence says it. */
function layoutOf({ tensor, inputsFirst = false }: MergeInput, gram: Float32Array): Layout {
  const [first, second] = tensor.shape;
  const inputs = Math.round(Math.sqrt(gram.length));
  const isFirst = first === second ? inputsFirst : first === inputs;
  return isFirst
    ? { inputs, outputs: second, inStride: second, outStride: 1 }
    : { inputs, outputs: first, inStride: 1, outStride: second };
}

/** Adds to the average M what least squares says of it: (Σ wĜ + ρI)⁻¹ Σ wĜ (Wᵀ − Mᵀ). */
function correct(input: MergeInput, grams: readonly Float32Array[], { offDiagonal, ridge }: Params): void {
  const { rows, weights, out } = input;
  const layout = layoutOf(input, grams[0]);
  const { inputs: n, outputs, inStride, outStride } = layout;
  const scaled = grams.map((gram, k) => scaledGram(gram, n, weights[k], offDiagonal));
  const factor = cholesky(withRidge(scaled, n, 10 ** ridge), n);
  if (!factor) return; // weights that cancel, or no inputs at all: the average stands
  const difference = new Float64Array(n);
  const sum = new Float64Array(n);
  for (let o = 0; o < outputs; o++) {
    sum.fill(0);
    const at = o * outStride;
    for (let k = 0; k < rows.length; k++) {
      for (let i = 0; i < n; i++) difference[i] = rows[k][at + i * inStride] - out[0][at + i * inStride];
      addProduct(sum, scaled[k], difference);
    }
    applyInverse(factor, sum);
    for (let i = 0; i < n; i++) out[0][at + i * inStride] += sum[i];
  }
}

function scaledGram(gram: Float32Array, n: number, weight: number, offDiagonal: number): Float64Array {
  const scaled = Float64Array.from(gram, (value) => value * weight * offDiagonal);
  for (let i = 0; i < n; i++) scaled[i * n + i] = gram[i * n + i] * weight;
  return scaled;
}

function withRidge(grams: readonly Float64Array[], n: number, ridge: number): Float64Array {
  const total = new Float64Array(n * n);
  for (const gram of grams) for (let i = 0; i < total.length; i++) total[i] += gram[i];
  let trace = 0;
  for (let i = 0; i < n; i++) trace += total[i * n + i];
  for (let i = 0; i < n; i++) total[i * n + i] += (ridge * trace) / n;
  return total;
}

/** sum += G x. */
function addProduct(sum: Float64Array, gram: Float64Array, x: Float64Array): void {
  const n = x.length;
  for (let i = 0; i < n; i++) {
    let product = 0;
    for (let j = 0; j < n; j++) product += gram[i * n + j] * x[j];
    sum[i] += product;
  }
}
