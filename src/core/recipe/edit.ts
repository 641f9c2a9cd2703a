/**
 * Pure edits of a recipe's sentence: base + experts → sparsifiers → method × λ. Edits of single tensors are in edit-tensors.ts.
 *
 * Every edit returns the same object when it changes nothing, so that the store, the history and the merge stay quiet.
 */
import type { MergeMethod } from "../methods/method.ts";
import { checkParam, completeParams, type ParamValue } from "./complete.ts";
import { parseRule } from "./parse.ts";
import type { Preset } from "./preset.ts";
import { builtIn, findMethod, findSparsifier, type Registry } from "./registry.ts";
import type { ExpertId, Recipe, RecipeExpert, Rule, SparsifierUse } from "./schema.ts";

/** λ and weights go from −2 to 2; a value beyond is moved to the nearer end. */
const clamp = (value: number) => Math.min(2, Math.max(-2, Number(value.toFixed(6)))) + 0;

/** Sets the global λ, six decimals, −2…2. */
export function setLambda(recipe: Recipe, lambda: number): Recipe {
  return patch(recipe, { lambda: clamp(lambda) });
}

/** Sets the seed of all random masks, 0…2³²−1. */
export function setSeed(recipe: Recipe, seed: number): Recipe {
  return patch(recipe, { seed: seed >>> 0 });
}

/** Sets what merged tensors are rounded to. */
export function setOutDtype(recipe: Recipe, outDtype: Recipe["outDtype"]): Recipe {
  return patch(recipe, { outDtype });
}

/** Changes to another method with its own parameters, chain and λ; base, experts, rules and locks stay. @throws AppError recipe/unknown-method */
export function setMethod(recipe: Recipe, id: string, registry: Registry = builtIn): Recipe {
  return id === recipe.method.id ? recipe : { ...recipe, ...startOf(findMethod(registry, id), registry) };
}

/** Changes method, chain and λ to the preset's; base, experts, rules and locks stay. @throws AppError recipe/unknown-method */
export function applyPreset(recipe: Recipe, preset: Preset, registry: Registry = builtIn): Recipe {
  const method = findMethod(registry, preset.method.id);
  return patch(recipe, {
    ...startOf(method, registry),
    method: { id: method.id, params: completeParams(method, preset.method.params, "method.params") },
    sparsifiers: preset.sparsifiers.map((use) => newSparsifier(use, registry)),
    ...(preset.lambda === undefined ? {} : { lambda: preset.lambda }),
  });
}

/** What a new recipe of this method has for method, chain and λ (1 where the method has none). */
export function startOf(
  method: MergeMethod,
  registry: Registry = builtIn,
): Pick<Recipe, "method" | "sparsifiers" | "lambda"> {
  return {
    method: { id: method.id, params: completeParams(method, {}, "method.params") },
    sparsifiers: (method.sparsifiers ?? []).map((use) => newSparsifier(use, registry)),
    lambda: method.lambda === "none" ? 1 : method.lambda.default,
  };
}

/** Sets one parameter of the method. @throws AppError recipe/malformed when it is unknown or out of range */
export function setMethodParam(
  recipe: Recipe,
  key: string,
  value: ParamValue,
  registry: Registry = builtIn,
): Recipe {
  const { id, params } = recipe.method;
  const checked = checkParam(findMethod(registry, id), key, value, "method.params");
  return patch(recipe, { method: patch(recipe.method, { params: patch(params, { [key]: checked }) }) });
}

/** Adds a sparsifier with its defaults, at the end or before `index`. @throws AppError recipe/unknown-sparsifier */
export function addSparsifier(
  recipe: Recipe,
  id: string,
  index: number = recipe.sparsifiers.length,
  registry: Registry = builtIn,
): Recipe {
  const use = newSparsifier({ id, params: {} }, registry);
  return { ...recipe, sparsifiers: recipe.sparsifiers.toSpliced(index, 0, use) };
}

/** Takes a sparsifier out of the chain. */
export function removeSparsifier(recipe: Recipe, index: number): Recipe {
  if (!(index in recipe.sparsifiers)) return recipe;
  return { ...recipe, sparsifiers: recipe.sparsifiers.toSpliced(index, 1) };
}

/** Moves a sparsifier to another place of the chain. */
export function moveSparsifier(recipe: Recipe, from: number, to: number): Recipe {
  const { sparsifiers } = recipe;
  const target = Math.min(sparsifiers.length - 1, Math.max(0, to));
  if (!(from in sparsifiers) || from === target) return recipe;
  return { ...recipe, sparsifiers: sparsifiers.toSpliced(from, 1).toSpliced(target, 0, sparsifiers[from]) };
}

/** Switches a sparsifier on or off without taking it out; without `enabled` to the other of the two. */
export function toggleSparsifier(recipe: Recipe, index: number, enabled?: boolean): Recipe {
  return patchAt(recipe, index, (use) => patch(use, { enabled: enabled ?? !use.enabled }));
}

/** Sets one parameter of a sparsifier of the chain. @throws AppError recipe/malformed when it is unknown or out of range */
export function setSparsifierParam(
  recipe: Recipe,
  index: number,
  key: string,
  value: ParamValue,
  registry: Registry = builtIn,
): Recipe {
  return patchAt(recipe, index, (use) => {
    const checked = checkParam(findSparsifier(registry, use.id), key, value, `sparsifiers.${index}.params`);
    return patch(use, { params: patch(use.params, { [key]: checked }) });
  });
}

