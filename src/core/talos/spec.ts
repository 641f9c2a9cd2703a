/** Options of TaLoS's calibration: validator, defaults and form at once. */
import { z } from "zod";
import type { Source } from "../described.ts";
import { expectationOptions } from "../statistics/squares.ts";

export const talosSpec = z.object({
  density: z.number().min(0).max(1).default(0.1).meta({
    label: "Density",
    help: "Share of the maskable weights that fine-tuning may change.",
    step: 0.01,
  }),
  choose: z
    .enum(["least", "most", "random", "magnitude"])
    .default("least")
    .meta({
      label: "Choose",
      help: "TaLoS changes the weights that the base's answers depend on least. The others are controls.",
      options: {
        least: "the least sensitive (TaLoS)",
        most: "the most sensitive",
        random: "at random",
        magnitude: "the smallest by magnitude",
      },
    }),
  examples: z.int().min(1).max(65_536).default(512).meta({
    label: "Examples",
    help: "The first so many of the task's validation examples; their labels are not read.",
    step: 64,
  }),
  rounds: z.int().min(1).max(16).default(4).meta({
    label: "Rounds",
    help: "Each measures anew and keeps density^(round ÷ rounds).",
  }),
  unchosen: z.number().min(0).max(1).default(0.1).meta({
    label: "Unchosen weights count",
    help: "What weights that lost in an earlier round are multiplied by while the next is measured.",
    step: 0.05,
    advanced: true,
  }),
  derivative: z
    .enum(["log-probability", "logit"])
    .default("log-probability")
    .meta({
      label: "Derivative of",
      help: "The paper's Fisher information is of the log-probability; the official vision code takes the raw logit.",
      options: { "log-probability": "the log-probability", logit: "the raw logit" },
      advanced: true,
    }),
  ...expectationOptions,
  count: z
    .enum(["exact", "official"])
    .default("exact")
    .meta({
      label: "Count",
      help: "The official code chooses every weight that ties with the last one.",
      options: { exact: "exactly k", official: "k and all ties" },
      advanced: true,
    }),
  biases: z.boolean().default(false).meta({
    label: "Biases too",
    help: "Whether the biases of layers may change. Those of normalisation always may.",
    advanced: true,
  }),
  seed: z.int().min(0).max(0xffff_ffff).default(0).meta({
    label: "Seed",
    help: "Of drawn labels and of the random choice.",
    advanced: true,
  }),
});
export type TalosSpec = z.infer<typeof talosSpec>;

/** Where the method comes from, and where this form of it departs. */
export const talosSource: Source = {
  paper: "arXiv:2504.02620",
  section: "4",
  code: "github.com/iurada/talos-task-arithmetic",
  deviations: [
    "Up to ten classes the expectation over labels is exact; the official code draws one label per example.",
    "The log-probability is differentiated as in the paper; the official vision code takes the raw logit.",
    "Exactly k weights are chosen, ties at the lower position; the official code keeps all ties.",
    "Tensors that no example's gradient reaches are left out; the official code would choose them first.",
  ],
};
