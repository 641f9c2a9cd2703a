/**
 * DOGE TA: task arithmetic plus one modification per layer, optimised without data so that no task is pulled off its own
 * direction, and kept out of the subspace that the tasks share.
 *
 * The optimisation is a pass over the matrices (prepare); λ and the share kept are cheap after it.
 */
import { z } from "zod";
import type { Context } from "../context.ts";
import { layerOf, layerShape, type Matrix } from "../doge/layers.ts";
import { type DogeOptions, openDoge } from "../doge/run.ts";
import { lambdasOf } from "../doge/strengths.ts";
import { sharedRank } from "../doge/subspace.ts";
import type { Params as RecipeParams } from "../recipe/schema.ts";
import { keptCount, maskWith } from "../sparsifiers/keep.ts";
import type { Cut, Kernels } from "../tensor/kernels.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import { defineMethod, type PassMade } from "./method.ts";

const params = z.object({
  eta: z.number().min(0).max(2).default(0.3).meta({
    label: "η",
    help: "Length that every expert's change of a layer is brought to: times the median length, or as it is.",
    step: 0.01,
  }),
  scale: z
    .enum(["median", "absolute"])
    .default("median")
    .meta({
      label: "η is in units of",
      help: "The median length of the experts' changes, so that η .3 acts like λ .3 on any model; or plain numbers as in the paper, where .07 suits CLIP.",
      options: { median: "the median ‖τ‖ of a layer", absolute: "1 (paper)" },
    }),
  lambdas: z
    .enum(["layer", "task", "uniform"])
    .default("layer")
    .meta({
      label: "Strength",
      help: "Each expert's change of each layer gets the same length, or each expert's change of the whole model, or all are scaled alike.",
      options: { layer: "same per layer", task: "same per task", uniform: "one for all" },
    }),
  projection: z
    .enum(["complement", "inside", "none"])
    .default("complement")
    .meta({
      label: "Modification stays",
      help: "Where the modification may move: outside the subspace that the tasks share, as in the official code, only inside it, or anywhere.",
      options: { complement: "outside the shared subspace", inside: "inside it", none: "free" },
    }),
  modification: z
    .enum(["shared", "expert"])
    .default("shared")
    .meta({
      label: "Modifications",
      help: "One that all experts share (DOGE TA), or one for each, with a shared subspace of 1 / experts of a layer's directions (DOGE AM).",
      options: { shared: "one, shared", expert: "one per expert" },
    }),
  strengths: z
    .enum(["optimised", "weights"])
    .default("optimised")
    .meta({
      label: "Merged with",
      help: "The strengths of the optimisation, times the experts' weights; or the experts' weights alone, as coefficients that AdaMerging finds (DOGE AM).",
      options: { optimised: "the strengths optimised with", weights: "the experts' weights alone" },
    }),
  subspace: z.int().min(1).max(64).default(6).meta({
    label: "Subspace divisor",
    help: "The shared subspace has 1 / this of a layer's directions, with one shared modification.",
  }),
  steps: z
    .int()
    .min(0)
    .max(2000)
    .default(400)
    .meta({ label: "Steps", help: "Adam steps per layer.", step: 50 }),
  rate: z.number().min(0).max(0.01).default(1e-4).meta({
    label: "Learning rate",
    help: "Of Adam: the modification of an entry grows to about steps × this, whatever the loss.",
    step: 1e-5,
    advanced: true,
  }),
  keep: z.number().min(0).max(1).default(0.3).meta({
    label: "Kept share",
    help: "Share of each expert's entries, the largest over all matrices, at which its change and the modification count.",
    step: 0.01,
  }),
  count: z
    .enum(["exact", "official"])
    .default("exact")
    .meta({
      label: "Count",
      help: "The official code keeps one entry more, and every entry tied with the last one.",
      options: { exact: "exactly k", official: "k + 1 and all ties" },
      advanced: true,
    }),
});

type Params = z.infer<typeof params>;

/** What the optimisation left of one matrix. */
interface Optimised {
  /** One, or one per expert. */
  readonly deltas: readonly Float32Array[];
  readonly lambdas: readonly number[];
  /** The task vectors that it was made for, for the cuts. */
  readonly rows: readonly Float32Array[];
}

/** Cuts of one expert at every matrix, by name. */
type Cuts = ReadonlyMap<string, readonly Cut[]>;

interface State {
  readonly layers: ReadonlyMap<string, Optimised>;
  /** By share kept and count; made when they are first asked for. */
  readonly cuts: Map<string, Cuts>;
}

