/** Options of AdaMerging: validator, defaults and form at once. */
import { z } from "zod";
import type { Source } from "../described.ts";

export const adamergingSpec = z.object({
  per: z
    .enum(["task", "tensor"])
    .default("tensor")
    .meta({
      label: "One coefficient for",
      help: "Each expert as a whole, or each tensor of each expert.",
      options: { task: "each expert (task-wise)", tensor: "each tensor of each expert (layer-wise)" },
    }),
  steps: z.int().min(1).max(10_000).default(100).meta({
    label: "Steps",
    help: "The paper takes many small ones: 1,000 at a learning rate of .001.",
    step: 10,
  }),
  learningRate: z.number().min(0).max(1).default(0.003).meta({
    label: "Learning rate",
    help: "Of Adam: about how far a coefficient moves in one step.",
    step: 0.001,
  }),
  batch: z.int().min(1).max(1024).default(16).meta({
    label: "Examples a step",
    help: "Of every task; labels are not read.",
    step: 8,
  }),
  start: z.number().min(-2).max(2).default(0.3).meta({
    label: "Start",
    help: "What all coefficients are before the first step.",
    step: 0.05,
  }),
  seed: z.int().min(0).max(0xffff_ffff).default(0).meta({
    label: "Seed",
    help: "Of the order of examples.",
    advanced: true,
  }),
});
export type AdamergingSpec = z.infer<typeof adamergingSpec>;

/** Where the method comes from, and where this form of it departs. */
export const adamergingSource: Source = {
  paper: "arXiv:2310.02575",
  section: "3.2",
  code: "github.com/EnnengYang/AdaMerging",
  deviations: [
    "The unlabelled examples are of the validation split; the paper adapts on the test examples themselves.",
    "It takes fewer and larger steps (100 of .003), so that it ends while one waits; the paper's 1,000 of .001 can be set.",
    "Every tensor has a coefficient of its own; the paper counts a layer's weight and bias apart too.",
  ],
};
