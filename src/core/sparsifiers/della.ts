/** DELLA: drop at random, but the small entries of a row more likely than the large ones. */
import { z } from "zod";
import { coin, coinKey, coinLimit } from "../random.ts";
import type { Kernels } from "../tensor/kernels.ts";
import { normMatch } from "./keep.ts";
import { entriesOf, HELD_ENTRIES } from "./pool.ts";
import { defineSparsifier } from "./sparsifier.ts";

const params = z.object({
  density: z.number().min(0).max(1).default(0.5).meta({
    label: "Density",
    help: "Chance to be kept, on average over a row.",
    step: 0.01,
    mergekit: "density",
  }),
  epsilon: z.number().min(0).max(0.5).default(0.15).meta({
    label: "Spread",
    help: "How far the chance of a row's smallest and largest entry lie from the density. It is made smaller where a chance would leave 0…1.",
    step: 0.01,
    mergekit: "epsilon",
  }),
  rescale: z
    .enum(["chance", "l1", "none"])
    .default("chance")
    .meta({
      label: "Rescale",
      help: "How survivors are enlarged: each by 1 / its own chance as in the official code, or all until the sum of magnitudes is what it was, as mergekit does.",
      options: { chance: "1 / own chance", l1: "same sum of |τ|", none: "not at all" },
    }),
});

/** Rows longer than 16-bit ranks are cut into pieces of this many entries. */
const LONGEST_ROW = 65_536;

export const della = defineSparsifier<z.infer<typeof params>, ReadonlyMap<string, Uint16Array>>({
  id: "della",
  label: "DELLA",
  summary: "Drops entries by a coin toss whose odds favour the larger entries of each row.",
  formula: String.raw`p_j = (d - \epsilon) + \frac{\operatorname{rank}|\tau_j|}{m - 1}\,2\epsilon, \qquad \hat\tau_j = \frac{b_j\,\tau_j}{p_j}, \quad b_j \sim \operatorname{Bernoulli}(p_j)`,
  source: {
    paper: "arXiv:2406.11617",
    code: "github.com/declare-lab/della",
    deviations: [
      "A row is the last dimension; a vector is one row, and rows of more than 65,536 entries are ranked in pieces.",
      "Of equal magnitudes the lower index ranks higher; a row of one entry is kept with the density itself.",
      "mergekit rescales to the same sum of magnitudes (Rescale: same sum of |τ|) and refuses spreads that leave 0…1; here they are made smaller.",
    ],
  },
  edges: ["A tensor of one entry is tossed for like any other, so it may be dropped."],
  params,
  revision: 1,
  usesSeed: true,

  prepare: {
    reads: [],
    needed: () => true,
    async run({ tensors, delta }, _params, kernels, context) {
      const ranks = new Map<string, Uint16Array>();
      // A model too large to hold is ranked again at every tensor: slower, and the same numbers.
      if (entriesOf(tensors) > HELD_ENTRIES) return ranks;
      for (const { name, shape } of tensors) {
        context.signal.throwIfAborted();
        await context.breathe();
        ranks.set(name, ranksOf(await delta(name), shape, kernels));
      }
      return ranks;
    },
  },

  apply(delta, site, params, state, kernels) {
    const density = site.density ?? params.density;
    const epsilon = Math.max(0, Math.min(params.epsilon, density, 1 - density));
    const { name, shape } = site.tensor;
    const ranks = state?.get(name) ?? ranksOf(delta, shape, kernels);
    const key = coinKey(site.seed, site.expert, name);
    const before = params.rescale === "l1" ? kernels.norms(delta) : undefined;
    let kept = 0;
    for (const [begin, end] of rowsOf(delta.length, shape)) {
      const step = end - begin > 1 ? (2 * epsilon) / (end - begin - 1) : 0;
      const lowest = end - begin > 1 ? density - epsilon : density;
      for (let i = begin; i < end; i++) {
        const chance = lowest + ranks[i] * step;
        if (coin(key, i) >= coinLimit(chance)) delta[i] = 0;
        else {
          kept++;
          if (params.rescale === "chance") delta[i] /= chance;
        }
      }
    }
    if (before && kept < delta.length) kernels.scale(delta, normMatch("l1", before, kernels.norms(delta)));
    return { density, kept, by: site.density === undefined ? "param" : "rule" };
  },
});

/** Ranks of |τ| within its rows, ascending; what no density or spread changes. */
function ranksOf(delta: Float32Array, shape: readonly number[], kernels: Kernels): Uint16Array {
  const columns = shape.at(-1) ?? 1;
  if (columns > 0 && columns <= LONGEST_ROW) return kernels.ranks(delta, columns);
  const ranks = new Uint16Array(delta.length);
  for (const [begin, end] of rowsOf(delta.length, shape)) {
    ranks.set(kernels.ranks(delta.subarray(begin, end), end - begin), begin);
  }
  return ranks;
}

/** Beginnings and ends of what is ranked together: rows of the last dimension, in pieces where they are too long. */
function* rowsOf(n: number, shape: readonly number[]): Generator<readonly [number, number]> {
  const columns = shape.at(-1) ?? 1;
  for (let row = 0; row < n; row += columns) {
    for (let begin = row; begin < row + columns; begin += LONGEST_ROW) {
      yield [begin, Math.min(begin + LONGEST_ROW, row + columns)];
    }
  }
}
