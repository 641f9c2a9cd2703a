/** Methods, sparsifiers and presets as plain data: what the page, the docs and a sweep know about them. */
import type { Described } from "./described.ts";
import { methodEdges, sparsifierEdges } from "./edge-cases.ts";
import { methods } from "./methods/index.ts";
import type { MergeMethod } from "./methods/method.ts";
import { type ControlSpec, controlsOf, defaultsOf } from "./params.ts";
import type { Preset } from "./recipe/preset.ts";
import type { Params } from "./recipe/schema.ts";
import { sparsifiers } from "./sparsifiers/index.ts";
import type { Sparsifier } from "./sparsifiers/sparsifier.ts";

export interface MethodCard extends Described {
  /** What all methods do at the edge, then this one's own. */
  readonly edges: readonly string[];
  readonly space: MergeMethod["space"];
  readonly output: MergeMethod["output"];
  readonly lambda: MergeMethod["lambda"];
  /** Something is optimised for seconds and more before the first tensor can be merged. */
  readonly isOptimised: boolean;
  readonly controls: readonly ControlSpec[];
  readonly defaults: Params;
  /** The paper's own chain, with all parameters; empty when it has none. */
  readonly sparsifiers: readonly { readonly id: string; readonly params: Params }[];
}

export interface SparsifierCard extends Described {
  /** What all sparsifiers do at the edge, then this one's own. */
  readonly edges: readonly string[];
  readonly usesSeed: boolean;
  readonly controls: readonly ControlSpec[];
  readonly defaults: Params;
}

/** All sparsifiers in the order of the menu. */
export const sparsifierCards: readonly SparsifierCard[] = sparsifiers.map((sparsifier) => ({
  ...describe(sparsifier),
  edges: [...sparsifierEdges, ...(sparsifier.edges ?? [])],
  ...formOf(sparsifier),
  usesSeed: sparsifier.usesSeed ?? false,
}));

/** All methods in the order of the menu. */
export const methodCards: readonly MethodCard[] = methods.map((method) => ({
  ...describe(method),
  edges: [...methodEdges, ...(method.edges ?? [])],
  ...formOf(method),
  space: method.space,
  output: method.output,
  lambda: method.lambda,
  isOptimised: method.prepare?.isLong ?? false,
  sparsifiers: (method.sparsifiers ?? []).map(({ id, params }) => ({
    id,
    params: { ...defaultsOfSparsifier(id), ...params },
  })),
}));

