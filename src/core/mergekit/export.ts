/**
 * Our recipe → mergekit YAML, where mergekit can say it, with what it would compute otherwise and what it cannot say.
 *
 * Densities that a formula chose (TADrop) are written tensor by tensor, as (kept + ½) / n, so that mergekit's
 * truncation keeps exactly as many entries.
 */
import { stringify } from "yaml";
import type { ExpertId, Recipe } from "../recipe/schema.ts";
import type { MergeSummary, TensorCard } from "../summary.ts";
import { type DType, dtypeInfo } from "../tensor/dtype.ts";
import { PROVENANCE_KEY } from "./config.ts";
import { lint } from "./export-lint.ts";
import { compact, modelsOf, type Say, type Value, type WrittenModel } from "./export-models.ts";
import type { Finding } from "./finding.ts";
import { type MergekitMethod, mergekitMethods } from "./methods.ts";

export interface ExportContext {
  /** What the merge did: densities and weights, tensor by tensor. */
  readonly summary: Pick<MergeSummary, "tensors">;
  /** All tensors of the base, with their numbers of entries. */
  readonly tensors: readonly Pick<TensorCard, "name" | "role" | "dtype" | "count">[];
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
  lint(recipe, method, context, say);
  const models = modelsOf(recipe, method, context);
  const parameters = globals(recipe, method, context);
  const densities = densitiesIn(models);
  if (findings.some(({ severity }) => severity === "error"))
    return { yaml: undefined, findings, command, densities };
  const config = {
    merge_method: method.id,
    ...baseModel(recipe, method, context),
    models,
    parameters,
    ...dtype(recipe, context, say),
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
  if (method.base === "first" && first) return { base_model: context.path(first.id, first.step) };
  const isDelta = method.base === "optional" && recipe.method.params.of === "deltas";
  return method.base === "needed" || isDelta ? { base_model: context.basePath } : {};
}

/** mergekit's method with the same method and chain. */
function counterpart(recipe: Recipe): MergekitMethod | undefined {
  const chain = recipe.sparsifiers.filter(({ enabled }) => enabled);
  if (chain.length > 1) return undefined;
  const [use] = chain;
  return mergekitMethods.find(({ id, method, sparsifier, params }) => {
    if (method !== recipe.method.id) return false;
    const fits = Object.entries(params).every(([key, value]) => recipe.method.params[key] === value);
    if (!use) return fits && (sparsifier === undefined || id === "ties");
    const own = use.id === "tadrop" ? "magnitude" : use.id;
    return fits && sparsifier?.id === own;
  });
}

/** Parameters of the whole merge; λ and t tensor by tensor where they differ. */
function globals(
  recipe: Recipe,
  method: MergekitMethod,
  { summary }: ExportContext,
): Readonly<Record<string, Value | boolean>> {
  const { normalize, defaults } = method;
  const { params } = recipe.method;
  const merged = summary.tensors.filter(({ keep }) => keep === undefined);
  const out: Record<string, Value | boolean> = {};
  if (normalize) out.normalize = params[normalize.key] !== normalize.off;
  if ("lambda" in defaults)
    out.lambda = compact(
      merged.map(({ name, lambda }) => [name, lambda]),
      recipe.lambda,
    );
  if (defaults.rescale === true && method.sparsifier)
    out.rescale = recipe.sparsifiers.find(({ enabled }) => enabled)?.params.rescale !== "none";
  if (method.id === "model_stock") out.filter_wise = params.rows === true;
  if (method.weights === "t") {
    const ids = recipe.experts.filter(({ enabled }) => enabled).map(({ id }) => id);
    out.t = compact(
      merged.map(({ name, sites }) => [
        name,
        shareOf(ids.map((id) => sites.find((one) => one.expert === id)?.weight ?? 1)),
      ]),
    );
  }
  if (method.id === "nuslerp") {
    out.nuslerp_flatten = params.along === "tensor";
    out.nuslerp_row_wise = params.along === "columns";
  }
  return out;
}

/** The second of two weights as a share of both. */
function shareOf([a = 1, b = 1]: readonly number[]): number {
  return Math.abs(a + b) < 1e-8 ? 0.5 : b / (a + b);
}

/** mergekit computes in `dtype` and saves that, too, unless told otherwise. */
function dtype(
  { outDtype }: Recipe,
  { tensors }: ExportContext,
  say: Say,
): { readonly dtype: string; readonly out_dtype?: string } {
  const names: Partial<Record<DType, string>> = { f32: "float32", f16: "float16", bf16: "bfloat16" };
  const stored = new Set(tensors.map((tensor) => tensor.dtype).filter((one) => dtypeInfo[one].isFloat));
  const [only, ...more] = outDtype === "base" ? stored : [outDtype];
  const name = only && more.length === 0 ? names[only] : undefined;
  if (outDtype === "base" && stored.size > 0 && !name) {
    say("differs", "outDtype", "mergekit saves all tensors in float32; here each keeps the base's type.");
  }
  return { dtype: "float32", ...(name && (name !== "float32" || outDtype === "f32") && { out_dtype: name }) };
}
