/** Task arithmetic: add the task vectors, scaled by λ. */
import { z } from "zod";
import { defineMethod } from "./method.ts";
import { shares } from "./shares.ts";

const params = z.object({
  normalize: z.boolean().default(false).meta({
    label: "Divide by the sum of weights",
    help: "The paper adds task vectors without dividing. mergekit offers both and also starts without.",
    mergekit: "normalize",
  }),
});

export const taskArithmetic = defineMethod<z.infer<typeof params>>({
  id: "task-arithmetic",
  label: "Task arithmetic",
  summary: "Adds what each expert learned to the base, all scaled by one λ.",
  formula: String.raw`\theta = \theta_0 + \lambda \sum_t w_t\,\tau_t, \qquad \tau_t = \theta_t - \theta_0`,
  source: {
    paper: "arXiv:2212.04089",
    code: "github.com/mlfoundations/task_vectors",
    deviations: [
      "Each expert also has a weight, 1 unless changed; the paper has λ alone.",
      "mergekit's λ starts at 1; here it starts at .3, as in the papers that compare with it.",
    ],
  },
  edges: ["Weights that cancel to zero are not divided by their sum."],
  space: "delta",
  output: "single",
  lambda: { default: 0.3, max: 2 },
  params,
  revision: 1,
  isWeightedSum: ({ normalize }) => !normalize,

  merge({ rows, weights, out }, { normalize }, _state, kernels) {
    kernels.weightedSum(out[0], rows, normalize ? shares(weights) : weights);
  },
});