/** Named combinations of a method and a chain, in the order of the menu; what they leave out takes its default. */
export const presets: readonly Preset[] = [
  {
    id: "average",
    label: "Simple average",
    summary: "The mean of the experts' weights.",
    method: { id: "linear", params: {} },
    sparsifiers: [],
  },
  {
    id: "task-arithmetic",
    label: "Task arithmetic",
    summary: "All task vectors added, at λ .3.",
    method: { id: "task-arithmetic", params: {} },
    sparsifiers: [],
  },
  {
    id: "ties-paper",
    label: "TIES (paper)",
    summary: "The top 20 % of the whole model, elected signs, the mean of those that agree.",
    method: { id: "ties", params: { average: "count" } },
    sparsifiers: [{ id: "magnitude", params: { density: 0.2, scope: "model" } }],
  },
  {
    id: "ties-official",
    label: "TIES (official code)",
    summary: "As the authors' program: one entry more and all ties, the sum of those that agree, λ .3.",
    method: { id: "ties", params: { average: "none", tie: "model" } },
    sparsifiers: [{ id: "magnitude", params: { density: 0.2, scope: "model", count: "official" } }],
    lambda: 0.3,
  },
  {
    id: "ties-mergekit",
    label: "TIES (mergekit)",
    summary: "The top 20 % of each tensor, signs elected with the weights, divided by the agreeing weights.",
    method: { id: "ties", params: { average: "weights" } },
    sparsifiers: [{ id: "magnitude", params: { density: 0.2, scope: "tensor" } }],
  },
  {
    id: "dare-linear",
    label: "DARE + task arithmetic",
    summary: "Drops nine entries of ten at random, enlarges the rest and adds them up.",
    method: { id: "task-arithmetic", params: {} },
    sparsifiers: [{ id: "dare", params: {} }],
  },
  {
    id: "dare-ties",
    label: "DARE-TIES",
    summary: "Drops at random instead of by size, then elects signs.",
    method: { id: "ties", params: {} },
    sparsifiers: [{ id: "dare", params: {} }],
  },
  {
    id: "della",
    label: "DELLA",
    summary: "Drops at random, small entries more likely than large ones, then elects signs.",
    method: { id: "ties", params: {} },
    sparsifiers: [{ id: "della", params: {} }],
  },
  {
    id: "breadcrumbs",
    label: "Breadcrumbs",
    summary: "A tenth of each tensor, without its largest hundredth, added at full strength.",
    method: { id: "task-arithmetic", params: {} },
    sparsifiers: [{ id: "breadcrumbs", params: { density: 0.1, gamma: 0.01 } }],
    lambda: 1,
  },
  {
    id: "slerp",
    label: "SLERP",
    summary: "Along the arc between two experts' weights.",
    method: { id: "slerp", params: {} },
    sparsifiers: [],
  },
  {
    id: "model-stock",
    label: "Model Stock",
    summary: "From the base towards the average, as far as the experts agree in direction.",
    method: { id: "model-stock", params: {} },
    sparsifiers: [],
  },
  {
    id: "tadrop-task-arithmetic",
    label: "TADrop + task arithmetic",
    summary:
      "Drops more where a tensor's changes are all alike, less where a few stand out, and adds up the rest.",
    method: { id: "task-arithmetic", params: {} },
    sparsifiers: [{ id: "tadrop", params: {} }],
  },
  {
    id: "tadrop-ties",
    label: "TADrop + TIES",
    summary: "Trims each tensor at a rate of its own, then elects signs.",
    method: { id: "ties", params: {} },
    sparsifiers: [{ id: "tadrop", params: {} }],
  },
  {
    id: "doge",
    label: "DOGE",
    summary: "Adds a change, found without data, that pulls no task off its own direction.",
    method: { id: "doge", params: {} },
    sparsifiers: [],
  },
  {
    id: "doge-paper",
    label: "DOGE (paper)",
    summary: "Every change of a layer brought to length .07, which suits CLIP.",
    method: { id: "doge", params: { scale: "absolute", eta: 0.07 } },
    sparsifiers: [],
  },
  {
    id: "doge-am",
    label: "DOGE AM",
    summary:
      "DOGE with a modification for each expert, merged by weights that AdaMerging can find; λ .3 until then.",
    method: { id: "doge", params: { modification: "expert", strengths: "weights" } },
    sparsifiers: [],
    lambda: 0.3,
  },
  {
    id: "emr",
    label: "EMR",
    summary: "One shared task vector, with a mask and a scale for each task.",
    method: { id: "emr", params: {} },
    sparsifiers: [],
  },
  {
    id: "tadrop-emr",
    label: "TADrop + EMR",
    summary: "EMR on task vectors pruned tensor by tensor.",
    method: { id: "emr", params: {} },
    sparsifiers: [{ id: "tadrop", params: {} }],
  },
  {
    id: "localize-and-stitch-dataless",
    label: "Localize-and-Stitch (dataless)",
    summary:
      "The 5 % of the model that each expert changed most, put into the base and averaged on overlaps.",
    method: { id: "localize-and-stitch", params: {} },
    sparsifiers: [{ id: "localize", params: {} }],
  },
];

function defaultsOfSparsifier(id: string): Params {
  const card = sparsifierCards.find((one) => one.id === id);
  if (!card) throw new Error(`no sparsifier ${id}`);
  return card.defaults;
}

function describe({ id, label, summary, formula, source }: Described): Described {
  return { id, label, summary, formula, source };
}

function formOf({ params }: MergeMethod | Sparsifier): {
  controls: readonly ControlSpec[];
  defaults: Params;
} {
  const controls = controlsOf(params);
  return { controls, defaults: defaultsOf(controls) };
}
