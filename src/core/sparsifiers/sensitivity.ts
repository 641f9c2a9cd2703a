/** Sensitivity: mask a dense task vector by how much the base's outputs feel each weight. Not TaLoS, but near it. */
import { z } from "zod";
import { bitsOf } from "../tensor/bits.ts";
import type { Cut, Kernels } from "../tensor/kernels.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import { keepLargest, keptCount, maskWith } from "./keep.ts";
import { cutTogether, entriesOf } from "./pool.ts";
import { defineSparsifier } from "./sparsifier.ts";

const params = z.object({
  density: z.number().min(0).max(1).default(0.1).meta({
    label: "Density",
    help: "Share of entries that is kept.",
    step: 0.01,
  }),
  keep: z
    .enum(["least", "most"])
    .default("least")
    .meta({
      label: "Keep",
      help: "The weights that the base's outputs for this task feel least, as TaLoS trains them, or most.",
      options: { least: "the least sensitive", most: "the most sensitive" },
    }),
  scope: z
    .enum(["model", "tensor"])
    .default("model")
    .meta({
      label: "Rank within",
      help: "All tensors compete for one share of the whole model, or each keeps the same share.",
      options: { model: "the whole model", tensor: "each tensor" },
    }),
});

type Params = z.infer<typeof params>;
type Cuts = ReadonlyMap<string, Cut>;

export const sensitivity = defineSparsifier<Params, Cuts>({
  id: "sensitivity",
  label: "Sensitivity mask (not TaLoS)",
  summary: "Keeps the entries that the base's outputs feel least, measured on the task's data.",
  formula: String.raw`\hat\tau_j = \begin{cases}\tau_j & F_j \text{ among the } \lfloor d\,n \rfloor \text{ smallest}\\ 0 & \text{otherwise}\end{cases}, \qquad F_j = \mathbb{E}\big[(\partial g_y(x;\theta_0)/\partial\theta_j)^2\big]`,
  source: {
    paper: "arXiv:2504.02620",
    section: "3, the scores only",
    code: "github.com/iurada/talos-task-arithmetic",
    deviations: [
      "Not TaLoS: that is a way of fine-tuning, in which only the chosen weights are ever trained. This masks a task vector that was trained densely.",
      "Exactly ⌊density · n⌋ entries are kept, ties at the lower position; the official code keeps all ties.",
      "Tensors without scores stay at base, as TaLoS freezes them.",
    ],
  },
  edges: [
    "Ranked alone, a tensor of one entry is kept at density 0 too; of the whole model it competes like any other.",
  ],
  params,
  revision: 1,
  needs: () => "sensitivity",

  prepare: {
    reads: ["density", "keep", "scope"],
    needed: ({ scope }) => scope === "model",
    async run(vector, { density, keep }, kernels, context) {
      const scored: TensorSpec[] = [];
      for (const tensor of vector.tensors) if (await vector.evidence(tensor.name)) scored.push(tensor);
      const ranks = async (name: string) =>
        rankedBy((await vector.evidence(name)) ?? new Float32Array(), keep, kernels);
      const k = Math.floor(density * entriesOf(scored));
      const cuts = await cutTogether(scored, ranks, k, kernels, context);
      return new Map(scored.map(({ name }, i) => [name, cuts[i]]));
    },
  },

  apply(delta, site, { density, keep, scope }, cuts, kernels) {
    const n = delta.length;
    const scores = site.evidence;
    const aim = site.density ?? density;
    const by = site.density === undefined ? "param" : "rule";
    if (!scores) {
      if (by === "rule") return { density: aim, by, ...keepLargest(delta, keptCount(aim, n), kernels) };
      delta.fill(0);
      return { density: 0, kept: 0, by: "exempt" };
    }
    const ranks = rankedBy(scores, keep, kernels);
    if (by === "param" && scope === "model") {
      const cut = cuts?.get(site.tensor.name);
      if (!cut) throw new Error(`sensitivity: ${site.tensor.name} was not in the pool`);
      return { density, kept: maskWith(delta, ranks, cut), by: "pool" };
    }
    const cut = kernels.select(ranks, keptCount(aim, n));
    return { density: aim, kept: maskWith(delta, ranks, cut), by };
  },
});

/** The largest finite f32. */
const LARGEST_BITS = 0x7f7f_ffff;

/** Numbers whose largest magnitudes are wanted: the scores (≥ 0), or their bits counted down, which turns their order around. */
function rankedBy(scores: Float32Array, keep: Params["keep"], kernels: Kernels): Float32Array {
  if (keep === "most") return scores;
  const ranks = kernels.alloc(scores.length);
  const to = bitsOf(ranks);
  const from = bitsOf(scores);
  for (let i = 0; i < to.length; i++) to[i] = LARGEST_BITS - from[i];
  return ranks;
}
