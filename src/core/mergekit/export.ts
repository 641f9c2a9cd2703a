/**
 * Our recipe → mergekit YAML, where mergekit can say it, with what it would compute otherwise and what it cannot say.
 *
 * Densities that a formula chose (TADrop) are written tensor by tensor, as (kept + ½) / n, so that mergekit's
 * truncation keeps exactly as many entries.
 */
import { stringify } from "yaml";
import type { ExpertId, Recipe } from "../recipe/schema.ts";
import type { MergeSummary } from "../summary.ts";
import { PROVENANCE_KEY } from "./config.ts";
import { modelsOf, type Say, type WrittenModel } from "./export-models.ts";
import type { Finding } from "./finding.ts";
import { type MergekitMethod, mergekitMethods } from "./methods.ts";

export interface ExportContext {
  /** What the merge did: densities and weights, tensor by tensor. */
  readonly summary: Pick<MergeSummary, "tensors">;
  /** Entries of each tensor. */
  readonly counts: ReadonlyMap<string, number>;
  /** Where the base and an expert's checkpoint are to be found. */
  readonly basePath: string;
  path(expert: ExpertId, step: number | undefined): string;
  /** Travels under a key that mergekit drops: the recipe and what it was computed from. */
  readonly provenance: unknown;
}

export interface Exported {
  /** Absent when an error stands in the way. */
  readonly yaml: string | undefined;
  readonly findings: readonly Finding[];
  /** What to run with the file. */
  readonly command: string;
  /** Densities of single tensors that the configuration carries. */
  readonly densities: number;
}

/** Translates a recipe. */
export function exportMergekit(recipe: Recipe, context: ExportContext): Exported {
  const findings: Finding[] = [];
  const say = (severity: Finding["severity"], path: string, message: string) => {
    findings.push({ severity, path, message });
  };
  const command = "mergekit-yaml recipe.yaml ./merged";
  const method = counterpart(recipe);
  if (!method) {
    const chain = recipe.sparsifiers.filter(({ enabled }) => enabled).map(({ id }) => id);
    const what = [...chain, recipe.method.id].join(" → ");
    say("error", "method", `mergekit has no method for ${what}: save the merged weights instead.`);
    return { yaml: undefined, findings, command, densities: 0 };
  }
  lint(recipe, method, say);
  const models = modelsOf(recipe, method, context, say);
  const densities = densitiesIn(models);
  if (findings.some(({ severity }) => severity === "error"))
    return { yaml: undefined, findings, command, densities };
  const config = {
    merge_method: method.id,
    ...baseModel(recipe, method, context),
    models,
    parameters: globals(recipe, method),
    ...dtype(recipe),
    [PROVENANCE_KEY]: context.provenance,
  };
  return {
    yaml: stringify(config, { lineWidth: 0, flowCollectionPadding: true }),
    findings,
    command,
    densities,
  };
}

/** Entries of density lists that name a tensor. */
function densitiesIn(models: readonly WrittenModel[]): number {
  return models.reduce((sum, { parameters }) => {
    const density = parameters?.density;
    return sum + (Array.isArray(density) ? density.length - 1 : 0);
  }, 0);
}

function baseModel(
  recipe: Recipe,
  method: MergekitMethod,
  context: ExportContext,
): { readonly base_model?: string } {
  const first = recipe.experts.find(({ enabled }) => enabled);
  if (method.startsAtModel && first) return { base_model: context.path(first.id, first.step) };
  return method.needsBase || recipe.method.params.of === "deltas" ? { base_model: context.basePath } : {};
}

/** mergekit's method with the same method and chain. */
function counterpart(recipe: Recipe): MergekitMethod | undefined {
  const chain = recipe.sparsifiers.filter(({ enabled }) => enabled);
  if (chain.length > 1) return undefined;
  const [use] = chain;
  return mergekitMethods.find(({ id, method, sparsifier, params }) => {
    if (method !== recipe.method.id) return false;
    const fits = Object.entries(params).every(([key, value]) => recipe.method.params[key] === value);
    if (id === "slerp" || id === "nuslerp") return fits && !use && (id === "nuslerp") === isNu(recipe);
    if (!use) return fits && (sparsifier === undefined || id === "ties");
    const own = use.id === "tadrop" ? "magnitude" : use.id;
    return fits && sparsifier?.id === own;
  });
}

function isNu({ method }: Recipe): boolean {
  return method.params.of === "deltas" || method.params.rows === true;
}

function lint(recipe: Recipe, method: MergekitMethod, say: Say): void {
  for (const sentence of method.differs) say("differs", "method", sentence);
  const use = recipe.sparsifiers.find(({ enabled }) => enabled);
  if (use?.params.scope === "model") {
    say(
      "differs",
      "sparsifiers",
      "The whole-model threshold is written as the densities that it gave, tensor by tensor.",
    );
  }
  if (use?.params.rescale === "density" || use?.params.rescale === "chance") {
    say(
      "differs",
      "sparsifiers",
      "mergekit rescales survivors to the same sum of magnitudes, not by 1 / density.",
    );
  }
  if (use?.id === "tadrop" && use.params.rescale !== "none") {
    say(
      "error",
      "sparsifiers",
      "mergekit's ties does not rescale what TADrop leaves: set Rescale to none, or save the weights.",
    );
  }
  const { average } = recipe.method.params;
  if (recipe.method.id === "ties" && average === "count") {
    say(
      "differs",
      "method",
      "mergekit divides by the agreeing weights, not by their number: the same while all weights are 1.",
    );
  }
  if (recipe.rules.some((rule) => "lambda" in rule.set)) {
    say("error", "rules", "mergekit has one lambda for all tensors; rules set others.");
  }
  if (recipe.rules.some((rule) => rule.keep !== undefined && rule.keep !== "base")) {
    say("error", "rules", "mergekit cannot take a tensor whole from one expert inside another method.");
  }
  if (recipe.rules.some((rule) => rule.keep === "base") && !method.needsBase) {
    say("error", "rules", `${method.id} knows no base to keep tensors from.`);
  }
}

function globals(recipe: Recipe, method: MergekitMethod): Readonly<Record<string, number | boolean>> {
  const { normalize, defaults } = method;
  const out: Record<string, number | boolean> = {};
  if (normalize) out.normalize = recipe.method.params[normalize.key] !== normalize.off;
  if ("lambda" in defaults) out.lambda = recipe.lambda;
  if (defaults.rescale === true)
    out.rescale = recipe.sparsifiers.find(({ enabled }) => enabled)?.params.rescale !== "none";
  if (method.id === "model_stock") out.filter_wise = recipe.method.params.rows === true;
  if (method.id === "slerp") {
    const [a, b] = recipe.experts.filter(({ enabled }) => enabled);
    const total = (a?.weight ?? 1) + (b?.weight ?? 1);
    out.t = total === 0 ? 0.5 : (b?.weight ?? 1) / total;
  }
  if (method.id === "nuslerp") {
    out.nuslerp_row_wise = recipe.method.params.rows === true;
    out.nuslerp_flatten = recipe.method.params.rows !== true;
  }
  return out;
}

function dtype({ outDtype }: Recipe): Readonly<Record<string, string>> {
  const names = { f32: "float32", f16: "float16", bf16: "bfloat16" } as const;
  return { dtype: "float32", ...(outDtype === "base" ? {} : { out_dtype: names[outDtype] }) };
}
