/**
 * Pure edits of single tensors, written as rules that name them ("by hand"), one rule for all tensors that one edit set alike.
 *
 * The newest edit is the last rule, so it wins. What it replaces is taken out of older hand rules, so editing the same
 * tensor again and again adds nothing. Locked tensors are skipped by edits of more than one tensor and by resets.
 * Every edit returns the same object when it changes nothing.
 */
import { storedDensity } from "./density.ts";
import type { ExpertId, Recipe, Rule } from "./schema.ts";

/** Sets the density of tensors for some experts (undefined = all), six decimals; undefined gives it back to the rules. */
export function setTensorDensity(
  recipe: Recipe,
  names: readonly string[],
  experts: readonly ExpertId[] | undefined,
  density: number | undefined,
): Recipe {
  const value = density === undefined ? undefined : storedDensity(density);
  return setByHand(recipe, unlockedOf(recipe, names), "density", experts, value);
}

/** Sets experts' weight at tensors (experts undefined = all), −2…2; undefined gives it back to the rules. */
export function setTensorWeight(
  recipe: Recipe,
  names: readonly string[],
  experts: readonly ExpertId[] | undefined,
  weight: number | undefined,
): Recipe {
  const value = weight === undefined ? undefined : Math.min(2, Math.max(-2, weight)) + 0;
  return setByHand(recipe, unlockedOf(recipe, names), "weight", experts, value);
}

/** Sets tensors' own λ, −2…2; undefined gives it back to the rules. */
export function setTensorLambda(
  recipe: Recipe,
  names: readonly string[],
  lambda: number | undefined,
): Recipe {
  const value = lambda === undefined ? undefined : Math.min(2, Math.max(-2, lambda)) + 0;
  return setByHand(recipe, unlockedOf(recipe, names), "lambda", undefined, value);
}

/** Leaves tensors at base, or takes them whole from one expert; undefined gives them back to the rules. */
export function setTensorKeep(
  recipe: Recipe,
  names: readonly string[],
  keep: "base" | ExpertId | undefined,
): Recipe {
  return setByHand(recipe, unlockedOf(recipe, names), "keep", undefined, keep);
}

/** Takes back everything that was set by hand at one tensor; nothing if it is locked. */
export function resetTensor(recipe: Recipe, name: string): Recipe {
  return resetTensors(recipe, (other) => other === name);
}

/** Takes back everything that was set by hand, except at locked tensors; rules by glob and role stay. */
export function resetAll(recipe: Recipe): Recipe {
  return resetTensors(recipe, () => true);
}

/** Locks tensors against bulk edits, resets and budget matches, or unlocks them. */
export function setLocked(recipe: Recipe, names: readonly string[], locked: boolean): Recipe {
  const locks = new Set(recipe.locks);
  for (const name of names) locked ? locks.add(name) : locks.delete(name);
  return locks.size === recipe.locks.length ? recipe : { ...recipe, locks: [...locks] };
}

/** A key of `Rule.set` that belongs to hand edits, or the rule's keep. */
type HandKey = "density" | "weight" | "lambda" | "keep";

function setByHand(
  recipe: Recipe,
  names: readonly string[],
  key: HandKey,
  experts: readonly ExpertId[] | undefined,
  value: number | string | undefined,
): Recipe {
  const scope = scopeOf(recipe, experts);
  if (names.length === 0 || scope?.length === 0) return recipe;
  const wanted = new Set(names);
  if (value !== undefined && [...wanted].every((name) => isLast(recipe.rules, name, key, scope, value))) {
    return recipe;
  }
  const isOld = (rule: Rule) => read(rule, key) !== undefined && overlaps(rule.experts, scope);
  if (value === undefined) {
    const all = recipe.experts.map(({ id }) => id);
    const rules = recipe.rules.flatMap((rule) =>
      isOld(rule) ? without(rule, wanted, key, expertsBeyond(rule, scope, all)) : [rule],
    );
    return sameRules(rules, recipe.rules) ? recipe : { ...recipe, rules };
  }
  // An older rule that also speaks of other experts stays whole: the new one wins where both speak.
  const rules = recipe.rules.flatMap((rule) =>
    isOld(rule) && isWithin(rule.experts, scope) ? without(rule, wanted, key, []) : [rule],
  );
  return { ...recipe, rules: append(rules, [...wanted], key, scope, value) };
}

/** The experts in the recipe's order; undefined when it is all of them. */
function scopeOf({ experts }: Recipe, ids: readonly ExpertId[] | undefined): ExpertId[] | undefined {
  if (!ids) return undefined;
  const scope = experts.map(({ id }) => id).filter((id) => ids.includes(id));
  return scope.length === experts.length ? undefined : scope;
}