export const doge = defineMethod<Params, State>({
  id: "doge",
  label: "DOGE",
  summary:
    "Optimises, without data, a change that all experts share and that lies outside what they have in common.",
  formula: String.raw`\theta = \theta_0 + \lambda \sum_i \lambda_i\,(\tau_i + \Delta) \odot M_i, \quad \Delta = \arg\min \sum_j \sum_{\text{rows}} \langle \tau_j,\ \tau_j - \textstyle\sum_i \lambda_i (\tau_i + \Delta) \rangle^2,\quad \nabla \leftarrow (I - QQ^\top)\,\nabla`,
  source: {
    paper: "arXiv:2501.01230",
    section: "3",
    code: "github.com/tanganke/fusion_bench",
    deviations: [
      "η is in units of the median length of the experts' changes by default; the paper's .07 is an absolute length that suits CLIP.",
      "Matrices and kernels of convolutions (as matrices) are merged, embeddings, norms and biases stay at base: the official code goes by names of CLIP's layers.",
      "Exactly the kept share of entries counts; the official code keeps one more and all ties (Count: k + 1 and all ties).",
      "The code takes the shared part out of the gradient, though the text speaks of projecting into it: here both can be chosen.",
      "Layers too small for a shared subspace are optimised freely.",
      "Modifications per expert have gradients that differ by their strengths only, which Adam divides out again: they come out almost equal, as they must in the official code.",
    ],
  },
  space: "delta",
  output: "single",
  lambda: { default: 1, max: 2 },
  params,
  revision: 2,
  reshapes: true,
  holdsAll: true,
  isWeightedSum: ({ strengths }) => strengths === "weights",

  warn(tensors, experts, { projection, modification, subspace }) {
    if (projection === "none" || experts === 0) return [];
    const divisor = modification === "expert" ? experts : subspace;
    const isFree = (spec: TensorSpec) => {
      const shape = layerShape(spec);
      return shape && sharedRank(Math.min(shape.rows, shape.columns), experts, divisor) === 0;
    };
    const free = tensors.filter(isFree);
    if (free.length === 0) return [];
    const side = Math.max(divisor, experts);
    const message = `${free.length} matrices have a side shorter than ${side}, first ${free[0].name}: no room for a shared subspace, so their modification is free.`;
    return [
      { code: "method/too-small", message, details: { tensors: free.length, first: free[0].name, side } },
    ];
  },

  prepare: {
    reads: [
      "eta",
      "scale",
      "lambdas",
      "projection",
      "modification",
      "strengths",
      "subspace",
      "steps",
      "rate",
    ],
    needed: () => true,
    isLong: true,
    async run(tensors, params, kernels, context, made) {
      const matrices: Matrix[] = [];
      for await (const input of tensors) {
        context.signal.throwIfAborted();
        await context.breathe();
        const layer = layerOf(input);
        if (layer) matrices.push(layer);
      }
      const deltas = made ?? (await optimise(matrices, params, kernels, context));
      const strengths = lambdasOf(matrices, params, kernels);
      const layers = new Map(
        matrices.map(({ name, taus }, l) => {
          const found = deltas.get(name);
          if (!found) throw new Error(`nothing was made of ${name}`);
          return [name, { deltas: found, lambdas: strengths[l], rows: taus }];
        }),
      );
      return { layers, cuts: new Map() };
    },
  },

  merge({ tensor, rows, weights, out }, options, state, kernels) {
    const layer = state?.layers.get(tensor.name);
    if (!state || !layer) {
      out[0].fill(-0); // adding −0 keeps every bit of the base, its −0 too
      return;
    }
    const cuts = cutsOf(state, options, kernels).get(tensor.name) ?? [];
    const terms = rows.map((row, k) => {
      const changed = kernels.alloc(row.length);
      kernels.axpy(changed, row, layer.deltas[k] ?? layer.deltas[0], 1);
      maskWith(changed, row, cuts[k]);
      return changed;
    });
    kernels.weightedSum(out[0], terms, options.strengths === "weights" ? weights : layer.lambdas);
  },
});

/** What a recipe's parameters say of the optimisation; those that are not named take their defaults. */
export function dogeOptions(given: RecipeParams): DogeOptions {
  return params.parse(given);
}

/** Steps between two chances to be cancelled. */
const STRIDE = 4;

async function optimise(
  matrices: readonly Matrix[],
  options: DogeOptions & Pick<Params, "steps">,
  kernels: Kernels,
  context: Context,
): Promise<PassMade> {
  const { steps } = options;
  const run = await openDoge(matrices, options, kernels, { ...context, progress() {} });
  while (run.step < steps && matrices.length > 0) {
    await run.advanceTo(Math.min(steps, run.step + STRIDE), context);
    context.progress(run.step, steps);
  }
  return run.deltas();
}

/** Which entries of each expert count, over all matrices together. */
function cutsOf({ layers, cuts }: State, { keep, count }: Params, kernels: Kernels): Cuts {
  const key = `${keep} ${count}`;
  const known = cuts.get(key);
  if (known) return known;
  const all = [...layers.values()];
  const experts = all[0]?.rows.length ?? 0;
  const byExpert = Array.from({ length: experts }, (_, k) => {
    const parts = all.map(({ rows }) => rows[k]);
    const total = parts.reduce((sum, part) => sum + part.length, 0);
    const wanted = keptCount(keep, total);
    if (count === "exact") return kernels.selectPool(parts, wanted);
    return kernels
      .selectPool(parts, Math.min(total, wanted + 1))
      .map((cut, l) => ({ ...cut, tieEnd: parts[l].length }));
  });
  const found = new Map([...layers.keys()].map((name, l) => [name, byExpert.map((own) => own[l])] as const));
  cuts.clear();
  cuts.set(key, found);
  return found;
}
