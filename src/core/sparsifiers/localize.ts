/**
 * Localize: keep the small region of a task vector that carries its task. Step 1 of Localize-and-Stitch.
 *
 * Without data the region is where fine-tuning moved most; with data it is a mask that was trained beforehand. Chosen at
 * random it is the control that both must beat.
 */
import { z } from "zod";
import { roleOf } from "../model/roles.ts";
import { coinKey } from "../random.ts";
import type { Cut } from "../tensor/kernels.ts";
import { keepLargest, keptCount, maskWith } from "./keep.ts";
import { cutTogether, entriesOf } from "./pool.ts";
import { defineSparsifier } from "./sparsifier.ts";

const params = z.object({
  masks: z
    .enum(["dataless", "trained", "random"])
    .default("dataless")
    .meta({
      label: "Region",
      help: "Where fine-tuning moved most, in the whole model; a mask that was trained on a few examples of the task; or entries drawn at random, as a control.",
      options: { dataless: "largest changes", trained: "trained mask", random: "random (control)" },
    }),
  density: z.number().min(0).max(1).default(0.05).meta({
    label: "Density",
    help: "Share of the model that a region takes. A trained mask brings its own.",
    step: 0.005,
  }),
  embeddings: z
    .enum(["included", "base"])
    .default("included")
    .meta({
      label: "Embeddings",
      help: "Whether regions may reach into embeddings of tokens, patches and positions. The official code leaves them at base.",
      options: { included: "may be chosen", base: "stay at base" },
      advanced: true,
    }),
  count: z
    .enum(["exact", "official"])
    .default("exact")
    .meta({
      label: "Count",
      help: "The official code takes what lies strictly above the k-th largest change, so neither that entry nor its ties.",
      options: { exact: "exactly k", official: "above the k-th" },
      advanced: true,
    }),
});

type Params = z.infer<typeof params>;
type Cuts = ReadonlyMap<string, Cut>;

export const localize = defineSparsifier<Params, Cuts>({
  id: "localize",
  label: "Localize",
  summary: "Keeps the small region of each task vector that carries its task, and nothing else.",
  formula: String.raw`\hat\tau = \gamma \odot \tau, \qquad \gamma_j = \begin{cases}1 & |\tau_j| \text{ among the } \lfloor s\,d \rfloor \text{ largest of the model}\\ 0 & \text{otherwise}\end{cases}`,
  source: {
    paper: "arXiv:2408.13656",
    section: "3, localization",
    code: "github.com/yifei-he/Localize-and-Stitch",
    deviations: [
      "Without data exactly ⌊density · n⌋ entries of all included tensors together are kept, ties at the lower position; the official code keeps those strictly above the last (Count: above the k-th).",
      "All floating tensors are included; the official code leaves embeddings and positions at base (Embeddings: stay at base).",
      "The density starts at .05, the official value for language models; the official script for vision means .1.",
      "A tensor whose density a rule sets leaves the pool and keeps its largest changes, whatever the region.",
      "The random region tosses a coin for each entry, so its density is met on average.",
    ],
  },
  edges: [
    "A tensor of one entry competes with the whole model, and stays at the base unless it is among the largest.",
  ],
  params,
  revision: 1,
  usesSeed: true,
  needs: ({ masks }) => (masks === "trained" ? "mask" : undefined),

  prepare: {
    reads: ["masks", "density", "embeddings", "count"],
    needed: ({ masks }) => masks === "dataless",
    async run(vector, { density, embeddings, count }, kernels, context) {
      const included = vector.tensors.filter((tensor) => !isLeftOut(tensor, embeddings));
      const k = Math.floor(density * entriesOf(included));
      const cuts = await cutTogether(included, vector.delta, k, kernels, context);
      const tied = count === "exact" ? cuts : cuts.map((cut) => ({ ...cut, tieEnd: 0 }));
      return new Map(included.map(({ name }, i) => [name, tied[i]]));
    },
  },

  apply(delta, site, { masks, density, embeddings }, cuts, kernels) {
    const { tensor, evidence, expert, seed } = site;
    if (site.density !== undefined) {
      const k = keptCount(site.density, delta.length);
      return { density: site.density, by: "rule", ...keepLargest(delta, k, kernels) };
    }
    const region = masks === "trained" ? evidence : undefined;
    if (isLeftOut(tensor, embeddings) || (masks === "trained" && !region)) {
      delta.fill(0);
      return { density: 0, kept: 0, by: "exempt" };
    }
    if (region) {
      const kept = maskWith(delta, region);
      return { density: kept / Math.max(1, delta.length), kept, by: "evidence" };
    }
    if (masks === "random") {
      const key = coinKey(seed, `${expert}/region`, tensor.name); // not DARE's coins: both may be in one chain
      return { density, kept: kernels.drop(delta, delta, key, density, 1), by: "param" };
    }
    const cut = cuts?.get(tensor.name);
    if (!cut) throw new Error(`localize: ${tensor.name} was not in the pool`);
    const kept = kernels.trim(delta, delta, cut);
    return { density, kept, by: "pool", ...(Number.isFinite(cut.threshold) && { threshold: cut.threshold }) };
  },
});

function isLeftOut(tensor: Parameters<typeof roleOf>[0], embeddings: Params["embeddings"]): boolean {
  return embeddings === "base" && roleOf(tensor) === "embedding";
}
