/** Options of localisation: validator, defaults and form at once. */
import { z } from "zod";
import type { Source } from "../described.ts";

const ties = z
  .enum(["exact", "tied", "strict"])
  .default("exact")
  .meta({
    label: "Ties at the cut",
    help: "The official code starts above the k-th largest change and so without it; MergeBench takes it and all its ties.",
    options: { exact: "exactly k", tied: "k and all ties", strict: "above the k-th (official)" },
    advanced: true,
  });

/** Localisation without data: the largest changes of the whole model. */
export const datalessSpec = z.object({
  density: z.number().min(0).max(1).default(0.05).meta({
    label: "Density",
    help: "Share of the weights that the region holds: the ones that fine-tuning changed most.",
    step: 0.001,
  }),
  ties,
});
export type DatalessSpec = z.infer<typeof datalessSpec>;

/** Localisation with data: a mask that is trained. */
export const localiseSpec = z.object({
  shots: z.int().min(1).max(1024).default(64).meta({
    label: "Examples a class",
    help: "The first so many training examples of every class.",
  }),
  epochs: z.int().min(1).max(200).default(10).meta({
    label: "Epochs",
    help: "Each takes the gradient of all examples once and makes one step.",
  }),
  density: z.number().min(0).max(1).default(0.04).meta({
    label: "Start density",
    help: "Share of the weights that the mask starts with: the largest changes.",
    step: 0.001,
  }),
  bias: z.number().min(0.1).max(20).default(5).meta({
    label: "Start logit",
    help: "Chosen weights start at plus this, the others at minus this: the larger, the slower a weight changes sides.",
    step: 0.1,
    advanced: true,
  }),
  learningRate: z
    .enum(["relative", "official"])
    .default("relative")
    .meta({
      label: "Learning rate is",
      help: "Relative to the size of the first gradient, so that one value suits every model; or the official code's number, times the sum over its batches.",
      options: { relative: "relative to the first gradient", official: "as in the official code" },
      advanced: true,
    }),
  rate: z.number().min(0).max(1e12).default(0.25).meta({
    label: "Learning rate",
    help: "Relative: how far logits move in the first epoch, root mean square. Official: 10⁷ in the paper.",
    step: 0.05,
  }),
  batch: z.int().min(1).max(4096).default(128).meta({
    label: "Batch",
    help: "Official learning rate only: the gradient is the sum of so many means.",
    advanced: true,
  }),
  regulariser: z
    .enum(["paper", "official"])
    .default("paper")
    .meta({
      label: "Regulariser",
      help: "The paper pushes every logit down (a sparser mask); the official code pushes each to its own side (a more decided mask).",
      options: { paper: "paper: sparser", official: "official code: more decided" },
      advanced: true,
    }),
  strength: z.number().min(0).max(100).default(0).meta({
    label: "Regulariser's strength",
    help: "Logits move by this times σ(S)(1 − σ(S)) in every epoch, whatever the learning rate.",
    step: 0.05,
    advanced: true,
  }),
  limit: z.number().min(0).max(1).default(0.05).meta({
    label: "Largest density",
    help: "A mask that has grown beyond this share keeps its strongest logits. 1 sets no limit.",
    step: 0.001,
  }),
  patience: z.int().min(0).max(200).default(3).meta({
    label: "Stop after",
    help: "Epochs without a better grafted score on validation before training ends. 0 never ends early.",
    advanced: true,
  }),
});
export type LocaliseSpec = z.infer<typeof localiseSpec>;

/** Where the method comes from, and where this form of it departs. */
export const localiseSource: Source = {
  paper: "arXiv:2408.13656",
  section: "3",
  code: "github.com/yifei-he/Localize-and-Stitch",
  deviations: [
    "The learning rate is relative to the root mean square of the first epoch's gradient, and the loss is a mean over examples; the official code's 10⁷ times a sum over batches is a variant.",
    "It starts at 4 % of the weights with logits of ±5; the official code at .001 %, too few steps away for ten epochs of a small network.",
    "The start takes exactly k weights; the official code takes those above the k-th largest.",
    "A mask may not grow beyond a largest density: its strongest logits stay. The official code sets no limit.",
    "The mask of the epoch with the best grafted score on validation is kept, and training ends when it no longer improves; the official code takes the last.",
  ],
};
