/** Pure edits of what data said about a recipe's experts. They return the same object when they change nothing. */
import type { EvidenceKind } from "../model/evidence.ts";
import type { ContentId, ExpertId, Recipe } from "./schema.ts";

/** Names the evidence of a kind about an expert, in the place of what was named before. An expert that the recipe does not have changes nothing. */
export function setEvidence(recipe: Recipe, kind: EvidenceKind, expert: ExpertId, id: ContentId): Recipe {
  const index = find(recipe, kind, expert);
  if (recipe.evidence[index]?.id === id || recipe.experts.every((one) => one.id !== expert)) return recipe;
  const named = { kind, expert, id };
  const evidence = index < 0 ? [...recipe.evidence, named] : recipe.evidence.with(index, named);
  return { ...recipe, evidence };
}

/** Forgets the evidence of a kind about an expert. */
export function removeEvidence(recipe: Recipe, kind: EvidenceKind, expert: ExpertId): Recipe {
  const index = find(recipe, kind, expert);
  return index < 0 ? recipe : { ...recipe, evidence: recipe.evidence.toSpliced(index, 1) };
}

function find({ evidence }: Recipe, kind: EvidenceKind, expert: ExpertId): number {
  return evidence.findIndex((one) => one.kind === kind && one.expert === expert);
}
