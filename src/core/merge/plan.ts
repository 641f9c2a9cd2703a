/**
 * A merge as a list of jobs with keys: recipe + library in, no tensor read.
 *
 * The key of a job says everything that its merged bits depend on. Equal keys, equal bits: that is all that
 * caches and images go by.
 */
import type { MergeMethod } from "../methods/method.ts";
import type { Evidence } from "../model/evidence.ts";
import type { Checkpoint, LinearUse, ModelLibrary } from "../model/library.ts";
import { completeParams } from "../recipe/complete.ts";
import { sortedJson } from "../recipe/json.ts";
import { shortHash } from "../recipe/key.ts";
import type { Matchable } from "../recipe/match.ts";
import { findMethod, type Registry } from "../recipe/registry.ts";
import { type ResolvedTensor, resolveRecipe } from "../recipe/resolve.ts";
import type { ExpertId, Params, Recipe } from "../recipe/schema.ts";
import type { Warning } from "../summary.ts";
import { type DType, isFloat, type WritableDType, writableAs } from "../tensor/dtype.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import { type BareSite, linksOf, planChain, type Site } from "./chain.ts";
import { callWitnesses, type Witnesses } from "./evidence.ts";
import { has, type Opened } from "./open.ts";
import { tiedTensors } from "./tied.ts";

export interface Plan {
  readonly method: MergeMethod;
  readonly params: Params;
  /** 1, or the number of enabled experts for per-task methods. */
  readonly rows: number;
  /** All tensors of the base, in its order. */
  readonly jobs: readonly Job[];
  /** The method's pass over all merged tensors, if these params need one. */
  readonly prepareKey: string | undefined;
  /** The same for any number of steps, where the pass takes long. */
  readonly runKey: string | undefined;
  /** What the method needs, one per enabled expert. */
  readonly evidence: readonly Evidence[] | undefined;
  /** The graph's linear layers, for methods that route. */
  readonly layers: PlanContext["layers"];
  readonly warnings: readonly Warning[];
}

/** One tensor of the base and what becomes of it. */
export type Job = {
  readonly spec: TensorSpec;
  readonly resolved: ResolvedTensor;
  /** Everything that the merged bits depend on. */
  readonly key: string;
} & (
  | { readonly kind: "base"; readonly isMergeable: boolean }
  | {
      readonly kind: "expert";
      readonly expert: ExpertId;
      readonly checkpoint: Checkpoint;
      readonly dtype: WritableDType;
    }
  | MergedPart
);

interface MergedPart {
  readonly kind: "merged";
  /** What it is computed as: itself, or the first of the tensors that it is tied to. */
  readonly as: TensorSpec;
  /** One per enabled expert, in the recipe's order. */
  readonly sites: readonly Site[];
  readonly weights: readonly number[];
  readonly mixKey: string;
  readonly lambda: number;
  readonly dtype: WritableDType;
  /** λ = 0, or every weight is: the base bit for bit, so the mix is not needed. */
  readonly isBase: boolean;
}

export type MergedJob = Job & { readonly kind: "merged" };

export interface PlanContext {
  readonly library: ModelLibrary;
  readonly registry: Registry;
  /** A checkpoint's tensors with their roles, in its order; the same list for the same checkpoint. */
  tensorsOf(checkpoint: Checkpoint): readonly Matchable[];
  /** A short name of a checkpoint's content, for keys. */
  nameOf(checkpoint: Checkpoint): string;
  /** By weight; needed by methods that route only, and the same for one library. */
  readonly layers?: ReadonlyMap<string, LinearUse> | undefined;
}

