/**
 * DOGE TA: task arithmetic plus one modification per layer, optimised without data so that no task is pulled off its own
 * direction, and kept out of the subspace that the tasks share.
 *
 * The optimisation is a pass over the matrices (prepare); λ and the share kept are cheap after it.
 */
import type { Context } from "../context.ts";
import { layerOf, layerShape, type Matrix } from "../doge/layers.ts";
import { type DogeParams as Params, dogeParams as params } from "../doge/params.ts";
import { type DogeOptions, openDoge } from "../doge/run.ts";
import { lambdasOf } from "../doge/strengths.ts";
import { sharedRank } from "../doge/subspace.ts";
import type { Params as RecipeParams } from "../recipe/schema.ts";
import { keptCount, maskWith } from "../sparsifiers/keep.ts";
import type { Cut, Kernels } from "../tensor/kernels.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import { defineMethod, type PassMade } from "./method.ts";

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
      "It is the gradients that have nothing of the shared subspace, as in the official code: Adam then scales every entry by itself, which leaves some of the modification inside (5 % of its energy on the zoo).",
      "Modifications per expert have gradients that differ by their strengths only, which Adam divides out again: they come out almost equal, as they must in the official code.",
    ],
  },
  edges: [
    "A matrix that an expert has not changed counts with strength 0; vectors and matrices of a single row or column stay at the base.",
    "With 0 steps it is task arithmetic with changes of one length.",
  ],
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
    const message = `${free.length} matrices have a side shorter than ${side}, first ${free[0].name}: no room for a shared subspace, so their modification is not bound to one.`;
    return [
      { code: "subspace/no-room", message, details: { tensors: free.length, first: free[0].name, side } },
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
