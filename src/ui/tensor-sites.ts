/**
 * What the page shows of one expert at one tensor: the recipe's own rules at once, the merge's answer when it arrives.
 *
 * Views keep their identity while their content stays, so that only rows that changed render again.
 */
import { ruleKind } from "#core/recipe/describe-rule.ts";
import { type ResolvedTensor, resolveRecipe } from "#core/recipe/resolve.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import type { LibraryCard, MergeSummary, SiteSummary, TensorCard, TensorSummary } from "#core/summary.ts";

/** What decided a drop rate: as in SiteSummary, with "hand" for a rule that names its tensors. */
export type Why = SiteSummary["by"] | "hand" | "unknown";

export interface SiteView {
  /** Drop rate asked for, 0…1; undefined until the first merge. */
  readonly rate: number | undefined;
  /** Drop rate that the merge realised for this very request; undefined while it is on its way. */
  readonly realised: number | undefined;
  /** |τ| at the cut, while it belongs to `rate`. */
  readonly threshold: number | undefined;
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
function resolvedTensor({ recipe, library }: SiteSource, card: TensorCard): ResolvedTensor | undefined {
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

/** The row of a list in the base's order. */
function atCard<T extends { readonly name: string }>(rows: readonly T[], card: TensorCard): T | undefined {
  const row = rows[card.index];
  return row?.name === card.name ? row : undefined;
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
  const why = rule ? (ruleKind(rule) === "hand" ? "hand" : "rule") : (site?.by ?? "unknown");
  return {
    rate: asked === undefined ? undefined : 1 - asked,
    realised: answered ? 1 - site.density : undefined,
    threshold: answered ? site.threshold : undefined,
    why,
    rule: own?.densityRule,
  };
}

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
  readonly source: SiteSource;
  readonly view: V;
}

/** Makes a view once per source and returns the former object while nothing in it changed. */
function remembering<V extends object>(make: (source: SiteSource, card: TensorCard, expert: string) => V) {
  const known = new Map<string, Entry<V>>();
  return (source: SiteSource, card: TensorCard, expert: string): V => {
    const key = `${expert}\n${card.name}`;
    const former = known.get(key);
    if (former && isSameSource(former.source, source)) return former.view;
    const { recipe, library, summary } = source;
    const made = make(source, card, expert);
    const view = former && hasSameFields(former.view, made) ? former.view : made;
    known.set(key, { source: { recipe, library, summary }, view });
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

const rememberedSite = remembering(makeSite);
const rememberedTensor = remembering(makeTensor);

/** One expert's drop rate at one tensor and why; the same object until its content changes. */
export function siteView(source: SiteSource, card: TensorCard, expert: string): SiteView {
  return rememberedSite(source, card, expert);
}

/** λ, keep and lock of one tensor; the same object until its content changes. */
export function tensorView(source: SiteSource, card: TensorCard): TensorView {
  return rememberedTensor(source, card, "");
}
