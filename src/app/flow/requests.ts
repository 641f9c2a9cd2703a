/** Requests for what the recipe on screen lacks, with every option at its default; and what requests are about. */
import { adamergingSpec } from "#core/adamerging/spec.ts";
import { localiseSpec } from "#core/localise/spec.ts";
import { type NeededEvidence, neededEvidence } from "#core/recipe/needs.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { fisherSpec } from "#core/statistics/fisher.ts";
import { gramSpec } from "#core/statistics/gram.ts";
import type { LibraryCard } from "#core/summary.ts";
import { talosSpec } from "#core/talos/spec.ts";
import type { AdamergeRequest, ExpertStep, WorkRequest } from "#workers/protocol/optimise.ts";

/** One request for each piece of evidence that the recipe reads and does not name; experts of no task have none. */
export function missingEvidence(recipe: Recipe, library: LibraryCard): readonly WorkRequest[] {
  return neededEvidence(recipe)
    .filter(({ id }) => id === undefined)
    .flatMap((needed) => requestFor(needed, recipe, library) ?? []);
}

function requestFor(
  { kind, expert }: NeededEvidence,
  recipe: Recipe,
  { experts }: LibraryCard,
): WorkRequest | undefined {
  const task = experts.find(({ id }) => id === expert)?.task;
  if (task === undefined) return undefined;
  const of = stepOf(recipe, expert);
  switch (kind) {
    case "mask":
      return { kind: "localise", ...of, spec: localiseSpec.parse({}) };
    case "fisher":
      return { kind: "fisher", ...of, spec: fisherSpec.parse({}) };
    case "gram":
      return { kind: "gram", ...of, spec: gramSpec.parse({}) };
    case "sensitivity":
      return { kind: "calibrate", task, expert, spec: talosSpec.parse({}) };
    default:
      return kind satisfies never;
  }
}

/** AdaMerging of the recipe's enabled experts at their stop steps. */
export function adamergeRequest(
  recipe: Recipe,
  spec: AdamergeRequest["spec"] = adamergingSpec.parse({}),
): AdamergeRequest {
  const enabled = recipe.experts.filter((expert) => expert.enabled);
  return { kind: "adamerge", experts: enabled.map(({ id }) => stepOf(recipe, id)), spec };
}

function stepOf({ experts }: Recipe, id: string): ExpertStep {
  const step = experts.find((expert) => expert.id === id)?.step;
  return step === undefined ? { expert: id } : { expert: id, step };
}

/** What the request makes or is about, in the user's words. */
export function titleOf(request: WorkRequest, library: LibraryCard | undefined): string {
  switch (request.kind) {
    case "train":
      return request.label;
    case "calibrate":
      return library?.tasks.find(({ id }) => id === request.task)?.label ?? request.task;
    case "localise":
    case "fisher":
    case "gram":
      return labelOf(request, library);
    case "adamerge":
      return request.experts.map((of) => labelOf(of, library)).join(" + ");
    default:
      return request satisfies never;
  }
}

function labelOf({ expert }: ExpertStep, library: LibraryCard | undefined): string {
  return library?.experts.find(({ id }) => id === expert)?.label ?? expert;
}
