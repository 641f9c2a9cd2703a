/**
 * TIES: elect a sign per entry, then average the experts that agree with it.
 *
 * The paper's first step, trim, is the `magnitude` sparsifier, so that it can be swapped:
 * `ties` after `dare` is what mergekit calls `dare_ties`.
 */
import { z } from "zod";
import type { Kernels, TiesOptions } from "../tensor/kernels.ts";
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
    .enum(["plus", "majority", "model"])
    .default("plus")
    .meta({
      label: "A vote of zero elects",
      help: "Where the experts cancel exactly: plus, as in mergekit, or the sign that most entries elected, of the whole model as in the official code or of the tensor.",
      options: {
        plus: "plus (mergekit)",
        majority: "the tensor's majority",
        model: "the model's majority (official)",
      },
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

/** Sign that a vote of zero elects over the whole model. */
type Majority = "plus" | "minus";

export const ties = defineMethod<z.infer<typeof params>, Majority>({
  id: "ties",
  label: "TIES",
  summary: "Each entry listens only to the experts that agree with its elected sign.",
  formula: String.raw`\gamma_j = \operatorname{sgn}\!\Big(\sum_t w_t\hat\tau_{t,j}\Big), \qquad \theta_j = \theta_{0,j} + \lambda\,\frac{\sum_{t \in A_j} w_t\hat\tau_{t,j}}{\sum_{t \in A_j} w_t}, \quad A_j = \{t : \operatorname{sgn}(w_t\hat\tau_{t,j}) = \gamma_j\}`,
  source: {
    paper: "arXiv:2306.01708",
    section: "3, steps 2 and 3",
    code: "github.com/prateeky2806/ties-merging",
    deviations: [
      "A vote of exactly zero elects plus, as in mergekit; the official code takes the majority over the whole model (A vote of zero elects: the model's majority).",
      "The official code adds the agreeing task vectors by default; the paper averages them, and so does this.",
      "Experts have weights, as in mergekit; the paper has none.",
    ],
  },
  edges: ["An entry that an expert has not changed has no vote, and is not counted in the mean."],
  space: "delta",
  output: "single",
  lambda: { default: 1, max: 2 },
  params,
  sparsifiers: [{ id: "magnitude", params: { density: 0.2, scope: "model", count: "exact" } }],
  revision: 1,

  prepare: {
    reads: ["tie", "vote"],
    needed: ({ tie }) => tie === "model",
    async run(tensors, { vote }, kernels, context) {
      let balance = 0;
      for await (const { rows, weights } of tensors) {
        context.signal.throwIfAborted();
        await context.breathe();
        const total = kernels.alloc(rows[0].length);
        kernels.weightedSum(total, rows, vote === "weighted" ? weights : weights.map(() => 1));
        for (const value of total) balance += Math.sign(value);
      }
      return balance > 0 ? "plus" : "minus"; // a balance of zero keeps what is negative, as the official code does
    },
  },

  merge({ rows, weights, out }, options, majority, kernels) {
    const [to] = out;
    if (options.tie !== "model") kernels.ties(to, rows, weights, { ...options, tie: options.tie });
    else if (majority === "plus") kernels.ties(to, rows, weights, { ...options, tie: "plus" });
    else electMinus(to, rows, weights, options, kernels);
  },
});

/** A vote of zero elects minus: the mirror image of what elects plus. */
function electMinus(
  out: Float32Array,
  rows: readonly Float32Array[],
  weights: readonly number[],
  options: Pick<TiesOptions, "vote" | "average">,
  kernels: Kernels,
): void {
  const mirrored = rows.map((row) => {
    const copy = kernels.alloc(row.length);
    kernels.weightedSum(copy, [row], [-1]);
    return copy;
  });
  kernels.ties(out, mirrored, weights, { ...options, tie: "plus" });
  kernels.scale(out, -1);
}
