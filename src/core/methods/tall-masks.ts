/** TALL masks: the summed task vector, and for each task the mask that switches it to that task. */
import type { z } from "zod";
import { defineMethod } from "./method.ts";
import { weightedRows } from "./shares.ts";
import { countMask, maskParams, sumInto } from "./task-masks.ts";

export const tallMasks = defineMethod<z.infer<typeof maskParams>>({
  id: "tall-masks",
  label: "TALL masks",
  summary: "Keeps the summed task vector once, and for each task the mask of the entries that matter to it.",
  formula: String.raw`\theta_t' = \theta_0 + \lambda\,m_t \odot \tau_{\text{sum}}, \qquad m_{t,j} = \big[\,|\tau_{t,j}| > \ell\,|\tau_{\text{sum},j} - \tau_{t,j}|\,\big]`,
  source: {
    paper: "arXiv:2405.07813",
    section: "3",
    code: "github.com/nik-dim/tall_masks",
    deviations: [
      "Gives one model per task, not one for all: compare it with other methods in that light.",
      "The threshold is one number for all tasks; the paper chooses it per task on validation.",
    ],
  },
  edges: ["Where an expert has not changed an entry, its task's model is the base."],
  space: "delta",
  output: "per-task",
  lambda: { default: 1, max: 2 },
  params: maskParams,
  revision: 1,

  merge({ rows, weights, out }, { threshold }, _state, kernels) {
    const products = weightedRows(rows, weights, kernels);
    const sum = kernels.alloc(products[0].length);
    sumInto(sum, products, kernels);
    products.forEach((product, k) => {
      const mask = new Uint8Array(sum.length);
      countMask(mask, product, sum, threshold);
      for (let i = 0; i < sum.length; i++) out[k][i] = mask[i] === 1 ? sum[i] : 0;
    });
  },
});