/** Plans a merge. @throws AppError recipe/unknown-method, recipe/unknown-sparsifier, recipe/malformed, recipe/missing-evidence */
export function planMerge(recipe: Recipe, opened: Opened, context: PlanContext): Plan {
  const method = findMethod(context.registry, recipe.method.id);
  const params = completeParams(method, recipe.method.params, "method.params");
  const resolved = resolveRecipe(recipe, context.tensorsOf(context.library.base));
  const specs = [...context.library.base.tensors.values()];
  const rows = method.output === "per-task" ? Math.max(1, opened.enabled.length) : 1;
  const witnesses = callWitnesses(recipe, opened, context.library);
  const needs = method.needs?.(params);
  const evidence = needs && opened.enabled.map(({ id }) => witnesses.of(needs, id));

  const mergeable = specs.flatMap((spec, t) => (isMergeable(spec, resolved.tensors[t], opened) ? [t] : []));
  const tied = tiedTensors(
    method.output === "routed" ? [] : mergeable.map((t) => specs[t]),
    mergeable.map((t) => resolved.tensors[t]),
    context.library.base,
    opened.enabled.map(({ checkpoint }) => checkpoint),
  );
  const computed = mergeable.filter((t) => !tied.has(specs[t].name));
  const merged = computed.map((t) => specs[t]);
  const rowsOf = planSites(
    recipe,
    opened,
    context,
    merged,
    computed.map((t) => resolved.tensors[t]),
    witnesses,
  );
  const sites = new Map(merged.map((spec, m) => [spec.name, rowsOf.map((row) => row[m])]));

  const heard = evidence?.map(context.nameOf).join("~") ?? "";
  const hasPass = method.prepare?.needed(params) ?? false;
  const prepareKey = hasPass ? keyOfPrepare(method, params, heard, sites) : undefined;
  const runKey =
    hasPass && method.prepare?.isLong
      ? keyOfPrepare(method, { ...params, steps: 0 }, heard, sites)
      : undefined;
  const mixer = shortHash(`${method.id}@${method.revision}${sortedJson(params)}${prepareKey ?? ""}~${heard}`);
  const jobs = specs.map((spec, t): Job => {
    const tensor = resolved.tensors[t];
    const as = tied.get(spec.name) ?? spec;
    const own = sites.get(as.name);
    if (!own) return unmergedJob(spec, tensor, opened, rows, context);
    return { spec, resolved: tensor, ...mergedPart(as, own, tensor, mixer, method, recipe.outDtype, rows) };
  });
  return {
    method,
    params,
    rows,
    jobs,
    prepareKey,
    runKey,
    evidence,
    layers: context.layers,
    warnings: [
      ...resolved.warnings,
      ...warn(recipe, method, opened, specs),
      ...witnesses.warnings,
      ...(method.warn?.(merged, opened.enabled.length, params) ?? []),
    ],
  };
}

function isMergeable(spec: TensorSpec, { keep }: ResolvedTensor, { enabled }: Opened): boolean {
  return (
    isFloat(spec.dtype) &&
    keep === undefined &&
    enabled.length > 0 &&
    enabled.every(({ checkpoint }) => has(checkpoint, spec))
  );
}

/** One row of sites per enabled expert, one site per merged tensor. */
function planSites(
  recipe: Recipe,
  { enabled }: Opened,
  { library, registry, nameOf }: PlanContext,
  specs: readonly TensorSpec[],
  resolved: readonly ResolvedTensor[],
  witnesses: Witnesses,
): readonly (readonly Site[])[] {
  const links = linksOf(recipe, registry);
  const locks = new Set(recipe.locks);
  return enabled.map(({ id, checkpoint }) => {
    const k = recipe.experts.findIndex((expert) => expert.id === id);
    const bare = specs.map(
      (tensor, m): BareSite => ({
        expert: id,
        checkpoint,
        tensor,
        resolved: resolved[m].sites[k],
        deltaKey: deltaKeyOf(checkpoint, tensor, { library, nameOf }),
      }),
    );
    return planChain(bare, links, {
      seed: recipe.seed,
      locks,
      evidence(kind) {
        const evidence = witnesses.of(kind, id);
        return { evidence, name: nameOf(evidence) };
      },
    });
  });
}

