/** The same recipe with its experts under other ids. */
import type { ExpertId, Recipe } from "./schema.ts";

/** Renames experts everywhere; ids without a new name stay. Random masks are drawn by id, so they change with it. */
export function renameExperts(recipe: Recipe, names: ReadonlyMap<ExpertId, ExpertId>): Recipe {
  const named = (id: ExpertId) => names.get(id) ?? id;
  return {
    ...recipe,
    experts: recipe.experts.map((expert) => ({ ...expert, id: named(expert.id) })),
    rules: recipe.rules.map((rule) => ({
      ...rule,
      ...(rule.experts && { experts: rule.experts.map(named) }),
      ...(rule.keep !== undefined && { keep: named(rule.keep) }),
    })),
    evidence: recipe.evidence.map((one) => ({ ...one, expert: named(one.expert) })),
  };
}
