/** EMR: one unified task vector, and for each task a mask and a rescaler that turn it back into that task's own. */
import { z } from "zod";
import { bitsOf, magnitudeBits } from "../tensor/bits.ts";
import type { Kernels } from "../tensor/kernels.ts";
import { defineMethod } from "./method.ts";
import { weightedRows } from "./shares.ts";

const params = z.object({
  rescaler: z
    .enum(["tensors", "flat"])
    .default("tensors")
    .meta({
      label: "Rescaler from",
      help: "Each task's factor compares mean magnitudes: added up tensor by tensor, as the official code does on a state dict, or over all entries at once.",
      options: { tensors: "means of tensors", flat: "all entries" },
      advanced: true,
    }),
});

/** One factor per expert, in row order. */
type Rescalers = readonly number[];

export const emr = defineMethod<z.infer<typeof params>, Rescalers>({
  id: "emr",
  label: "EMR",
  summary: "Keeps one shared task vector, plus a mask and a scale per task that switch it to that task.",
  formula: String.raw`\tau_\text{uni} = \gamma \odot \max_{t:\,\operatorname{sgn}\tau_t = \gamma} |\tau_t|, \quad M_t = [\tau_t \odot \gamma > 0], \quad \theta_t' = \theta_0 + \lambda\,\frac{\operatorname{mean}|\tau_t|}{\operatorname{mean}|M_t \odot \tau_\text{uni}|}\,M_t \odot \tau_\text{uni}`,
  source: {
    paper: "arXiv:2405.17461",
    code: "github.com/harveyhuang18/EMR_Merging",
    deviations: [
      "Gives one model per task, not one for all: compare it with other methods in that light.",
      "Rescalers add up the means of tensors, as the official code does, so that a small tensor counts as much as a large one.",
      "Tensors that are not merged take no part in the rescalers.",
      "Experts have weights and λ can be moved; the paper has neither.",
    ],
  },
  edges: [
    "An entry whose sum is exactly zero elects minus.",
    "A task to which the shared vector leaves nothing has the rescaler 1.",
  ],
  space: "delta",
  output: "per-task",
  lambda: { default: 1, max: 2 },
  params,
  revision: 1,

  prepare: {
    reads: ["rescaler"],
    needed: () => true,
    async run(tensors, { rescaler }, kernels, context) {
      const own: number[] = [];
      const masked: number[] = [];
      for await (const { rows, weights } of tensors) {
        context.signal.throwIfAborted();
        await context.breathe();
        const n = rows[0].length;
        if (n === 0) continue;
        const products = weightedRows(rows, weights, kernels);
        const unified = unify(products, kernels);
        const part = kernels.alloc(n);
        const share = rescaler === "tensors" ? 1 / n : 1;
        products.forEach((product, k) => {
          fillMasked(part, unified, product);
          own[k] = (own[k] ?? 0) + share * kernels.norms(product).l1;
          masked[k] = (masked[k] ?? 0) + share * kernels.norms(part).l1;
        });
      }
      return own.map((sum, k) => (masked[k] === 0 ? 1 : sum / masked[k]));
    },
  },

  merge({ rows, weights, out }, _params, rescalers, kernels) {
    const products = weightedRows(rows, weights, kernels);
    const unified = unify(products, kernels);
    products.forEach((product, k) => {
      fillMasked(out[k], unified, product);
      kernels.scale(out[k], rescalers?.[k] ?? 1);
    });
  },
});

/** Per entry the largest magnitude among those with the elected sign, carrying that sign; a sum of zero elects minus. */
function unify(products: readonly Float32Array[], kernels: Kernels): Float32Array {
  const n = products[0].length;
  const ones = products.map(() => 1);
  const unified = kernels.alloc(n);
  kernels.weightedSum(unified, products, ones);
  const word = bitsOf(unified);
  // The sum is never −0, so its word less one is negative exactly where the sum is not positive.
  for (let i = 0; i < n; i++) word[i] = (word[i] - 1) & ~magnitudeBits;
  for (const product of products) {
    const bits = bitsOf(product);
    for (let i = 0; i < n; i++) {
      const agrees = ~((bits[i] ^ word[i]) >> 31);
      const magnitude = Math.max(word[i] & magnitudeBits, bits[i] & magnitudeBits & agrees);
      word[i] = (word[i] & ~magnitudeBits) | magnitude;
    }
  }
  return unified;
}

/** part = unified where the product is not zero and has the elected sign, else +0. */
function fillMasked(part: Float32Array, unified: Float32Array, product: Float32Array): void {
  const to = bitsOf(part);
  const from = bitsOf(unified);
  const bits = bitsOf(product);
  for (let i = 0; i < to.length; i++) {
    const agrees = ~((bits[i] ^ from[i]) >> 31);
    const nonZero = ((bits[i] & magnitudeBits) + magnitudeBits) >> 31;
    to[i] = from[i] & agrees & nonZero;
  }
}
