/** One name for everything that a recipe's result depends on, and nothing else. */
import { sha256 } from "@noble/hashes/sha2.js";
import { completeParams } from "./complete.ts";
import { sortedJson } from "./json.ts";
import { neededEvidence } from "./needs.ts";
import { builtIn, findMethod, findSparsifier, type Registry } from "./registry.ts";
import type { Recipe, Rule, SparsifierUse } from "./schema.ts";

/** Hex digits of a key: 128 bits, so that two recipes never share one by chance. */
const KEY_DIGITS = 32;

const known = new WeakMap<Recipe, string>();

/** Key of what a recipe computes: equal keys mean equal merges of the same files; 32 hex digits of SHA-256. */
export function recipeKey(recipe: Recipe): string {
  const key = known.get(recipe) ?? recipeKeyIn(builtIn, recipe);
  known.set(recipe, key);
  return key;
}

/** The same for a recipe of another registry. */
export function recipeKeyIn(registry: Registry, recipe: Recipe): string {
  return shortHash(sortedJson(canonical(recipe, registry)));
}

/** First 128 bits of the text's SHA-256, hex. */
export function shortHash(text: string): string {
  const bytes = sha256(new TextEncoder().encode(text)).subarray(0, KEY_DIGITS / 2);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * The recipe without what cannot change its result: disabled sparsifiers and experts, their rules, λ where the method
 * has none, locks that no sparsifier asks about, evidence that nothing reads; parameters filled with defaults.
 * @throws AppError recipe/unknown-method, recipe/unknown-sparsifier, recipe/malformed
 */
export function canonical(recipe: Recipe, registry: Registry = builtIn): Readonly<Record<string, unknown>> {
  const method = findMethod(registry, recipe.method.id);
  const chain = recipe.sparsifiers.filter((use) => use.enabled);
  const hasLambda = method.lambda !== "none";
  const rules = recipe.rules.flatMap((rule) => canonicalRule(rule, recipe, chain, hasLambda));
  const kept = new Set(rules.map((rule) => rule.keep));
  return {
    version: recipe.version,
    base: recipe.base,
    seed: recipe.seed,
    outDtype: recipe.outDtype,
    method: { id: method.id, params: completeParams(method, recipe.method.params, "method.params") },
    sparsifiers: chain.map(({ id, params }) => ({
      id,
      params: completeParams(findSparsifier(registry, id), params, id),
    })),
    experts: recipe.experts
      .filter(({ id, enabled }) => enabled || kept.has(id))
      .map(({ id, step, enabled, weight }) => (enabled ? { id, step, weight } : { id, step, enabled })),
    ...(hasLambda ? { lambda: recipe.lambda } : {}),
    rules,
    locks: locksMatter(chain, rules, registry) ? [...new Set(recipe.locks)].sort() : [],
    ...readEvidence(recipe, registry),
  };
}

/** The evidence that is read, if any: a recipe without it keeps the key that it had before evidence came. */
function readEvidence(recipe: Recipe, registry: Registry) {
  const needed = neededEvidence(recipe, registry);
  return needed.length > 0 ? { evidence: needed.filter(({ id }) => id !== undefined) } : {};
}

/** What is left of a rule: nothing, or one. */
function canonicalRule(
  { match, experts, set, keep }: Rule,
  recipe: Recipe,
  chain: readonly SparsifierUse[],
  hasLambda: boolean,
): Rule[] {
  const enabled = recipe.experts.filter((expert) => expert.enabled).map(({ id }) => id);
  const members = enabled.filter((id) => experts?.includes(id) ?? true).sort();
  const ids = new Set(chain.map(({ id }) => id));
  const isOfTensor = (key: string) => key === "lambda";
  const matters = (key: string) => {
    if (isOfTensor(key)) return hasLambda;
    if (members.length === 0) return false;
    return !key.includes(".") || ids.has(key.slice(0, key.indexOf(".")));
  };
  const entries = Object.entries(set).filter(([key]) => matters(key));
  if (entries.length === 0 && keep === undefined) return [];

  const isLimited = members.length < enabled.length && entries.some(([key]) => !isOfTensor(key));
  return [
    {
      match: match.names ? { ...match, names: [...new Set(match.names)].sort() } : match,
      ...(isLimited ? { experts: members } : {}),
      set: Object.fromEntries(entries),
      ...(keep === undefined ? {} : { keep }),
    },
  ];
}

/** Locks matter to sparsifiers with a pass over the whole expert, if they take it or a rule could make them. */
function locksMatter(chain: readonly SparsifierUse[], rules: readonly Rule[], registry: Registry): boolean {
  return chain.some(({ id, params }) => {
    const sparsifier = findSparsifier(registry, id);
    const { prepare } = sparsifier;
    if (!prepare) return false;
    const isOverridden = rules.some(({ set }) => Object.keys(set).some((key) => key.startsWith(`${id}.`)));
    return isOverridden || prepare.needed(completeParams(sparsifier, params, id));
  });
}