/** Chooses an expert's checkpoint; undefined = its last one. */
export function setExpertStep(recipe: Recipe, id: ExpertId, step: number | undefined): Recipe {
  return patchExperts(recipe, (expert) => (expert.id === id ? withStep(expert, step) : expert));
}

/** Chooses the same step for all experts; undefined = everyone's last. */
export function setAllSteps(recipe: Recipe, step: number | undefined): Recipe {
  return patchExperts(recipe, (expert) => withStep(expert, step));
}

/** Sets an expert's weight, six decimals, −2…2. */
export function setExpertWeight(recipe: Recipe, id: ExpertId, weight: number): Recipe {
  return patchExperts(recipe, (expert) =>
    expert.id === id ? patch(expert, { weight: clamp(weight) }) : expert,
  );
}

/** Lets an expert take part or not. */
export function setExpertEnabled(recipe: Recipe, id: ExpertId, enabled: boolean): Recipe {
  return patchExperts(recipe, (expert) => (expert.id === id ? patch(expert, { enabled }) : expert));
}

/** Adds an expert at its last checkpoint with weight 1; one that is there already stays as it is. */
export function addExpert(recipe: Recipe, id: ExpertId): Recipe {
  if (recipe.experts.some((expert) => expert.id === id)) return recipe;
  return { ...recipe, experts: [...recipe.experts, { id, enabled: true, weight: 1 }] };
}

/** Takes an expert out with its evidence, and out of the rules: a rule only for it goes, tensors kept from it are merged again. */
export function removeExpert(recipe: Recipe, id: ExpertId): Recipe {
  if (!recipe.experts.some((expert) => expert.id === id)) return recipe;
  const experts = recipe.experts.filter((expert) => expert.id !== id);
  const evidence = recipe.evidence.filter(({ expert }) => expert !== id);
  return { ...recipe, experts, evidence, rules: recipe.rules.flatMap((rule) => withoutExpert(rule, id)) };
}

/** Adds a rule, last unless `index` says otherwise; last wins. @throws AppError recipe/malformed when it sets something out of range */
export function addRule(
  recipe: Recipe,
  rule: Rule,
  index: number = recipe.rules.length,
  registry: Registry = builtIn,
): Recipe {
  const parsed = parseRule(rule, `rules.${index}`, registry);
  return { ...recipe, rules: recipe.rules.toSpliced(index, 0, parsed) };
}

/** Takes a rule out. */
export function removeRule(recipe: Recipe, index: number): Recipe {
  return index in recipe.rules ? { ...recipe, rules: recipe.rules.toSpliced(index, 1) } : recipe;
}

function newSparsifier(use: Pick<SparsifierUse, "id"> & Preset["sparsifiers"][number], registry: Registry) {
  const params = completeParams(findSparsifier(registry, use.id), use.params, `sparsifiers.${use.id}`);
  return { id: use.id, enabled: true, params };
}

function withStep(expert: RecipeExpert, step: number | undefined): RecipeExpert {
  if (expert.step === step) return expert;
  const { step: _, ...rest } = expert;
  return step === undefined ? rest : { ...rest, step };
}

function withoutExpert(rule: Rule, id: ExpertId): Rule[] {
  const { keep, experts, ...rest } = rule;
  const others = experts?.filter((other) => other !== id);
  const hadKeep = keep === id;
  if (!hadKeep && others?.length === experts?.length) return [rule];
  const kept = hadKeep || keep === undefined ? {} : { keep };
  if (others?.length !== 0) {
    const left = { ...rest, ...kept, ...(others ? { experts: others } : {}) };
    return Object.keys(left.set).length > 0 || left.keep !== undefined ? [left] : [];
  }
  // Only λ and keep reach beyond the rule's experts.
  const set = "lambda" in rest.set ? { lambda: rest.set.lambda } : {};
  return "lambda" in set || "keep" in kept ? [{ ...rest, set, ...kept }] : [];
}

function patchAt(recipe: Recipe, index: number, change: (use: SparsifierUse) => SparsifierUse): Recipe {
  const use = recipe.sparsifiers[index];
  if (!use) return recipe;
  const next = change(use);
  return next === use ? recipe : { ...recipe, sparsifiers: recipe.sparsifiers.with(index, next) };
}

function patchExperts(recipe: Recipe, change: (expert: RecipeExpert) => RecipeExpert): Recipe {
  const experts = recipe.experts.map(change);
  return experts.every((expert, k) => expert === recipe.experts[k]) ? recipe : { ...recipe, experts };
}

/** The same object when every patched value is there already; nested plain data compare by content. */
function patch<T extends object>(object: T, values: Partial<T>): T {
  const current = new Map(Object.entries(object));
  const isSame = Object.entries(values).every(
    ([key, value]) => current.has(key) && sameData(current.get(key), value),
  );
  return isSame ? object : { ...object, ...values };
}

function sameData(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || (typeof a === "object" && JSON.stringify(a) === JSON.stringify(b));
}
