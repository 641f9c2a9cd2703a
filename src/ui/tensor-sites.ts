/**
 * What the page shows of one expert at one tensor: the recipe's own rules at once, the merge's answer when it arrives.
 *
 * Views keep their identity while their content stays, so that only rows that changed render again.
 */
import { ruleKind } from "#core/recipe/describe-rule.ts";
import { type ResolvedTensor, resolveRecipe } from "#core/recipe/resolve.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import type { LibraryCard, MergeSummary, SiteSummary, TensorCard, TensorSummary } from "#core/summary.ts";

/** What decided a drop rate: as in SiteSummary, with "hand" for a rule that names its tensors, "mixed" for several. */
export type Why = SiteSummary["by"] | "hand" | "mixed" | "unknown";

/** One expert at one tensor, or several of them seen as one. */
export interface SiteView {
  /** Drop rate asked for, 0…1, the mean where they differ; undefined until the first merge. */
  readonly rate: number | undefined;
  /** The least and the largest rate asked for; `rate` where they are one. */
  readonly low: number | undefined;
  readonly high: number | undefined;
  /** True when the experts' rates differ. */
  readonly isMixed: boolean;
  /** Drop rate that the merge realised for this very request; undefined while it is on its way. */
  readonly realised: number | undefined;
  /** |τ| at the cut, while it belongs to `rate`. */
  readonly threshold: number | undefined;
  /** True when the last merge cut here by size, so that a cut can be guessed until the next answer. */
  readonly isCutBySize: boolean;
  readonly why: Why;
  /** Index of the rule that won, into recipe.rules. */
  readonly rule: number | undefined;
}

export interface TensorView {
  readonly lambda: number | undefined;
  /** True when a rule set λ. */
  readonly hasOwnLambda: boolean;
  /** "base" or an expert when the tensor is not merged. */
  readonly keep: string | undefined;
  readonly isLocked: boolean;
}

/** The parts of the state that views are made of. */
export interface SiteSource {
  readonly recipe: Recipe | undefined;
  readonly library: LibraryCard | undefined;
  readonly summary: MergeSummary | undefined;
}

const resolved = new WeakMap<Recipe, readonly ResolvedTensor[]>();
const lockSets = new WeakMap<Recipe["locks"], ReadonlySet<string>>();

/** What the recipe's rules say of a tensor; resolved once per recipe. */
export function resolvedTensor(
  { recipe, library }: SiteSource,
  card: TensorCard,
): ResolvedTensor | undefined {
  if (!recipe || !library) return undefined;
  let tensors = resolved.get(recipe);
  if (!tensors) {
    tensors = resolveRecipe(recipe, library.tensors).tensors;
    resolved.set(recipe, tensors);
  }
  return atCard(tensors, card);
}

/** What the last merge did with a tensor. */
export function mergedTensor(summary: MergeSummary | undefined, card: TensorCard): TensorSummary | undefined {
  return summary && atCard(summary.tensors, card);
}

const places = new WeakMap<readonly { readonly name: string }[], ReadonlyMap<string, number>>();

/** The card's row of a list; lists are in the base's order, cards tell their depth. */
function atCard<T extends { readonly name: string }>(rows: readonly T[], card: TensorCard): T | undefined {
  let known = places.get(rows);
  if (!known) {
    known = new Map(rows.map(({ name }, place) => [name, place]));
    places.set(rows, known);
  }
  const place = known.get(card.name);
  return place === undefined ? undefined : rows[place];
}

export function isLocked(recipe: Recipe | undefined, name: string): boolean {
  if (!recipe?.locks.length) return false;
  let locks = lockSets.get(recipe.locks);
  if (!locks) {
    locks = new Set(recipe.locks);
    lockSets.set(recipe.locks, locks);
  }
  return locks.has(name);
}

