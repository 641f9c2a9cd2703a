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
  /** Whether it starts from base_model. */
  readonly needsBase: boolean;
  /** base_model names the expert at t = 0, not a base. */
  readonly startsAtModel?: boolean;
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
const tiesNormalize = { key: "average", on: "weights", off: "none" } as const;
const plainNormalize = { key: "normalize", on: true, off: false } as const;

export const mergekitMethods: readonly MergekitMethod[] = [
  {
    id: "linear",
    method: "linear",
    params: {},
    defaults: { normalize: true },
    needsBase: false,
    normalize: plainNormalize,
    differs: [],
  },
  {
    id: "task_arithmetic",
    method: "task-arithmetic",
    params: {},
    defaults: taskDefaults,
    needsBase: true,
    normalize: plainNormalize,
    differs: [],
  },
  {
    id: "ties",
    method: "ties",
    params: { vote: "weighted", tie: "plus" },
    sparsifier: { id: "magnitude", params: { scope: "tensor", count: "exact" } },
    defaults: { ...taskDefaults, normalize: true, rescale: false, density: 1 },
    needsBase: true,
    normalize: tiesNormalize,
    differs: ["Of equal magnitudes mergekit keeps an arbitrary one, here it is the lower index."],
  },
  ...["dare_linear", "dare_ties"].map(
    (id): MergekitMethod => ({
      id,
      method: id === "dare_ties" ? "ties" : "task-arithmetic",
      params: id === "dare_ties" ? { vote: "weighted", tie: "plus" } : {},
      sparsifier: { id: "dare", params: { rescale: "l1" } },
      defaults: { ...taskDefaults, density: 1 },
      needsBase: true,
      normalize: id === "dare_ties" ? tiesNormalize : plainNormalize,
      differs: [DARE],
    }),
  ),
  ...["breadcrumbs", "breadcrumbs_ties"].map(
    (id): MergekitMethod => ({
      id,
      method: id === "breadcrumbs_ties" ? "ties" : "task-arithmetic",
      params: id === "breadcrumbs_ties" ? { vote: "weighted", tie: "plus" } : {},
      sparsifier: { id: "breadcrumbs", params: {} },
      defaults: { ...taskDefaults, rescale: false, density: 1, gamma: 0.01 },
      needsBase: true,
      normalize: id === "breadcrumbs_ties" ? tiesNormalize : plainNormalize,
      differs: [
        "mergekit drops the whole of a tensor so small that ⌊gamma · n⌋ is 0; here nothing of it is an outlier.",
      ],
    }),
  ),
  ...["della", "della_linear"].map(
    (id): MergekitMethod => ({
      id,
      method: id === "della" ? "ties" : "task-arithmetic",
      params: id === "della" ? { vote: "weighted", tie: "plus" } : {},
      sparsifier: { id: "della", params: { rescale: "l1" } },
      defaults: { ...taskDefaults, normalize: id === "della", density: 1, epsilon: 0.15 },
      needsBase: true,
      normalize: id === "della" ? tiesNormalize : plainNormalize,
      differs: [DARE],
    }),
  ),
  {
    id: "slerp",
    method: "slerp",
    params: { of: "weights", rows: false },
    defaults: {},
    needsBase: false,
    startsAtModel: true,
    differs: [],
  },
  {
    id: "nuslerp",
    method: "slerp",
    params: {},
    defaults: { nuslerp_flatten: true, nuslerp_row_wise: false },
    needsBase: false,
    differs: [],
  },
  {
    id: "model_stock",
    method: "model-stock",
    params: { angle: "cosine" },
    defaults: { filter_wise: false },
    needsBase: true,
    differs: [],
  },
];

/** mergekit's own method of that name. */
export function mergekitMethod(id: string): MergekitMethod | undefined {
  return mergekitMethods.find((method) => method.id === id);
}
