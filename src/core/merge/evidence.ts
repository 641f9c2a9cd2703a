/** Finds the evidence that a plan reads. */
import { AppError } from "../errors.ts";
import type { Evidence, EvidenceKind } from "../model/evidence.ts";
import type { ModelLibrary } from "../model/library.ts";
import type { ExpertId, Recipe } from "../recipe/schema.ts";
import type { Warning } from "../summary.ts";
import type { Opened } from "./open.ts";

export interface Witnesses {
  /** @throws AppError recipe/missing-evidence when the recipe names none, or none that is here and of this kind and base */
  of(kind: EvidenceKind, expert: ExpertId): Evidence;
  /** On what was found so far. */
  readonly warnings: readonly Warning[];
}

/** Looks up what the recipe names; each piece once. */
export function callWitnesses(recipe: Recipe, { enabled }: Opened, library: ModelLibrary): Witnesses {
  const found = new Map<string, Evidence>();
  const warnings: Warning[] = [];

  function find(kind: EvidenceKind, expert: ExpertId): Evidence {
    const named = recipe.evidence.find((one) => one.kind === kind && one.expert === expert);
    const evidence = named && library.evidence(named.id);
    const isUsable = evidence?.about.kind === kind && evidence.about.base === library.base.id;
    if (!evidence || !isUsable) throw missing(kind, expert, named?.id);
    const checkpoint = enabled.find(({ id }) => id === expert)?.checkpoint;
    const isOfBase = kind === "sensitivity" && evidence.about.checkpoint === library.base.id;
    if (evidence.about.checkpoint !== checkpoint?.id && !isOfBase) warnings.push(otherStep(evidence, expert));
    return evidence;
  }

  return {
    of(kind, expert) {
      const key = `${kind} ${expert}`;
      const evidence = found.get(key) ?? find(kind, expert);
      found.set(key, evidence);
      return evidence;
    },
    warnings,
  };
}

/** How messages call each kind. */
const names: Readonly<Record<EvidenceKind, string>> = {
  mask: "trained mask",
  fisher: "Fisher information",
  gram: "Gram matrices of layer inputs",
  sensitivity: "sensitivity",
};

function missing(kind: EvidenceKind, expert: ExpertId, id: string | undefined): AppError {
  const why = id === undefined ? "The recipe has no" : "What the recipe names is not here:";
  return new AppError(
    "recipe/missing-evidence",
    `${why} ${names[kind]} for “${expert}”. Compute it, or drop its file.`,
    { kind, expert, ...(id === undefined ? {} : { id }) },
  );
}

function otherStep({ about: { kind, step } }: Evidence, expert: ExpertId): Warning {
  const at = step === undefined ? "another checkpoint" : `step ${step}`;
  return {
    code: "evidence/other-step",
    message: `The ${names[kind]} for “${expert}” was measured at ${at}, not at the checkpoint that is merged.`,
    details: { kind, expert, ...(step === undefined ? {} : { step }) },
  };
}
