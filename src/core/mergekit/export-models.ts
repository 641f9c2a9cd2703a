/** Weights, densities and the like as mergekit takes them: one number, or a list of filters with the usual number last. */
import { sparsifierCards } from "../catalog.ts";
import { type ResolvedSite, resolveRecipe } from "../recipe/resolve.ts";
import type { Recipe } from "../recipe/schema.ts";
import type { SiteSummary } from "../summary.ts";
import type { ExportContext } from "./export.ts";
import type { Finding } from "./finding.ts";
import type { MergekitMethod } from "./methods.ts";

/** Adds a finding. */
export type Say = (severity: Finding["severity"], path: string, message: string) => void;

export type Value = number | readonly { readonly filter?: string; readonly value: number }[];

/** An entry of `models`. */
export interface WrittenModel {
  readonly model: string;
  readonly parameters?: Readonly<Record<string, Value>>;
}

/** One expert at one tensor: what was asked for and what came of it. */
interface Place {
  readonly name: string;
  readonly n: number;
  readonly isKept: boolean;
  readonly done: SiteSummary | undefined;
  readonly asked: ResolvedSite | undefined;
}

/** The enabled experts as mergekit's models, with their parameters tensor by tensor where they differ. */
export function modelsOf(
  recipe: Recipe,
  method: MergekitMethod,
  context: ExportContext,
): readonly WrittenModel[] {
  const counts = new Map(context.tensors.map(({ name, count }) => [name, count]));
  const resolved = resolveRecipe(recipe, context.tensors).tensors;
  const asked = new Map(resolved.map(({ name, sites }) => [name, sites]));
  return recipe.experts.flatMap(({ id, step, enabled }): WrittenModel[] => {
    if (!enabled) return [];
    const places = context.summary.tensors.map(({ name, keep, sites }) => ({
      name,
      n: counts.get(name) ?? 0,
      isKept: keep === "base",
      done: sites.find(({ expert }) => expert === id),
      asked: asked.get(name)?.find(({ expert }) => expert === id),
    }));
    const parameters = {
      ...(method.weights === "own" && { weight: weightsOf(places, method) }),
      ...chainParameters(recipe, method, places),
    };
    return [{ model: context.path(id, step), ...(Object.keys(parameters).length > 0 && { parameters }) }];
  });
}

/** A weight of 0 stands for what is left at the base, and for a trimmed tensor of which nothing is left: mergekit refuses to trim so much. */
function weightsOf(places: readonly Place[], method: MergekitMethod): Value {
  return compact(
    places.map(({ name, isKept, done }) => [
      name,
      isKept || isEmptied(done, method) ? 0 : (done?.weight ?? 0),
    ]),
  );
}

function isEmptied(done: SiteSummary | undefined, { sparsifier }: MergekitMethod): boolean {
  return sparsifier?.id === "magnitude" && done?.kept === 0;
}

/** Density, gamma and epsilon. */
function chainParameters(
  recipe: Recipe,
  method: MergekitMethod,
  places: readonly Place[],
): Readonly<Record<string, Value>> {
  const { sparsifier, defaults } = method;
  if (!sparsifier) return {};
  const usesSeed = sparsifierCards.find(({ id }) => id === sparsifier.id)?.usesSeed ?? false;
  const merged = places.flatMap(({ done, ...place }) => (done ? [{ ...place, done }] : []));
  const density = compact(
    merged.map(({ name, n, done }) => {
      if (isEmptied(done, method)) return [name, 1];
      return [name, usesSeed ? round(done.aim) : densityOf(done, n)];
    }),
  );
  const out: Record<string, Value> = { density };
  const use = recipe.sparsifiers.find(({ enabled }) => enabled);
  for (const key of ["gamma", "epsilon"]) {
    const usual = use?.params[key];
    if (!(key in defaults) || typeof usual !== "number") continue;
    const valueAt = (site: ResolvedSite | undefined) =>
      Number(site?.overrides?.[`${sparsifier.id}.${key}`] ?? usual);
    const values = merged.map(({ name, asked }) => [name, valueAt(asked)] as const);
    out[key] = compact(values, usual);
  }
  return out;
}

/** A density that mergekit truncates to the very count that was kept. */
function densityOf({ aim, kept, by }: SiteSummary, n: number): number {
  if (by === "none" || kept === n) return 1;
  return Math.trunc(aim * n) === kept ? round(aim) : round((kept + 0.5) / n);
}

function round(value: number): number {
  return Number(value.toPrecision(12));
}

/**
 * One number, or the most frequent one as the default and the others by name, longer names first: a filter is part of a
 * name. `otherwise` without tensors.
 */
export function compact(values: readonly (readonly [string, number])[], otherwise = 1): Value {
  const counts = new Map<number, number>();
  for (const [, value] of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [[usual] = [otherwise]] = [...counts].sort((a, b) => b[1] - a[1]);
  const others = values.filter(([, value]) => value !== usual);
  if (others.length === 0) return usual;
  // Names inside which an exception's name occurs must be listed too, or the filter would catch them.
  const caught = values.filter(
    ([name, value]) => value === usual && others.some(([other]) => name.includes(other)),
  );
  const listed = [...others, ...caught].sort(([a], [b]) => b.length - a.length || (a < b ? -1 : 1));
  return [...listed.map(([filter, value]) => ({ filter, value })), { value: usual }];
}