function makeSite(source: SiteSource, card: TensorCard, expert: string): SiteView {
  const site = mergedTensor(source.summary, card)?.sites.find((entry) => entry.expert === expert);
  const own = resolvedTensor(source, card)?.sites.find((entry) => entry.expert === expert);
  const rule = own?.densityRule === undefined ? undefined : source.recipe?.rules[own.densityRule];
  const asked = own?.density ?? site?.aim;
  const answered = site !== undefined && asked !== undefined && Math.abs(site.aim - asked) < 1e-6;
  const rate = asked === undefined ? undefined : rateOf(asked);
  return {
    rate,
    low: rate,
    high: rate,
    isMixed: false,
    realised: answered ? rateOf(site.density) : undefined,
    threshold: answered ? site.threshold : undefined,
    isCutBySize: site?.threshold !== undefined,
    why: rule ? (ruleKind(rule) === "hand" ? "hand" : "rule") : (site?.by ?? "unknown"),
    rule: own?.densityRule,
  };
}

/** Drop rate of a density, without the dust that the subtraction leaves. */
function rateOf(density: number): number {
  return Math.round((1 - density) * 1e6) / 1e6;
}

function makeSites(source: SiteSource, card: TensorCard, experts: readonly string[]): SiteView {
  const views = experts.map((expert) => makeSite(source, card, expert));
  const [first] = views;
  if (!first) return noSite;
  if (views.length === 1) return first;
  const isMixed = views.some(({ rate }) => rate !== first.rate);
  const rates = views.map(({ rate }) => rate ?? 0);
  return {
    ...first,
    rate: isMixed ? rates.reduce((sum, rate) => sum + rate, 0) / rates.length : first.rate,
    low: isMixed ? Math.min(...rates) : first.low,
    high: isMixed ? Math.max(...rates) : first.high,
    isMixed,
    realised: undefined,
    threshold: undefined,
    why: views.every(({ why }) => why === first.why) ? first.why : "mixed",
    rule: views.every(({ rule }) => rule === first.rule) ? first.rule : undefined,
  };
}

const noSite: SiteView = {
  rate: undefined,
  low: undefined,
  high: undefined,
  isMixed: false,
  realised: undefined,
  threshold: undefined,
  isCutBySize: false,
  why: "unknown",
  rule: undefined,
};

function makeTensor(source: SiteSource, card: TensorCard): TensorView {
  const own = resolvedTensor(source, card);
  return {
    lambda: own?.lambda,
    hasOwnLambda: own?.lambdaRule !== undefined,
    keep: own?.keep,
    isLocked: isLocked(source.recipe, card.name),
  };
}

interface Entry<V> {
  readonly revision: number;
  readonly view: V;
}

/** Makes a view once per source and returns the former object while nothing in it changed. */
function remembering<V extends object>(
  make: (source: SiteSource, card: TensorCard, experts: readonly string[]) => V,
) {
  const known = new Map<string, Entry<V>>();
  let last: SiteSource | undefined;
  let revision = 0;
  return (source: SiteSource, card: TensorCard, experts: readonly string[]): V => {
    if (!last || !isSameSource(last, source)) {
      const { recipe, library, summary } = source;
      last = { recipe, library, summary };
      revision++;
    }
    const key = `${experts.join(" ")}\n${card.name}`;
    const former = known.get(key);
    if (former?.revision === revision) return former.view;
    const made = make(source, card, experts);
    const view = former && hasSameFields(former.view, made) ? former.view : made;
    known.set(key, { revision, view });
    return view;
  };
}

function isSameSource(a: SiteSource, b: SiteSource): boolean {
  return a.recipe === b.recipe && a.summary === b.summary && a.library === b.library;
}

function hasSameFields(a: object, b: object): boolean {
  const others = Object.values(b);
  return Object.values(a).every((value, i) => Object.is(value, others[i]));
}

const rememberedSite = remembering(makeSites);
const rememberedTensor = remembering(makeTensor);

/** The drop rate of some experts at one tensor and why; the same object until its content changes. */
export function siteView(source: SiteSource, card: TensorCard, experts: readonly string[]): SiteView {
  return rememberedSite(source, card, experts);
}

/** λ, keep and lock of one tensor; the same object until its content changes. */
export function tensorView(source: SiteSource, card: TensorCard): TensorView {
  return rememberedTensor(source, card, nobody);
}

const nobody: readonly string[] = [];
