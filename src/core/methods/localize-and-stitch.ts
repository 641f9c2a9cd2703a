/**
 * Localize-and-Stitch: put the regions of all experts into the base, and average where they overlap.
 *
 * The first step, localization, is the `localize` sparsifier: what it leaves of a task vector is the expert's region.
 */
import { z } from "zod";
import { defineMethod } from "./method.ts";

const params = z.object({
  overlap: z
    .enum(["average", "sum", "ties"])
    .default("average")
    .meta({
      label: "Where regions overlap",
      help: "The paper averages, also where signs conflict. As ablations: add, or average those that agree with the elected sign.",
      options: { average: "average (paper)", sum: "add", ties: "elect a sign (TIES)" },
    }),
});

export const localizeAndStitch = defineMethod<z.infer<typeof params>>({
  id: "localize-and-stitch",
  label: "Localize-and-Stitch",
  summary:
    "Puts each expert's small region into the base at full strength and averages where regions overlap.",
  formula: String.raw`\theta_j = \theta_{0,j} + \lambda\,\frac{\sum_t w_t\,\gamma_{t,j}\,\tau_{t,j}}{\sum_t w_t\,\gamma_{t,j}} \quad \text{where any } \gamma_{t,j} = 1, \text{ else } \theta_{0,j}`,
  source: {
    paper: "arXiv:2408.13656",
    section: "3, stitching",
    code: "github.com/yifei-he/Localize-and-Stitch",
    deviations: [
      "The paper has neither λ nor weights; both start at 1, which is the paper's merge.",
      "A region holds what is left of a task vector, so an entry that an expert did not change never counts as its own.",
    ],
  },
  edges: [
    "Entries in no region are the base's bit for bit.",
    "Where the weights of an overlap cancel, the sum is not divided.",
  ],
  space: "delta",
  output: "single",
  lambda: { default: 1, max: 2 },
  params,
  sparsifiers: [{ id: "localize", params: {} }],
  revision: 1,

  merge({ rows, weights, out: [out] }, { overlap }, _state, kernels) {
    if (overlap === "average") {
      kernels.stitch(out, rows, weights);
      return;
    }
    if (overlap === "sum") kernels.weightedSum(out, rows, weights);
    else kernels.ties(out, rows, weights, { vote: "weighted", tie: "plus", average: "weights" });
    // A base entry plus −0 is that entry bit for bit, as `stitch` gives it; plus +0 it would lose a sign if it is −0.
    for (let i = 0; i < out.length; i++) if (out[i] === 0) out[i] = -0;
  },
});
