/** Recipes whose merge is a weighted sum: what each expert gives to it can be taken alone. */
import { completeParams } from "./complete.ts";
import { builtIn, findMethod, type Registry } from "./registry.ts";
import type { ExpertId, Recipe } from "./schema.ts";

/** Tells whether the merge is base + λ Σ weight · vector, with vectors that depend on no weight. @throws AppError recipe/… */
export function isWeightedSum({ method: { id, params } }: Recipe, registry: Registry = builtIn): boolean {
  const method = findMethod(registry, id);
  return method.isWeightedSum?.(completeParams(method, params, "method.params")) ?? false;
}

/** Tells whether those vectors are something else than the experts' task vectors as they are. @throws AppError recipe/… */
export function hasOwnVectors(recipe: Recipe, registry: Registry = builtIn): boolean {
  if (!isWeightedSum(recipe, registry)) return false;
  const isPlain = recipe.method.id === "task-arithmetic" && recipe.sparsifiers.every((use) => !use.enabled);
  return !isPlain;
}

/**
 * Returns the recipe at λ 1 with a weight of 1 for one expert and of 0 for the others, which stay: of a weighted sum it
 * adds just that expert's vector to the base. Tensors that are kept from somebody stay at base.
 */
export function aloneOf(recipe: Recipe, expert: ExpertId): Recipe {
  return {
    ...recipe,
    lambda: 1,
    outDtype: "f32",
    experts: recipe.experts.map((one) => ({ ...one, weight: one.id === expert ? 1 : 0 })),
    rules: withoutStrengths(recipe.rules).map((rule) =>
      rule.keep === undefined ? rule : { ...rule, keep: "base" },
    ),
  };
}

/** The rules without what they set of λ and weights; rules that say nothing else are left out. */
export function withoutStrengths(rules: Recipe["rules"]): Recipe["rules"] {
  return rules.flatMap((rule) => {
    const { lambda: _lambda, weight: _weight, ...set } = rule.set;
    return Object.keys(set).length === 0 && rule.keep === undefined ? [] : [{ ...rule, set }];
  });
}
