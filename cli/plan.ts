/** `plan`: what a merge would do, tensor by tensor, what it would take, and what is wrong with it. */
import type { MergeOutline, Merger, OutlinedTensor } from "#core/merge/merger.ts";
import type { Finding } from "#core/mergekit/finding.ts";
import { roleOf } from "#core/model/roles.ts";
import type { Recipe, Role } from "#core/recipe/schema.ts";
import { sizeOf } from "#core/tensor/tensor.ts";
import { type Estimate, estimate } from "./estimate.ts";
import type { Loaded, Tools } from "./load.ts";
import { table } from "./table.ts";
import { megabytes, seconds } from "./terminal.ts";

/** What `plan --json` prints. Fields are added without a new version; one that goes or changes its meaning makes one. */
export interface PlanReport {
  readonly version: 1;
  readonly recipeKey: string;
  readonly method: string;
  readonly tensors: readonly (OutlinedTensor & { readonly role: Role })[];
  readonly findings: readonly Finding[];
  readonly warnings: MergeOutline["warnings"];
  readonly estimate: Estimate;
}

/** @throws what planning a merge throws */
export async function plan(
  recipe: Recipe,
  recipeKey: string,
  loaded: Loaded & { readonly loadSeconds: number },
  merger: Merger,
  tools: Pick<Tools, "kernels" | "context">,
): Promise<PlanReport> {
  const outline = await merger.outline(recipe);
  return {
    version: 1,
    recipeKey,
    method: recipe.method.id,
    tensors: outline.tensors.map((tensor) => ({ ...tensor, role: roleOf(tensor.spec) })),
    findings: loaded.findings,
    warnings: outline.warnings,
    estimate: await estimate(recipe, loaded, outline, tools),
  };
}

/** The report as lines of text. */
export function planLines({ method, tensors, warnings, estimate: cost }: PlanReport): readonly string[] {
  const merged = tensors.filter(({ keep }) => keep === undefined).length;
  const rows = tensors.map(({ spec, storedAs, role, keep, lambda, sites }) => [
    spec.name,
    role,
    `[${spec.shape.join(", ")}]`,
    spec.dtype === storedAs ? storedAs : `${storedAs} → ${spec.dtype}`,
    keep === undefined ? `λ ${lambda}` : `from ${keep}`,
    sites.map(siteText).join("  "),
  ]);
  return [
    ...table([["tensor", "role", "shape", "dtype", "", "expert: weight, density"], ...rows]),
    "",
    `${method}: ${merged} of ${tensors.length} tensors are merged, ${countText(tensors)} entries in all.`,
    `Output ${megabytes(cost.outputBytes)}, read ${megabytes(cost.readBytes)}, about ${seconds(cost.seconds)} and ${megabytes(cost.memoryBytes)} of memory.`,
    ...(cost.holdsAll ? ["This method looks at all task vectors at once: memory grows with the model."] : []),
    ...warnings.map(({ message }) => `note: ${message}`),
  ];
}

/** One line per finding, with its line in the configuration. */
export function findingLine({ severity, line, path, message }: Finding): string {
  return `${severity}: ${line === undefined ? path : `line ${line}, ${path}`}: ${message}`;
}

function siteText({ expert, weight, density }: OutlinedTensor["sites"][number]): string {
  const share = density === undefined ? "computed" : density === 1 ? "whole" : String(density);
  return `${expert}: ${weight}, ${share}`;
}

function countText(tensors: PlanReport["tensors"]): string {
  return tensors.reduce((sum, { spec }) => sum + sizeOf(spec.shape), 0).toLocaleString("en-US");
}
