/** TADrop: a drop rate for each tensor of each expert, read from the distribution of its magnitudes. */
import { z } from "zod";
import type { Digits, Kernels } from "../tensor/kernels.ts";
import { sizeOf } from "../tensor/tensor.ts";
import { matchBudget } from "./budget.ts";
import { keepLargest, keptCount, normMatch } from "./keep.ts";
import { defineSparsifier, type VectorView } from "./sparsifier.ts";

const params = z.object({
  sMax: z.number().min(0).max(1).default(0.95).meta({
    label: "Drop at most",
    help: "Upper limit of the drop rate; also used where all entries are zero.",
    step: 0.01,
  }),
  budget: z.boolean().default(false).meta({
    label: "Match a budget",
    help: "Multiplies all drop rates of an expert by one factor, so that it keeps the target share: a fair comparison with one rate for all tensors.",
  }),
  target: z.number().min(0).max(1).default(0.2).meta({
    label: "Target density",
    help: "Share that each expert keeps over all tensors that take part, as close as whole entries allow. Used with the budget only.",
    step: 0.01,
  }),
  rescale: z
    .enum(["none", "l1", "l2", "inv"])
    .default("none")
    .meta({
      label: "Rescale",
      help: "How the kept entries are enlarged: not at all, to the L1 or L2 norm of the whole tensor, or by 1 / realised density.",
      options: { none: "not at all", l1: "same L1 norm", l2: "same L2 norm", inv: "1 / realised density" },
      advanced: true,
    }),
  pLo: z.number().min(0).max(1).default(0.5).meta({
    label: "Lower quantile",
    help: "Level of the quantile of |τ| that stands for an ordinary entry.",
    step: 0.01,
    advanced: true,
  }),
  pHi: z.number().min(0).max(1).default(0.99).meta({
    label: "Upper quantile",
    help: "Level of the quantile of |τ| that stands for a large entry.",
    step: 0.01,
    advanced: true,
  }),
  sMin: z.number().min(0).max(1).default(0).meta({
    label: "Drop at least",
    help: "Lower limit of the drop rate.",
    step: 0.01,
    advanced: true,
  }),
  minSize: z.int().min(0).max(4096).default(64).meta({
    label: "Smallest tensor",
    help: "Tensors with fewer entries are kept whole: quantiles of a few numbers are noise.",
    step: 1,
    advanced: true,
  }),
});

type Params = z.infer<typeof params>;
/** Drop rates after the budget's factor, by tensor name. */
type Rates = ReadonlyMap<string, number>;

export const tadrop = defineSparsifier<Params, Rates>({
  id: "tadrop",
  label: "TADrop (reconstruction)",
  summary: "Drops more where a tensor's changes are all alike and less where a few stand out.",
  formula: String.raw`s = \operatorname{clip}\!\left(\frac{Q_{p_\text{lo}}(|\tau|)}{Q_{p_\text{hi}}(|\tau|)},\, s_\text{min},\, s_\text{max}\right), \quad \text{keep the } n - \lfloor s\,n \rfloor \text{ largest } |\tau_j|`,
  source: {
    paper: "arXiv:2508.06163",
    deviations: [
      "Reconstruction: the paper's exact formula is not public. This is the simplest rule with its properties: one rate per tensor and task vector, from quantiles, denser means dropped more.",
      "Quantile levels, limits, the exemption of small tensors and the absence of rescaling are choices made here.",
      "Norms and biases are not exempt by kind; a rule with density 1 keeps them whole.",
    ],
  },
  edges: [
    "A tensor of zeros has no ratio: its rate is the upper limit, and it stays zero.",
    "Equal magnitudes make the ratio 1: the upper limit is dropped, and the lower positions stay.",
  ],
  params,
  revision: 1,

  prepare: {
    reads: ["sMax", "budget", "target", "pLo", "pHi", "sMin", "minSize"],
    needed: ({ budget }) => budget,
    async run(vector, params, kernels, context) {
      const taking = participants(vector, params);
      const shares = [];
      for (const { name, n } of taking) {
        context.signal.throwIfAborted();
        await context.breathe();
        shares.push({
          n,
          rate: dropRate(await vector.delta(name), params, kernels, await vector.digits?.(name)),
        });
      }
      const { rates } = matchBudget(shares, params.target, params.sMin, params.sMax);
      return new Map(taking.map(({ name }, i) => [name, rates[i]]));
    },
  },

  apply(delta, site, params, rates, kernels) {
    const n = delta.length;
    const digits = site.digits?.();
    if (site.density !== undefined) {
      const cut = cutAndRescale(delta, keptCount(site.density, n), params.rescale, kernels, digits);
      return { density: site.density, by: "rule", ...cut };
    }
    if (isExempt(n, params)) return { density: 1, kept: n, by: "exempt" };
    const rate = rates?.get(site.tensor.name) ?? dropRate(delta, params, kernels, digits);
    const cut = cutAndRescale(delta, n - Math.floor(rate * n), params.rescale, kernels, digits);
    return { density: 1 - rate, by: "formula", ...cut };
  },
});

/** The drop rate of one tensor, 0…1: large when the median is near the top (all alike), small when few entries stand out. */
function dropRate(
  delta: Float32Array,
  { pLo, pHi, sMin, sMax }: Params,
  kernels: Kernels,
  digits?: Digits,
): number {
  const [low, high] = kernels.quantiles(delta, [pLo, pHi], digits);
  return high === 0 ? sMax : Math.max(sMin, Math.min(low / high, sMax));
}

function isExempt(n: number, { minSize }: Params): boolean {
  return n < Math.max(minSize, 2);
}

/** The tensors whose rates the budget may change: not exempt, not locked. */
function participants(vector: VectorView, params: Params): { name: string; n: number }[] {
  return vector.tensors
    .map(({ name, shape }) => ({ name, n: sizeOf(shape) }))
    .filter(({ name, n }) => !isExempt(n, params) && !vector.locked?.has(name));
}

function cutAndRescale(
  delta: Float32Array,
  k: number,
  mode: Params["rescale"],
  kernels: Kernels,
  digits: Digits | undefined,
): { kept: number; threshold?: number } {
  const before = mode === "l1" || mode === "l2" ? kernels.norms(delta) : undefined;
  const result = keepLargest(delta, k, kernels, digits);
  if (k === delta.length || k === 0) return result;
  if (before && mode !== "inv" && mode !== "none") {
    kernels.scale(delta, normMatch(mode, before, kernels.norms(delta)));
  } else if (mode === "inv") {
    kernels.scale(delta, delta.length / k);
  }
  return result;
}
