/** Arrow: experts stay apart, and every input goes to those whose updates listen to it most, layer by layer. */
import { z } from "zod";
import { type Product, productSvd, sideBySide } from "../linalg/product.ts";
import type { Kernels } from "../tensor/kernels.ts";
import { exactProducts, leadingProduct, transposed } from "./low-rank-rows.ts";
import type { MatrixShape } from "./matrices.ts";
import { defineMethod, type PrepareInput, type Routes } from "./method.ts";
import { shares } from "./shares.ts";

const params = z.object({
  topK: z.int().min(0).max(64).default(0).meta({
    label: "Experts per input",
    help: "The most that an input goes to at a layer; 0 for all. mttl starts with all, peft with 3.",
  }),
  temperature: z.number().min(0.05).max(20).default(1).meta({
    label: "Temperature",
    help: "Lower ones decide for the best expert, higher ones mix evenly.",
    step: 0.05,
  }),
  rank: z.int().min(1).max(128).default(16).meta({
    label: "Rank of dense experts",
    help: "Experts that are no adapters, or sparsified, join in by this many singular directions. Adapters join in whole.",
    advanced: true,
  }),
});

type ArrowParams = z.infer<typeof params>;

export const arrow = defineMethod<ArrowParams>({
  id: "arrow",
  label: "Arrow routing",
  summary:
    "Keeps the adapters apart: at every layer, each input goes to the experts whose updates listen to it.",
  formula: String.raw`y = W_0 x + \lambda \textstyle\sum_e c_e\, w_e s_e B_e A_e x, \qquad c = \operatorname{softmax}\big(\operatorname{top}_k |\langle x, v_e\rangle| / T\big)`,
  source: {
    paper: "arXiv:2405.11157",
    code: "github.com/microsoft/mttl",
    deviations: [
      "Gives one model that is more than weights: compare it with merged models in that light. It costs more to run and to store.",
      "The paper's number of experts per input is not known; mttl starts with all, peft with 3.",
      "Only layers that the graph uses as plain linear layers are routed; other tensors take the experts' average.",
      "Experts have weights, and λ can be moved; the paper has neither.",
    ],
  },
  space: "delta",
  output: "routed",
  lambda: { default: 1, max: 2 },
  params,
  revision: 1,

  merge({ rows, weights, out }, _params, _state, kernels) {
    kernels.weightedSum(out[0], rows, shares(weights));
  },

  route(input, given, kernels) {
    if (input.layer === undefined) return undefined;
    const [rows, columns] = input.tensor.shape;
    const shape = { rows, columns };
    const { products, energy } = updatesOf(input, given.rank, shape, kernels);
    const whole = sideBySide(products, input.weights);
    if (whole.rank === 0) return undefined;
    const isTurned = input.layer === "outputs-first";
    const [down, up] = isTurned
      ? [transposed(whole.right, whole.rank, columns), transposed(whole.left, rows, whole.rank)]
      : [whole.left, whole.right];
    const ranks = products.map(({ rank }) => rank);
    return {
      down: Float32Array.from(down),
      up: Float32Array.from(up),
      prototypes: prototypesOf(products, isTurned ? "columns" : "rows"),
      topK: given.topK === 0 ? products.length : Math.min(given.topK, products.length),
      temperature: given.temperature,
      note: { rank: whole.rank, energy, ranks },
    };
  },
});

/** Every expert's update as a product, and the share of their energy that the products keep. */
function updatesOf(
  input: PrepareInput,
  rank: number,
  shape: MatrixShape,
  kernels: Kernels,
): { readonly products: readonly Product[]; readonly energy: number } {
  const parts = input.rows.map((row, k) => {
    const one = { ...input, rows: [row], ...(input.factors && { factors: [input.factors[k]] }) };
    const [exact] = exactProducts(one, shape, kernels) ?? [];
    const { product, energy } = exact
      ? { product: exact, energy: 1 }
      : leadingProduct(row, shape, rank, kernels);
    return { product, energy, total: kernels.norms(row).energy };
  });
  const total = parts.reduce((sum, part) => sum + part.total, 0);
  const kept = parts.reduce((sum, part) => sum + part.energy * part.total, 0);
  return { products: parts.map(({ product }) => product), energy: total === 0 ? 1 : kept / total };
}

/**
 * The direction among the layer's inputs that each update answers to most: its first singular vector on their side, of
 * length 1, its sign left open; in × K.
 */
function prototypesOf(products: readonly Product[], side: "rows" | "columns"): Routes["prototypes"] {
  const [{ rows, columns }] = products;
  const length = side === "rows" ? rows : columns;
  const out = new Float32Array(length * products.length);
  products.forEach((product, k) => {
    if (product.rank === 0) return;
    const { u, v } = productSvd(product, 1);
    const direction = side === "rows" ? u : v;
    for (let i = 0; i < length; i++) out[i * products.length + k] = direction[i];
  });
  return out;
}
