/** DOGE's parameters: of the optimisation (run.ts), of its length, and of what is applied. */
import { z } from "zod";

export const dogeParams = z.object({
  eta: z.number().min(0).max(2).default(0.3).meta({
    label: "η",
    help: "Length that every expert's change of a layer is brought to: times the median length, or as it is.",
    step: 0.01,
  }),
  scale: z
    .enum(["median", "absolute"])
    .default("median")
    .meta({
      label: "η is in units of",
      help: "The median length of the experts' changes, so that η .3 acts like λ .3 on any model; or plain numbers as in the paper, where .07 suits CLIP.",
      options: { median: "the median ‖τ‖ of a layer", absolute: "1 (paper)" },
    }),
  lambdas: z
    .enum(["layer", "task", "uniform"])
    .default("layer")
    .meta({
      label: "Strength",
      help: "Each expert's change of each layer gets the same length, or each expert's change of the whole model, or all are scaled alike.",
      options: { layer: "same per layer", task: "same per task", uniform: "one for all" },
    }),
  projection: z
    .enum(["complement", "inside", "none"])
    .default("complement")
    .meta({
      label: "Modification stays",
      help: "Where the modification may move: outside the subspace that the tasks share, as in the official code, only inside it, or anywhere.",
      options: { complement: "outside the shared subspace", inside: "inside it", none: "free" },
    }),
  modification: z
    .enum(["shared", "expert"])
    .default("shared")
    .meta({
      label: "Modifications",
      help: "One that all experts share (DOGE TA), or one for each, with a shared subspace of 1 / experts of a layer's directions (DOGE AM).",
      options: { shared: "one, shared", expert: "one per expert" },
    }),
  strengths: z
    .enum(["optimised", "weights"])
    .default("optimised")
    .meta({
      label: "Merged with",
      help: "The strengths of the optimisation, times the experts' weights; or the experts' weights alone, as coefficients that AdaMerging finds (DOGE AM).",
      options: { optimised: "the strengths optimised with", weights: "the experts' weights alone" },
    }),
  subspace: z.int().min(1).max(64).default(6).meta({
    label: "Subspace divisor",
    help: "The shared subspace has 1 / this of a layer's directions, with one shared modification.",
  }),
  steps: z
    .int()
    .min(0)
    .max(2000)
    .default(400)
    .meta({ label: "Steps", help: "Adam steps per layer.", step: 50 }),
  rate: z.number().min(0).max(0.01).default(1e-4).meta({
    label: "Learning rate",
    help: "Of Adam: the modification of an entry grows to about steps × this, whatever the loss.",
    step: 1e-5,
    advanced: true,
  }),
  keep: z.number().min(0).max(1).default(0.3).meta({
    label: "Kept share",
    help: "Share of each expert's entries, the largest over all matrices, at which its change and the modification count.",
    step: 0.01,
  }),
  count: z
    .enum(["exact", "official"])
    .default("exact")
    .meta({
      label: "Count",
      help: "The official code keeps one entry more, and every entry tied with the last one.",
      options: { exact: "exactly k", official: "k + 1 and all ties" },
      advanced: true,
    }),
});

export type DogeParams = z.infer<typeof dogeParams>;
