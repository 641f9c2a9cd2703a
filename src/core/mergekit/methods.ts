/**
 * mergekit's merge methods in our words: a method, a chain, and what its parameters default to.
 * Source: arcee-ai/mergekit, mergekit/merge_methods (0.1.4).
 */
import type { Params } from "../recipe/schema.ts";

export interface MergekitMethod {
  readonly id: string;
  readonly method: string;
  /** Parameters of our method that mergekit's code fixes. */
  readonly params: Params;
  readonly sparsifier?: { readonly id: string; readonly params: Params };
  /** Defaults of the parameters that it knows, by mergekit's names. */
  readonly defaults: Readonly<Record<string, number | boolean>>;
  /** What base_model is to it: where it starts from, that or nothing, nothing, or the expert at t = 0. */
  readonly base: "needed" | "optional" | "none" | "first";
  /** Where the experts' weights come from: `weight`, which it asks for; the parameter t; it has none. */
  readonly weights: "own" | "t" | "none";
  /** How many experts it takes at least and at most, where that is not any number. */
  readonly takes?: readonly [number, number];
  /** How `normalize` is said in our method's parameters. */
  readonly normalize?: {
    readonly key: string;
    readonly on: string | boolean;
    readonly off: string | boolean;
  };
  /** Sentences on what ours computes otherwise. */
  readonly differs: readonly string[];
}

const taskDefaults = { normalize: false, rescale: true, lambda: 1, int8_mask: false };
const DARE = "mergekit tosses its coins by another generator: the masks differ, not their density.";
const EQUALS = "Of equal magnitudes mergekit keeps an arbitrary one, here it is the lower index.";
const tiesNormalize = { key: "average", on: "weights", off: "none" } as const;
const plainNormalize = { key: "normalize", on: true, off: false } as const;

export const mergekitMethods: readonly MergekitMethod[] = [
  {
    id: "linear",
    method: "linear",
    params: {},
    defaults: { normalize: true },
    base: "none",
    weights: "own",
    normalize: plainNormalize,
    differs: [],
  },
  {
    id: "task_arithmetic",
    method: "task-arithmetic",
    params: {},
    defaults: taskDefaults,
    base: "needed",
    weights: "own",
    normalize: plainNormalize,
    differs: [],
  },
  {
    id: "ties",
    method: "ties",
    params: { vote: "weighted", tie: "plus" },
    sparsifier: { id: "magnitude", params: { scope: "tensor", count: "exact" } },
    defaults: { ...taskDefaults, normalize: true, rescale: false, density: 1 },
    base: "needed",
    weights: "own",
    normalize: tiesNormalize,
    differs: [EQUALS],
  },
  ...["dare_linear", "dare_ties"].map(
    (id): MergekitMethod => ({
      id,
      method: id === "dare_ties" ? "ties" : "task-arithmetic",
      params: id === "dare_ties" ? { vote: "weighted", tie: "plus" } : {},
      sparsifier: { id: "dare", params: { rescale: "l1" } },
      defaults: { ...taskDefaults, density: 1 },
      base: "needed",
      weights: "own",
      normalize: id === "dare_ties" ? tiesNormalize : plainNormalize,
      differs: [DARE],
    }),
  ),
  ...["breadcrumbs", "breadcrumbs_ties"].map(
    (id): MergekitMethod => ({
      id,
      method: id === "breadcrumbs_ties" ? "ties" : "task-arithmetic",
      params: id === "breadcrumbs_ties" ? { vote: "weighted", tie: "plus" } : {},
      sparsifier: { id: "breadcrumbs", params: { small: "drop" } },
      defaults: { ...taskDefaults, rescale: false, density: 1, gamma: 0.01 },
      base: "needed",
      weights: "own",
      normalize: id === "breadcrumbs_ties" ? tiesNormalize : plainNormalize,
      differs: [EQUALS],
    }),
  ),
  ...["della", "della_linear"].map(
    (id): MergekitMethod => ({
      id,
      method: id === "della" ? "ties" : "task-arithmetic",
      params: id === "della" ? { vote: "weighted", tie: "plus" } : {},
      sparsifier: { id: "della", params: { rescale: "l1" } },
      defaults: { ...taskDefaults, normalize: id === "della", density: 1, epsilon: 0.15 },
      base: "needed",
      weights: "own",
      normalize: id === "della" ? tiesNormalize : plainNormalize,
      differs: [DARE],
    }),
  ),
  {
    id: "slerp",
    method: "slerp",
    params: { of: "weights", along: "tensor" },
    defaults: {},
    base: "first",
    weights: "t",
    takes: [2, 2],
    differs: [],
  },
  {
    id: "nuslerp",
    method: "slerp",
    params: {},
    defaults: { nuslerp_flatten: true, nuslerp_row_wise: false },
    base: "optional",
    weights: "own",
    takes: [2, 2],
    differs: [
      "Where directions are nearly opposite, mergekit's nuslerp follows an arc whose factors grow without bound; here, and where they are nearly the same, a straight line joins them.",
    ],
  },
  {
    id: "model_stock",
    method: "model-stock",
    params: { angle: "cosine" },
    defaults: { filter_wise: false },
    base: "needed",
    weights: "none",
    takes: [2, Infinity],
    differs: [
      "Where task vectors oppose each other, mergekit's ratio leaves 0…1 and goes back beyond the base; here it stays at the base.",
    ],
  },
];

/** mergekit's own method of that name. */
export function mergekitMethod(id: string): MergekitMethod | undefined {
  return mergekitMethods.find((method) => method.id === id);
}
