/** Everything that a training's result depends on beside base and data, as plain data; its words make the form. */
import { z } from "zod";

/** The part that a form can show: one control per property. */
export const trainOptions = z.object({
  mode: z
    .enum(["full", "lora", "sparse"])
    .default("full")
    .meta({
      label: "Train",
      help: "All weights; two small matrices beside each layer (LoRA); or only the entries that a mask selects (TaLoS).",
      options: { full: "all weights", lora: "a LoRA adapter", sparse: "selected entries" },
    }),
  steps: z.int().min(1).max(100_000).default(320).meta({
    label: "Steps",
    help: "Updates of the weights. Experts that are trained less often merge better.",
  }),
  batch: z.int().min(1).max(4096).default(128).meta({ label: "Batch size", help: "Examples per update." }),
  learningRate: z.number().min(0).max(10).default(1e-3).meta({
    label: "Learning rate",
    help: "Size of an update, at its peak. With SGD take about a hundred times as much.",
    step: 1e-4,
  }),
  optimiser: z
    .enum(["adamw", "adam", "sgd"])
    .default("adamw")
    .meta({
      label: "Optimiser",
      options: { adamw: "AdamW", adam: "Adam", sgd: "SGD with momentum" },
    }),
  weightDecay: z.number().min(0).max(10).default(0.01).meta({
    label: "Weight decay",
    help: "Pull of all trained values towards zero: apart from the gradient in AdamW, added to it in the others.",
    step: 0.01,
  }),
  schedule: z
    .enum(["constant", "cosine", "plateau"])
    .default("constant")
    .meta({
      label: "Schedule",
      help: "How the learning rate goes on after warm-up: it stays, falls to zero along a cosine, or is reduced when validation stops improving.",
      options: { constant: "constant", cosine: "cosine to zero", plateau: "reduce on plateau" },
    }),
  warmUp: z.int().min(0).max(10_000).default(10).meta({
    label: "Warm-up steps",
    help: "Steps over which the learning rate rises to its peak.",
  }),
  validateEvery: z.int().min(1).max(10_000).default(20).meta({
    label: "Validate every",
    help: "Steps between two looks at the validation data. Reduction on a plateau counts in these.",
  }),
  checkpoints: z
    .enum(["doubling", "every", "last"])
    .default("doubling")
    .meta({
      label: "Keep checkpoints",
      help: "Which steps can later be merged. The last always can.",
      options: { doubling: "at k, 2k, 4k, 8k …", every: "every k steps", last: "only the last" },
    }),
  checkpointStep: z.int().min(1).max(10_000).default(20).meta({ label: "First checkpoint, k" }),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1)
    .meta({ label: "Seed", help: "Order of the examples, and where LoRA starts." }),
  rank: z.int().min(1).max(256).default(8).meta({
    label: "LoRA rank",
    help: "Width of the adapter's two matrices.",
  }),
  alpha: z.number().min(0).max(1024).default(16).meta({
    label: "LoRA alpha",
    help: "The adapter is multiplied by alpha / rank.",
    step: 1,
  }),
  rankStabilised: z.boolean().default(false).meta({
    label: "Rank-stabilised (rsLoRA)",
    help: "Multiplies the adapter by alpha / √rank instead.",
    advanced: true,
  }),
  clip: z.number().min(0).max(1000).default(0).meta({
    label: "Clip gradients at",
    help: "Largest norm of the gradient of all trained values together; 0 = no limit.",
    step: 0.1,
    advanced: true,
  }),
  plateauFactor: z.number().min(0.01).max(0.99).default(0.5).meta({
    label: "Plateau: factor",
    help: "What the learning rate is multiplied by when validation stops improving.",
    step: 0.05,
    advanced: true,
  }),
  plateauPatience: z.int().min(1).max(100).default(3).meta({
    label: "Plateau: patience",
    help: "Looks at the validation data without improvement before a reduction.",
    advanced: true,
  }),
  plateauThreshold: z.number().min(0).max(1).default(0).meta({
    label: "Plateau: least improvement",
    help: "Accuracy, 0 to 1, that must be gained to count as one.",
    step: 0.001,
    advanced: true,
  }),
  plateauReductions: z.int().min(1).max(20).default(2).meta({
    label: "Plateau: reductions",
    help: "How often the learning rate is reduced at most.",
    advanced: true,
  }),
  plateauStop: z.boolean().default(true).meta({
    label: "Plateau: stop early",
    help: "Ends the training with the last reduction and keeps the best weights; otherwise it goes on at the lowest rate.",
    advanced: true,
  }),
  momentum: z
    .number()
    .min(0)
    .max(0.999)
    .default(0.9)
    .meta({ label: "SGD: momentum", step: 0.01, advanced: true }),
  beta1: z.number().min(0).max(0.999).default(0.9).meta({
    label: "Adam: β1",
    help: "Memory of the mean gradient.",
    step: 0.01,
    advanced: true,
  }),
  beta2: z.number().min(0).max(0.9999).default(0.999).meta({
    label: "Adam: β2",
    help: "Memory of the mean squared gradient.",
    step: 0.001,
    advanced: true,
  }),
  epsilon: z.number().min(1e-12).max(1).default(1e-8).meta({
    label: "Adam: ε",
    help: "Added to the root of the mean square.",
    step: 1e-8,
    advanced: true,
  }),
});

/** With the lists that no form control has. */
export const trainSpec = trainOptions.extend({
  /** Globs of the tensors to train; none = all (full), all layers (LoRA), all that the mask names (sparse). */
  targets: z.array(z.string().min(1).max(200)).max(200).default([]),
  /** Steps to keep beside those of `checkpoints`. */
  checkpointSteps: z.array(z.int().min(1)).max(1000).default([]),
});

export type TrainSpec = z.infer<typeof trainSpec>;
