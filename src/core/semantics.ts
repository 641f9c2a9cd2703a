/**
 * One recipe as several programs understand it: papers, mergekit, peft and FusionBench share names and not meanings.
 *
 * Only what a program fixes is changed; densities, weights and λ stay the recipe's own.
 */
import { completeParams } from "./recipe/complete.ts";
import { recipeKey } from "./recipe/key.ts";
import { builtIn, findMethod, findSparsifier } from "./recipe/registry.ts";
import type { Params, Recipe } from "./recipe/schema.ts";

export const dialects = ["paper", "mergekit", "peft", "fusion-bench"] as const;
export type Dialect = (typeof dialects)[number];

/** What a program fixes of one method or sparsifier. */
export interface Meaning {
  readonly params: Params;
  /** Where it says so: section of the paper, or file of the program. */
  readonly source: string;
}

type Meanings = Readonly<Record<string, Partial<Readonly<Record<Dialect, Meaning>>>>>;

export const methodMeanings: Meanings = {
  ties: {
    paper: {
      params: { vote: "weighted", tie: "plus", average: "count" },
      source: "arXiv:2306.01708 §3, eq. 3",
    },
    mergekit: {
      params: { vote: "weighted", tie: "plus", average: "weights" },
      source: "mergekit/merge_methods/generalized_task_arithmetic.py",
    },
    peft: {
      params: { vote: "plain", tie: "plus", average: "count" },
      source: "peft/utils/merge_utils.py, ties",
    },
    "fusion-bench": {
      params: { vote: "plain", tie: "model", average: "none" },
      source: "fusion_bench/method/ties_merging/ties_merging_utils.py",
    },
  },
  "model-stock": {
    mergekit: { params: { angle: "cosine" }, source: "mergekit/merge_methods/model_stock.py" },
    "fusion-bench": { params: { angle: "degrees" }, source: "fusion_bench/method/model_stock" },
  },
  emr: {
    paper: { params: { rescaler: "flat" }, source: "arXiv:2405.17461 §3.2" },
    "fusion-bench": { params: { rescaler: "tensors" }, source: "fusion_bench/method/emr_merging/utils.py" },
  },
  doge: {
    paper: { params: { count: "exact" }, source: "arXiv:2501.01230 §3" },
    "fusion-bench": { params: { count: "official" }, source: "fusion_bench/method/doge_ta/doge_ta.py" },
  },
};

export const sparsifierMeanings: Meanings = {
  magnitude: {
    paper: { params: { scope: "model", count: "exact" }, source: "arXiv:2306.01708 §3, step 1" },
    mergekit: { params: { scope: "tensor", count: "exact" }, source: "mergekit/sparsify.py, magnitude" },
    peft: {
      params: { scope: "tensor", count: "exact" },
      source: "peft/utils/merge_utils.py, magnitude_based_pruning",
    },
    "fusion-bench": {
      params: { scope: "model", count: "official" },
      source: "fusion_bench/method/ties_merging/ties_merging_utils.py, topk_values_mask",
    },
  },
  dare: {
    paper: { params: { rescale: "density" }, source: "arXiv:2311.03099 §3" },
    mergekit: { params: { rescale: "l1" }, source: "mergekit/sparsify.py, rescale_norm" },
    peft: { params: { rescale: "density" }, source: "peft/utils/merge_utils.py, random_pruning" },
    "fusion-bench": { params: { rescale: "density" }, source: "fusion_bench/method/dare/utils.py" },
  },
  breadcrumbs: {
    paper: { params: { small: "keep" }, source: "arXiv:2312.06795 §3" },
    mergekit: { params: { small: "drop" }, source: "mergekit/sparsify.py, magnitude_outliers" },
  },
  della: {
    paper: { params: { rescale: "chance" }, source: "arXiv:2406.11617 §3" },
    mergekit: { params: { rescale: "l1" }, source: "mergekit/sparsify.py, della_magprune" },
  },
};

/** A recipe as one or more programs understand it. */
export interface Reading {
  readonly recipe: Recipe;
  readonly key: string;
  readonly dialects: readonly Dialect[];
  readonly sources: readonly string[];
  /** The recipe as it stands reads like this. */
  readonly isOwn: boolean;
}

/** The distinct readings of a recipe, in the order of the programs; the recipe's own comes first where no program's is it. */
export function readingsOf(recipe: Recipe): readonly Reading[] {
  const own = recipeKey(recipe);
  const readings = new Map<string, { recipe: Recipe; dialects: Dialect[]; sources: string[] }>();
  for (const dialect of dialects) {
    const read = asReadBy(dialect, recipe);
    if (!read) continue;
    const key = recipeKey(read.recipe);
    const known = readings.get(key) ?? {
      recipe: key === own ? recipe : read.recipe,
      dialects: [],
      sources: [],
    };
    known.dialects.push(dialect);
    known.sources.push(...read.sources.filter((source) => !known.sources.includes(source)));
    readings.set(key, known);
  }
  const named = [...readings].map(([key, reading]) => ({ ...reading, key, isOwn: key === own }));
  if (named.length === 0 || named.some(({ isOwn }) => isOwn)) return named;
  return [{ recipe, key: own, dialects: [], sources: [], isOwn: true }, ...named];
}

/** Undefined where the program knows neither the method nor any sparsifier of the recipe in a meaning of its own. */
function asReadBy(
  dialect: Dialect,
  recipe: Recipe,
): { readonly recipe: Recipe; readonly sources: readonly string[] } | undefined {
  const method = findMethod(builtIn, recipe.method.id);
  const fixed = methodMeanings[method.id]?.[dialect];
  const sources = fixed ? [fixed.source] : [];
  const sparsifiers = recipe.sparsifiers.map((use) => {
    const meaning = use.enabled ? sparsifierMeanings[use.id]?.[dialect] : undefined;
    if (!meaning) return use;
    sources.push(meaning.source);
    const owner = findSparsifier(builtIn, use.id);
    return { ...use, params: completeParams(owner, { ...use.params, ...meaning.params }, use.id) };
  });
  if (sources.length === 0) return undefined;
  const params = completeParams(method, { ...recipe.method.params, ...fixed?.params }, "method.params");
  return { recipe: { ...recipe, method: { id: method.id, params }, sparsifiers }, sources };
}
