/** Magnitude: keep the largest entries of a task vector. Step 1 ("trim") of TIES. */
import { z } from "zod";
import type { Cut, Kernels } from "../tensor/kernels.ts";
import { sizeOf } from "../tensor/tensor.ts";
import { keptCount } from "./keep.ts";
import { cutTogether, entriesOf } from "./pool.ts";
import { defineSparsifier } from "./sparsifier.ts";

const params = z.object({
  density: z.number().min(0).max(1).default(0.2).meta({
    label: "Density",
    help: "Share of entries that is kept: the largest ones.",
    step: 0.01,
    mergekit: "density",
  }),
  scope: z
    .enum(["tensor", "model"])
    .default("tensor")
    .meta({
      label: "Rank within",
      help: "Each tensor keeps the same share, or all tensors compete for one share of the whole model.",
      options: { tensor: "each tensor", model: "the whole model" },
    }),
  count: z
    .enum(["exact", "official"])
    .default("exact")
    .meta({
      label: "Count",
      help: "The official code of TIES keeps one entry more, and every entry tied with the last one.",
      options: { exact: "exactly k", official: "k + 1 and all ties" },
      advanced: true,
    }),
});

type Params = z.infer<typeof params>;
type Cuts = ReadonlyMap<string, Cut>;

export const magnitude = defineSparsifier<Params, Cuts>({
  id: "magnitude",
  label: "Magnitude",
  summary: "Keeps the entries that fine-tuning changed most and forgets the rest.",
  formula: String.raw`\hat\tau_j = \begin{cases}\tau_j & |\tau_j| \text{ among the } \lfloor d\,n \rfloor \text{ largest}\\ 0 & \text{otherwise}\end{cases}`,
  source: {
    paper: "arXiv:2306.01708",
    section: "3, step 1 (trim)",
    code: "github.com/prateeky2806/ties-merging",
    deviations: [
      "Exactly ⌊density · n⌋ entries are kept, ties at the lower position; the official code keeps one more and all ties (Count: k + 1 and all ties).",
      "A tensor with one entry is always kept when it is ranked alone; mergekit stops there with an error.",
      "In the whole-model scope, tensors whose density a rule sets are ranked alone and leave the pool.",
    ],
  },
  edges: ["Of the whole model, a tensor of one entry competes like any other."],
  params,
  revision: 1,

  prepare: {
    reads: ["density", "scope", "count"],
    needed: ({ scope }) => scope === "model",
    async run(vector, { density, count }, kernels, context) {
      const { tensors, delta } = vector;
      const k = wantedCount(density, count, entriesOf(tensors));
      const cuts = await cutTogether(tensors, delta, k, kernels, context);
      return new Map(
        tensors.map(({ name, shape }, i) => [name, withTies(cuts[i], count, sizeOf(shape))] as const),
      );
    },
  },

  apply(delta, site, { density, scope, count }, cuts, kernels) {
    if (site.density === undefined && scope === "model") {
      const cut = cuts?.get(site.tensor.name);
      if (!cut) throw new Error(`magnitude: ${site.tensor.name} was not in the pool`);
      return { density, by: "pool", ...applyCut(delta, cut, kernels) };
    }
    const aim = site.density ?? density;
    const k = wantedCount(aim, count, delta.length);
    const cut = withTies(kernels.select(delta, k, site.digits?.()), count, delta.length);
    return {
      density: aim,
      by: site.density === undefined ? "param" : "rule",
      ...applyCut(delta, cut, kernels),
    };
  },
});

/** The official count is `|τ| ≥ kthvalue(n − int(d · n))`: the (int(d · n) + 1)-th largest and its ties. */
function wantedCount(density: number, count: Params["count"], n: number): number {
  return count === "exact" ? keptCount(density, n) : Math.min(n, Math.floor(density * n) + 1);
}

/** The cut with all its ties where the official count is wanted. */
function withTies(cut: Cut, count: Params["count"], n: number): Cut {
  return count === "exact" ? cut : { ...cut, tieEnd: n };
}

function applyCut(delta: Float32Array, cut: Cut, kernels: Kernels): { kept: number; threshold?: number } {
  const kept = kernels.trim(delta, delta, cut);
  return Number.isFinite(cut.threshold) ? { kept, threshold: cut.threshold } : { kept };
}
