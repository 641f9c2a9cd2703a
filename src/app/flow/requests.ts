/** Requests for what the recipe on screen lacks, with every option at its default; and what requests are about. */
import { adamergingSpec } from "#core/adamerging/spec.ts";
import { localiseSpec } from "#core/localise/spec.ts";
import type { EvidenceAbout, EvidenceKind } from "#core/model/evidence.ts";
import { hasOwnVectors } from "#core/recipe/alone.ts";
import { type NeededEvidence, neededEvidence } from "#core/recipe/needs.ts";
import type { ContentId, ExpertId, Recipe } from "#core/recipe/schema.ts";
import { fisherSpec } from "#core/statistics/fisher.ts";
import { gramSpec } from "#core/statistics/gram.ts";
import type { EvidenceCard, LibraryCard } from "#core/summary.ts";
import { talosSpec } from "#core/talos/spec.ts";
import type { AdamergeRequest, ExpertStep, WorkRequest } from "#workers/protocol/optimise.ts";

/** A piece of evidence that a recipe reads and that it names none of, or none that is here and of the stop step. */
export interface MissingEvidence {
  readonly kind: EvidenceKind;
  readonly expert: ExpertId;
  /** Measured already, at the stop step: the recipe has only to name it. */
  readonly known: ContentId | undefined;
  /** Absent for experts of no task: there is nothing to measure them on. */
  readonly request: WorkRequest | undefined;
}

/** What the recipe lacks, by kind, then in its order of experts. @throws AppError recipe/unknown-…, recipe/malformed */
export function missingEvidence(
  recipe: Recipe,
  library: LibraryCard,
  evidence: readonly EvidenceCard[],
): readonly MissingEvidence[] {
  return neededEvidence(recipe)
    .filter(
      ({ kind, id }) =>
        !evidence.some(
          (card) => card.id === id && card.about.kind === kind && isOfStopStep(card.about, recipe, library),
        ),
    )
    .map((needed) => ({
      kind: needed.kind,
      expert: needed.expert,
      known: knownFor(needed, recipe, library, evidence)?.id,
      request: requestFor(needed, recipe, library),
    }));
}

/** Whether it speaks of the checkpoint that the recipe merges; a sensitivity is the base's. */
export function isOfStopStep(
  { kind, expert, base, step }: EvidenceAbout,
  recipe: Recipe,
  { experts }: Pick<LibraryCard, "experts">,
): boolean {
  const last = experts.find(({ id }) => id === expert)?.checkpoints.at(-1)?.step;
  const isOfStep = kind === "sensitivity" || step === (stepOf(recipe, expert).step ?? last);
  return base === recipe.base && isOfStep;
}

/** The newest that speaks of what the recipe merges. */
function knownFor(
  { kind, expert }: NeededEvidence,
  recipe: Recipe,
  library: LibraryCard,
  evidence: readonly EvidenceCard[],
): EvidenceCard | undefined {
  return evidence.findLast(
    ({ about }) => about.kind === kind && about.expert === expert && isOfStopStep(about, recipe, library),
  );
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

/** AdaMerging of the recipe's enabled experts at their stop steps: of their task vectors, or of what the recipe makes of them. */
export function adamergeRequest(
  recipe: Recipe,
  spec: AdamergeRequest["spec"] = adamergingSpec.parse({}),
  isOfRecipe = false,
): AdamergeRequest {
  const enabled = recipe.experts.filter((expert) => expert.enabled);
  const experts = enabled.map(({ id }) => stepOf(recipe, id));
  return { kind: "adamerge", experts, spec, ...(isOfRecipe && hasOwnVectors(recipe) && { of: recipe }) };
}

/** The expert at the stop step that the recipe has for it; at its last where it has none. */
export function stepOf({ experts }: Recipe, id: ExpertId): ExpertStep {
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
