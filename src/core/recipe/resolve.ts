/**
 * What a recipe means at every tensor and expert: global values, then the expert's, then the rules in order, later wins.
 *
 * A density set by a rule belongs to the first enabled sparsifier of the chain, whatever that would have chosen;
 * with no enabled sparsifier it trims the task vector by magnitude, tensor by tensor.
 */
import type { Warning } from "../summary.ts";
import { storedDensity } from "./density.ts";
import { describeRule } from "./describe-rule.ts";
import { createMatcher, type Matchable, type Matcher } from "./match.ts";
import type { ExpertId, Params, Recipe } from "./schema.ts";

/** One expert at one tensor. Rule indices point into `recipe.rules`; undefined = no rule. */
export interface ResolvedSite {
  readonly expert: ExpertId;
  readonly weight: number;
  readonly weightRule: number | undefined;
  /** Set by a rule, 0…1; undefined where the sparsifiers decide. */
  readonly density: number | undefined;
  readonly densityRule: number | undefined;
  /** Sparsifier parameters that rules set here, by "<sparsifier>.<param>"; undefined = none. */
  readonly overrides: Params | undefined;
}

export interface ResolvedTensor {
  readonly name: string;
  readonly lambda: number;
  readonly lambdaRule: number | undefined;
  /** "base", an expert, or undefined when the tensor is merged. */
  readonly keep: "base" | ExpertId | undefined;
  readonly keepRule: number | undefined;
  /** One per expert of the recipe, disabled ones too, in its order. */
  readonly sites: readonly ResolvedSite[];
}

export interface ResolvedRecipe {
  /** In the order of the given tensors. */
  readonly tensors: readonly ResolvedTensor[];
  /** Rules that match nothing, and rules that later ones hide. */
  readonly warnings: readonly Warning[];
}

const matchers = new WeakMap<readonly Matchable[], Matcher>();

/** Resolves a recipe over these tensors; pass the same list again and its globs are not matched again. */
export function resolveRecipe(recipe: Recipe, tensors: readonly Matchable[]): ResolvedRecipe {
  let match = matchers.get(tensors);
  if (!match) {
    match = createMatcher(tensors);
    matchers.set(tensors, match);
  }
  const winners = findWinners(recipe, tensors.length, match);
  return { tensors: readTensors(recipe, tensors, winners), warnings: lint(recipe, winners) };
}

/** For every key that rules set, the index of the rule that won at each tensor (T) or site (T × K); −1 = none. */
interface Winners {
  readonly lambda: Int32Array;
  readonly keep: Int32Array;
  readonly sites: ReadonlyMap<string, Int32Array>;
  /** Tensors that each rule matched. */
  readonly matched: readonly number[];
}

function findWinners({ rules, experts }: Recipe, count: number, match: Matcher): Winners {
  const none = (n: number) => new Int32Array(n).fill(-1);
  const lambda = none(count);
  const keep = none(count);
  const sites = new Map<string, Int32Array>();

  const matched = rules.map((rule, r) => {
    const found = match(rule.match);
    const members = expertIndices(rule.experts, experts);
    if (rule.keep !== undefined) for (const t of found) keep[t] = r;
    for (const key of Object.keys(rule.set)) {
      if (key === "lambda") {
        for (const t of found) lambda[t] = r;
        continue;
      }
      let won = sites.get(key);
      if (!won) {
        won = none(count * experts.length);
        sites.set(key, won);
      }
      for (const t of found) for (const k of members) won[t * experts.length + k] = r;
    }
    return found.length;
  });
  return { lambda, keep, sites, matched };
}

function expertIndices(ids: readonly string[] | undefined, experts: Recipe["experts"]): readonly number[] {
  const all = experts.map((_, k) => k);
  return ids ? all.filter((k) => ids.includes(experts[k].id)) : all;
}

function readTensors(
  { rules, experts, lambda }: Recipe,
  tensors: readonly Matchable[],
  winners: Winners,
): readonly ResolvedTensor[] {
  const untouched = experts.map((expert) => ({ ...plainSite, expert: expert.id, weight: expert.weight + 0 }));
  const winnerOf = (won: Int32Array, at: number) => (won[at] < 0 ? undefined : won[at]);

  return tensors.map(({ name }, t) => {
    const lambdaRule = winnerOf(winners.lambda, t);
    const keepRule = winnerOf(winners.keep, t);
    return {
      name,
      lambda: (lambdaRule === undefined ? lambda : Number(rules[lambdaRule].set.lambda)) + 0,
      lambdaRule,
      keep: keepRule === undefined ? undefined : rules[keepRule].keep,
      keepRule,
      sites: untouched.map((site, k) => readSite(site, rules, winners.sites, t * experts.length + k)),
    };
  });
}

const plainSite = {
  weightRule: undefined,
  density: undefined,
  densityRule: undefined,
  overrides: undefined,
} satisfies Partial<ResolvedSite>;

/** The given site itself where no rule says anything. */
function readSite(
  plain: ResolvedSite,
  rules: Recipe["rules"],
  winners: Winners["sites"],
  at: number,
): ResolvedSite {
  let site = plain;
  for (const [key, won] of winners) {
    const rule = won[at];
    if (rule < 0) continue;
    const value = rules[rule].set[key];
    if (key === "weight") site = { ...site, weight: Number(value) + 0, weightRule: rule };
    else if (key === "density") site = { ...site, density: storedDensity(Number(value)), densityRule: rule };
    else site = { ...site, overrides: { ...site.overrides, [key]: value } };
  }
  return site;
}

function lint({ rules, experts }: Recipe, winners: Winners): readonly Warning[] {
  const wins = new Uint8Array(rules.length);
  for (const won of [winners.lambda, winners.keep, ...winners.sites.values()]) {
    for (const rule of won) if (rule >= 0) wins[rule] = 1;
  }
  const warnings: Warning[] = [];
  rules.forEach((rule, r) => {
    const says = Object.keys(rule.set).length > 0 || rule.keep !== undefined;
    const details = { rule: r, match: describeRule(rule) };
    if (winners.matched[r] === 0) {
      const message = `Rule ${r + 1} (${details.match}) matches no tensor.`;
      warnings.push({ code: "rule/no-match", message, details });
    } else if (!wins[r] && rule.experts && expertIndices(rule.experts, experts).length === 0) {
      const message = `Rule ${r + 1} (${details.match}) is for experts that the recipe does not have.`;
      warnings.push({ code: "rule/no-match", message, details });
    } else if (says && experts.length > 0 && !wins[r]) {
      const message = `Rule ${r + 1} (${details.match}) has no effect: later rules set the same values everywhere.`;
      warnings.push({ code: "rule/shadowed", message, details });
    }
  });
  return warnings;
}
