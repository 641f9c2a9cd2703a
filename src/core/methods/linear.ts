/** Linear: the weighted average of the experts' weights; the base takes no part. */
import { z } from "zod";
import { defineMethod } from "./method.ts";
import { shares } from "./shares.ts";

const params = z.object({
  normalize: z.boolean().default(true).meta({
    label: "Divide by the sum of weights",
    help: "On: a true average, whatever the weights add up to. Off: a plain weighted sum.",
    mergekit: "normalize",
  }),
});

export const linear = defineMethod<z.infer<typeof params>>({
  id: "linear",
  label: "Average",
  summary: "The weighted average of the experts: the simplest merge, and the bar for all others.",
  formula: String.raw`\theta = \frac{\sum_t w_t\,\theta_t}{\sum_t w_t}`,
  source: {
    paper: "arXiv:2203.05482",
    code: "github.com/mlfoundations/model-soups",
    deviations: ["Weights that cancel to zero are not divided by their sum."],
  },
  space: "weight",
  output: "single",
  lambda: "none",
  params,
  revision: 1,

  merge({ rows, weights, out }, { normalize }, _state, kernels) {
    kernels.weightedSum(out[0], rows, normalize ? shares(weights) : weights);
  },
});
