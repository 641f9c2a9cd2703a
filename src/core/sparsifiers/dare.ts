/** DARE: drop entries at random and rescale the survivors. */
import { z } from "zod";
import { coinKey } from "../random.ts";
import { normMatch } from "./keep.ts";
import { defineSparsifier } from "./sparsifier.ts";

const params = z.object({
  density: z.number().min(0).max(1).default(0.1).meta({
    label: "Density",
    help: "Chance of each entry to be kept. The paper's drop rate p is 1 − density.",
    step: 0.01,
    mergekit: "density",
  }),
  rescale: z
    .enum(["density", "l1", "none"])
    .default("density")
    .meta({
      label: "Rescale",
      help: "How survivors are enlarged so that the task vector keeps its size: by 1 / density as in the paper, or until the sum of magnitudes is what it was, as mergekit does.",
      options: { density: "1 / density", l1: "same sum of |τ|", none: "not at all" },
    }),
});

export const dare = defineSparsifier<z.infer<typeof params>>({
  id: "dare",
  label: "DARE",
  summary: "Drops entries by a coin toss and enlarges the survivors to make up for it.",
  formula: String.raw`\hat\tau_j = \frac{m_j\,\tau_j}{1-p}, \qquad m_j \sim \operatorname{Bernoulli}(1-p)`,
  source: {
    paper: "arXiv:2311.03099",
    code: "github.com/yule-BUAA/MergeLM",
    deviations: [
      "The coin is a function of seed, expert, tensor name and position, so that order, workers and stop steps change no mask.",
      "mergekit rescales to the same sum of magnitudes instead of by 1 / density (Rescale: same sum of |τ|).",
    ],
  },
  edges: [
    "A tensor of one entry is tossed for like any other, so it may be dropped.",
    "Where nothing is kept, nothing is enlarged.",
  ],
  params,
  revision: 1,
  usesSeed: true,

  apply(delta, site, params, _state, kernels) {
    const density = site.density ?? params.density;
    const key = coinKey(site.seed, site.expert, site.tensor.name);
    const before = params.rescale === "l1" ? kernels.norms(delta) : undefined;
    const scale = params.rescale === "density" && density > 0 ? 1 / density : 1;
    const kept = kernels.drop(delta, delta, key, density, scale);
    if (before && kept < delta.length) {
      kernels.scale(delta, normMatch("l1", before, kernels.norms(delta)));
    }
    return { density, kept, by: site.density === undefined ? "param" : "rule" };
  },
});
