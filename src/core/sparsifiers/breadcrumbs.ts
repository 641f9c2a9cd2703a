/** Breadcrumbs: drop the outliers at the top as well as the small change at the bottom. */
import { z } from "zod";
import { keptCount } from "./keep.ts";
import { defineSparsifier } from "./sparsifier.ts";

const params = z.object({
  density: z.number().min(0).max(1).default(0.9).meta({
    label: "Density",
    help: "Share of each tensor that is kept.",
    step: 0.01,
    mergekit: "density",
  }),
  gamma: z.number().min(0).max(0.5).default(0.01).meta({
    label: "Outliers",
    help: "Share of each tensor, the largest magnitudes, that is dropped. Where density + outliers exceed 1, fewer outliers are dropped, so that the density holds.",
    step: 0.005,
    mergekit: "gamma",
  }),
  small: z
    .enum(["keep", "drop"])
    .default("keep")
    .meta({
      label: "Too small for an outlier",
      help: "What becomes of a tensor of which the share of outliers is less than one entry: it keeps its density, or is dropped whole, as in mergekit.",
      options: { keep: "keeps its density", drop: "is dropped (mergekit)" },
      advanced: true,
    }),
});

export const breadcrumbs = defineSparsifier<z.infer<typeof params>>({
  id: "breadcrumbs",
  label: "Breadcrumbs",
  summary: "Drops the largest and the smallest entries of each tensor and keeps what lies between.",
  formula: String.raw`\hat\tau_j = \tau_j \cdot \big[\,\gamma n \le \operatorname{rank}_{\downarrow}|\tau_j| < (\gamma + d)\,n\,\big]`,
  source: {
    paper: "arXiv:2312.06795",
    code: "github.com/rezazzr/breadcrumbs",
    deviations: [
      "Counts are exact, ties keep the lower index; with a single entry the tensor is kept.",
      "mergekit drops the whole tensor where no entry is an outlier, as in all with fewer than 1 / γ entries; here only on demand (Too small for an outlier).",
    ],
  },
  edges: [
    "Of equal magnitudes the lower positions count as the larger, so they are the outliers.",
    "A tensor of one entry is kept at density 0 too.",
  ],
  params,
  revision: 1,

  apply(delta, site, params, _state, kernels) {
    const density = site.density ?? params.density;
    const n = delta.length;
    const k = keptCount(density, n);
    const top = n <= 1 ? 0 : Math.min(Math.floor(params.gamma * n), n - k);
    const by = site.density === undefined ? "param" : "rule";
    if (params.small === "drop" && density < 1 && top === 0) {
      delta.fill(0);
      return { density, kept: 0, by };
    }
    if (k === n) return { density, kept: n, by };
    const digits = site.digits?.();
    const outliers = kernels.select(delta, top, digits);
    const cut = kernels.select(delta, top + k, digits);
    const kept = delta.slice();
    kernels.trim(kept, delta, cut);
    if (top > 0) {
      const largest = delta.slice();
      kernels.trim(largest, delta, outliers);
      kernels.delta(kept, kept, largest);
    }
    delta.set(kept);
    return { density, kept: k, by, ...(k > 0 && { threshold: cut.threshold }) };
  },
});
