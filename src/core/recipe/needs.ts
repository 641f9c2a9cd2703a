/** Which evidence a recipe reads. */
import type { EvidenceKind } from "../model/evidence.ts";
import { completeParams } from "./complete.ts";
import { builtIn, findMethod, findSparsifier, type Registry } from "./registry.ts";
import type { ContentId, ExpertId, Params, Recipe } from "./schema.ts";

/** A piece of evidence that a recipe reads; without an id it does not name any yet. */
export interface NeededEvidence {
  readonly kind: EvidenceKind;
  readonly expert: ExpertId;
  readonly id: ContentId | undefined;
}

/**
 * The evidence about enabled experts that method and enabled sparsifiers read, at least where a rule has them do so;
 * by kind, then in the recipe's order of experts.
 *
 * @throws AppError recipe/unknown-method, recipe/unknown-sparsifier, recipe/malformed
 */
export function neededEvidence(recipe: Recipe, registry: Registry = builtIn): readonly NeededEvidence[] {
  const enabled = recipe.experts.filter((expert) => expert.enabled);
  return neededKinds(recipe, registry).flatMap((kind) =>
    enabled.map(({ id: expert }) => {
      const named = recipe.evidence.find((one) => one.kind === kind && one.expert === expert);
      return { kind, expert, id: named?.id };
    }),
  );
}

/** Whether a kind is needed hangs on one parameter at most, so every rule can be asked by itself. */
function neededKinds(recipe: Recipe, registry: Registry): readonly EvidenceKind[] {
  const method = findMethod(registry, recipe.method.id);
  const kinds = [method.needs?.(completeParams(method, recipe.method.params, "method.params"))];
  for (const use of recipe.sparsifiers) {
    const sparsifier = findSparsifier(registry, use.id);
    if (!use.enabled || !sparsifier.needs) continue;
    for (const own of [{}, ...recipe.rules.map((rule) => ownParams(rule.set, use.id))]) {
      kinds.push(sparsifier.needs(completeParams(sparsifier, { ...use.params, ...own }, use.id)));
    }
  }
  return [...new Set(kinds)].filter((kind) => kind !== undefined).sort();
}

/** What a rule sets of one sparsifier's parameters. */
function ownParams(set: Params, sparsifier: string): Params {
  const prefix = `${sparsifier}.`;
  const own = Object.entries(set).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
}
