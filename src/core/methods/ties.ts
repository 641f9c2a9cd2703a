/**
 * TIES: elect a sign per entry, then average the experts that agree with it.
 *
 * The paper's first step, trim, is the `magnitude` sparsifier, so that it can be swapped:
 * `ties` after `dare` is what mergekit calls `dare_ties`.
 */
import { z } from "zod";
import { defineMethod } from "./method.ts";

const params = z.object({
  average: z
    .enum(["weights", "count", "none"])
    .default("weights")
    .meta({
      label: "Divide by",
      help: "What the sum of the agreeing experts is divided by. With all weights 1 the first two are the paper's mean; the official code's default is the sum.",
      options: { weights: "the agreeing weights", count: "their number", none: "nothing (sum)" },
    }),
  tie: z
    .enum(["plus", "majority"])
    .default("plus")
    .meta({
      label: "A vote of zero elects",
      help: "Where the experts cancel exactly: plus, as in mergekit, or the sign that most entries of the tensor elected.",
      options: { plus: "plus (mergekit)", majority: "the tensor's majority" },
      advanced: true,
    }),
  vote: z
    .enum(["weighted", "plain"])
    .default("weighted")
    .meta({
      label: "Votes count",
      help: "Whether an expert's weight also strengthens its vote on the sign, as in mergekit, or only its share, as in peft.",
      options: { weighted: "with the weights", plain: "all alike" },
      advanced: true,
    }),
});

export const ties = defineMethod<z.infer<typeof params>>({
  id: "ties",
  label: "TIES",
  summary: "Each entry listens only to the experts that agree with its elected sign.",
  formula: String.raw`\gamma_j = \operatorname{sgn}\!\Big(\sum_t w_t\hat\tau_{t,j}\Big), \qquad \theta_j = \theta_{0,j} + \lambda\,\frac{\sum_{t \in A_j} w_t\hat\tau_{t,j}}{\sum_{t \in A_j} w_t}, \quad A_j = \{t : \operatorname{sgn}(w_t\hat\tau_{t,j}) = \gamma_j\}`,
  source: {
    paper: "arXiv:2306.01708",
    section: "3, steps 2 and 3",
    code: "github.com/prateeky2806/ties-merging",
    deviations: [
      "A vote of exactly zero elects plus, as in mergekit; the official code takes the majority over the whole model, here available per tensor.",
      "The official code adds the agreeing task vectors by default; the paper averages them, and so does this.",
      "Experts have weights, as in mergekit; the paper has none.",
    ],
  },
  space: "delta",
  output: "single",
  lambda: { default: 1, max: 2 },
  params,
  sparsifiers: [{ id: "magnitude", params: { density: 0.2, scope: "model", count: "exact" } }],
  revision: 1,

  merge({ rows, weights, out }, options, _state, kernels) {
    kernels.ties(out[0], rows, weights, options);
  },
});
