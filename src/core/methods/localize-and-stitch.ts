/**
 * Localize-and-Stitch: put the regions of all experts into the base, and average where they overlap.
 *
 * The first step, localization, is the `localize` sparsifier: what it leaves of a task vector is the expert's region.
 */
import { z } from "zod";
import { defineMethod, type MergeInput } from "./method.ts";
import { dividable } from "./shares.ts";

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
  space: "delta",
  output: "single",
  lambda: { default: 1, max: 2 },
  params,
  sparsifiers: [{ id: "localize", params: {} }],
  revision: 1,

  merge(input, { overlap }, _state, kernels) {
    const { rows, weights } = input;
    const [out] = input.out;
    switch (overlap) {
      case "average":
        average(input, out);
        break;
      case "sum":
        kernels.weightedSum(out, rows, weights);
        break;
      case "ties":
        kernels.ties(out, rows, weights, { vote: "weighted", tie: "plus", average: "weights" });
        break;
      default:
        overlap satisfies never;
    }
    // A base entry plus −0 is that entry bit for bit; plus +0 it would lose a sign if it is −0.
    for (let i = 0; i < out.length; i++) if (out[i] === 0) out[i] = -0;
  },
});

function average({ rows, weights }: MergeInput, out: Float32Array): void {
  const factors = weights.map(Math.fround);
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    let mass = 0;
    for (let k = 0; k < rows.length; k++) {
      const value = rows[k][i];
      if (value === 0) continue;
      sum = Math.fround(sum + Math.fround(factors[k] * value));
      mass = Math.fround(mass + factors[k]);
    }
    out[i] = sum / dividable(mass);
  }
}
