/** Consensus: of the summed task vector, the entries that several tasks find important. */
import { z } from "zod";
import { defineMethod } from "./method.ts";
import { weightedRows } from "./shares.ts";
import { countMask, maskParams, sumInto } from "./task-masks.ts";

const params = maskParams.extend({
  agree: z.int().min(0).max(8).default(2).meta({
    label: "Tasks that must agree",
    help: "Entries that fewer tasks want are dropped: 1 drops what no task wants, 2 also what only one wants.",
  }),
});

export const consensus = defineMethod<z.infer<typeof params>>({
  id: "consensus",
  label: "Consensus",
  summary: "Keeps of the summed task vector only the entries that at least two tasks find important.",
  formula: String.raw`m_{t,j} = \big[\,|\tau_{t,j}| > \ell\,|\tau_{\text{sum},j} - \tau_{t,j}|\,\big], \qquad \theta = \theta_0 + \lambda\,\big[\textstyle\sum_t m_t \ge k\big] \odot \tau_{\text{sum}}`,
  source: {
    paper: "arXiv:2405.07813",
    section: "4",
    code: "github.com/nik-dim/tall_masks",
    deviations: [
      "The threshold is one number for all tasks; the paper chooses it per task on validation.",
      "More tasks are never asked to agree than there are experts.",
      "Experts have weights, which scale their task vectors; the paper has none.",
    ],
  },
  edges: ["An entry that an expert has not changed never belongs to its task; a lone expert is kept whole."],
  space: "delta",
  output: "single",
  lambda: { default: 0.3, max: 2 },
  params,
  revision: 1,

  merge({ rows, weights, out }, { threshold, agree }, _state, kernels) {
    const products = weightedRows(rows, weights, kernels);
    const [to] = out;
    sumInto(to, products, kernels);
    const wanted = Math.min(agree, rows.length);
    const votes = new Uint8Array(to.length);
    for (const product of products) countMask(votes, product, to, threshold);
    for (let i = 0; i < to.length; i++) if (votes[i] < wanted) to[i] = 0;
  },
});