/** Whether this is what the newest rule about the key says of this tensor and exactly these experts. */
function isLast(
  rules: readonly Rule[],
  name: string,
  key: HandKey,
  scope: readonly ExpertId[] | undefined,
  value: number | string,
): boolean {
  const newest = rules.findLast(
    (rule) => read(rule, key) !== undefined && overlaps(rule.experts, scope) && mayMatch(rule, name),
  );
  return newest?.match.names !== undefined && read(newest, key) === value && sameScope(newest.experts, scope);
}

/** Rules by glob or role count as matching: an edit by hand must come after them. */
function mayMatch({ match }: Rule, name: string): boolean {
  return match.names?.includes(name) ?? true;
}

function overlaps(a: readonly ExpertId[] | undefined, b: readonly ExpertId[] | undefined): boolean {
  return !a || !b || a.some((id) => b.includes(id));
}

function sameScope(a: readonly ExpertId[] | undefined, b: readonly ExpertId[] | undefined): boolean {
  return a?.length === b?.length && (a ?? []).every((id) => b?.includes(id));
}

function isWithin(experts: readonly ExpertId[] | undefined, scope: readonly ExpertId[] | undefined): boolean {
  return !scope || (experts?.every((id) => scope.includes(id)) ?? false);
}

/** The experts that a rule speaks of beyond a scope. */
function expertsBeyond(
  { experts }: Rule,
  scope: readonly ExpertId[] | undefined,
  all: readonly ExpertId[],
): ExpertId[] {
  return scope ? (experts ?? all).filter((id) => !scope.includes(id)) : [];
}

function read(rule: Rule, key: HandKey): number | boolean | string | undefined {
  return key === "keep" ? rule.keep : rule.set[key];
}

/** The hand rule less what it says of the key at these tensors, except for these experts: nothing, itself, or its parts. */
function without(rule: Rule, names: ReadonlySet<string>, key: HandKey, experts: ExpertId[]): Rule[] {
  if (!isHand(rule)) return [rule];
  const [inside, outside] = split(rule.match.names, names);
  if (inside.length === 0) return [rule];

  const parts: Rule[] = [];
  if (outside.length > 0) parts.push({ ...rule, match: { ...rule.match, names: outside } });
  const left = { ...withoutKey(rule, key), match: { ...rule.match, names: inside } };
  if (!isEmpty(left)) parts.push(left);
  if (experts.length > 0) {
    parts.push({ match: { names: inside }, experts, set: { [key]: rule.set[key] } });
  }
  return parts;
}

function append(
  rules: readonly Rule[],
  names: string[],
  key: HandKey,
  scope: ExpertId[] | undefined,
  value: number | string,
): Rule[] {
  const said = key === "keep" ? { set: {}, keep: String(value) } : { set: { [key]: value } };
  const added: HandRule = { match: { names }, ...(scope ? { experts: scope } : {}), ...said };
  const last = rules.at(-1);
  if (!last || !isHand(last) || !saysTheSame(last, added)) return [...rules, added];
  return [...rules.slice(0, -1), { ...last, match: { names: [...last.match.names, ...names] } }];
}

function saysTheSame(a: Rule, b: Rule): boolean {
  const said = ({ set, keep, experts }: Rule) => JSON.stringify([set, keep, experts]);
  return said(a) === said(b);
}

function resetTensors(recipe: Recipe, chosen: (name: string) => boolean): Recipe {
  const locks = new Set(recipe.locks);
  const rules = recipe.rules.flatMap((rule) => {
    if (!isHand(rule)) return [rule];
    const names = rule.match.names.filter((name) => locks.has(name) || !chosen(name));
    if (names.length === rule.match.names.length) return [rule];
    return names.length === 0 ? [] : [{ ...rule, match: { ...rule.match, names } }];
  });
  return sameRules(rules, recipe.rules) ? recipe : { ...recipe, rules };
}

function unlockedOf({ locks }: Recipe, names: readonly string[]): readonly string[] {
  return names.length > 1 && locks.length > 0 ? names.filter((name) => !locks.includes(name)) : names;
}

type HandRule = Rule & { match: { names: string[] } };

/** A rule that names tensors and asks nothing else of them. */
function isHand(rule: Rule): rule is HandRule {
  return rule.match.names !== undefined && rule.match.glob === undefined && rule.match.role === undefined;
}

function split(all: readonly string[], chosen: ReadonlySet<string>): readonly [string[], string[]] {
  return [all.filter((name) => chosen.has(name)), all.filter((name) => !chosen.has(name))];
}

function withoutKey({ keep, ...rule }: Rule, key: HandKey): Rule {
  if (key === "keep") return rule;
  const set = Object.fromEntries(Object.entries(rule.set).filter(([other]) => other !== key));
  return { ...rule, set, ...(keep === undefined ? {} : { keep }) };
}

function isEmpty({ set, keep }: Rule): boolean {
  return Object.keys(set).length === 0 && keep === undefined;
}

function sameRules(a: readonly Rule[], b: readonly Rule[]): boolean {
  return a.length === b.length && a.every((rule, i) => rule === b[i]);
}