/** Key of a task vector: whose, over which base, at which tensor. */
export function deltaKeyOf(
  checkpoint: Checkpoint,
  { name }: TensorSpec,
  { library, nameOf }: Pick<PlanContext, "library" | "nameOf">,
): string {
  return `${nameOf(checkpoint)}-${nameOf(library.base)}:${name}`;
}

function keyOfPrepare(
  method: MergeMethod,
  params: Params,
  heard: string,
  sites: ReadonlyMap<string, readonly Site[]>,
): string {
  const reads: readonly string[] = method.prepare?.reads ?? [];
  const isWeightless = method.isWeightedSum?.(params) ?? false;
  const inputs = [...sites.values()].map((row) =>
    row.map((site) => (isWeightless ? site.key : `${site.key}*${site.resolved.weight}`)),
  );
  return shortHash(
    `${method.id}@${method.revision}${sortedJson(reads.map((key) => params[key]))}~${heard}\n${inputs.flat().join("\n")}`,
  );
}

function mergedPart(
  spec: TensorSpec,
  sites: readonly Site[],
  { lambda }: ResolvedTensor,
  mixer: string,
  method: MergeMethod,
  outDtype: Recipe["outDtype"],
  rows: number,
): MergedPart & { readonly key: string } {
  const weights = sites.map((site) => site.resolved.weight);
  const mixKey = `${mixer}|${sites.map((site, k) => `${site.key}*${weights[k]}`).join("|")}`;
  const dtype = outDtype === "base" ? writableAs(spec.dtype) : outDtype;
  const hasLambda = method.lambda !== "none";
  const isBase = (hasLambda && lambda === 0) || weights.every((weight) => weight === 0);
  const key = isBase ? `base|${dtype}|${rows}` : `${mixKey}|${hasLambda ? lambda : ""}|${dtype}`;
  return { kind: "merged", as: spec, sites, weights, mixKey, lambda, dtype, isBase, key };
}

function unmergedJob(
  spec: TensorSpec,
  resolved: ResolvedTensor,
  opened: Opened,
  rows: number,
  { nameOf }: PlanContext,
): Job {
  const isFloating = isFloat(spec.dtype);
  const { keep } = resolved;
  const checkpoint = keep === undefined || keep === "base" ? undefined : opened.all.get(keep);
  const dtype: DType | undefined = checkpoint?.tensors.get(spec.name)?.dtype;
  if (keep !== undefined && checkpoint && dtype && isFloating && has(checkpoint, spec)) {
    const key = `keep ${nameOf(checkpoint)}|${rows}`;
    return { spec, resolved, kind: "expert", expert: keep, checkpoint, dtype: writableAs(dtype), key };
  }
  return { spec, resolved, kind: "base", isMergeable: isFloating, key: `base||${rows}` };
}

function warn(
  recipe: Recipe,
  method: MergeMethod,
  opened: Opened,
  specs: readonly TensorSpec[],
): readonly Warning[] {
  const warnings: Warning[] = [];
  if (opened.enabled.length === 0) {
    warnings.push({
      code: "no-experts",
      message: "No expert is switched on: the result is the base.",
      details: {},
    });
  }
  if (method.lambda === "none" && recipe.rules.some((rule) => "lambda" in rule.set)) {
    const message = `${method.label} has no λ: the rules that set it have no effect.`;
    warnings.push({ code: "weight-space/lambda", message, details: { method: method.id } });
  }
  for (const { id, checkpoint } of opened.enabled) {
    const missing = specs.filter((spec) => isFloat(spec.dtype) && !has(checkpoint, spec));
    if (missing.length === 0) continue;
    const [first] = missing;
    const message = `“${id}” lacks ${missing.length} tensors of the base or has them in another shape, first ${first.name}: they stay at base.`;
    warnings.push({
      code: "expert/missing-tensors",
      message,
      details: { expert: id, tensors: missing.length, first: first.name },
    });
  }
  return warnings;
}
