/** Weights and densities as mergekit takes them: one number, or a list of filters with the usual number last. */
import { sparsifierCards } from "../catalog.ts";
import type { Recipe } from "../recipe/schema.ts";
import type { SiteSummary } from "../summary.ts";
import type { ExportContext } from "./export.ts";
import type { Finding } from "./finding.ts";
import type { MergekitMethod } from "./methods.ts";

/** Adds a finding. */
export type Say = (severity: Finding["severity"], path: string, message: string) => void;

type Value = number | readonly { readonly filter?: string; readonly value: number }[];

/** An entry of `models`. */
export interface WrittenModel {
  readonly model: string;
  readonly parameters?: Readonly<Record<string, Value>>;
}

/** The enabled experts as mergekit's models, with weights and densities tensor by tensor where they differ. */
export function modelsOf(
  recipe: Recipe,
  method: MergekitMethod,
  context: ExportContext,
  say: Say,
): readonly WrittenModel[] {
  const enabled = recipe.experts.filter((expert) => expert.enabled);
  const usesSeed = sparsifierCards.find(({ id }) => id === method.sparsifier?.id)?.usesSeed ?? false;
  if ((method.id === "slerp" || method.id === "nuslerp") && enabled.length !== 2) {
    say("error", "experts", `mergekit's ${method.id} takes exactly two models.`);
  }
  return enabled.map(({ id, step }) => {
    const sites = context.summary.tensors.map((tensor) => ({
      name: tensor.name,
      n: context.counts.get(tensor.name) ?? 0,
      isKept: tensor.keep === "base",
      site: tensor.sites.find(({ expert }) => expert === id),
    }));
    const parameters: Record<string, Value> = {};
    if (method.id !== "slerp" && method.id !== "model_stock") {
      parameters.weight = compact(
        sites.map(({ name, site, isKept }) => [name, isKept ? 0 : (site?.weight ?? 0)]),
      );
    }
    if (method.sparsifier) {
      parameters.density = compact(
        sites.flatMap(({ name, n, site }) =>
          site ? [[name, usesSeed ? round(site.aim) : densityOf(site, n)] as const] : [],
        ),
      );
      const use = recipe.sparsifiers.find(({ enabled: on }) => on);
      for (const key of ["gamma", "epsilon"]) {
        const value = use?.params[key];
        if (key in method.defaults && typeof value === "number") parameters[key] = value;
      }
    }
    return { model: context.path(id, step), ...(Object.keys(parameters).length > 0 && { parameters }) };
  });
}

/** A density that mergekit truncates to the very count that was kept. */
function densityOf({ aim, kept, by }: SiteSummary, n: number): number {
  if (by === "none" || kept === n) return 1;
  const exact = (kept + 0.5) / n;
  return Math.trunc(aim * n) === kept ? round(aim) : round(exact);
}

function round(value: number): number {
  return Number(value.toPrecision(12));
}

/** One number, or the most frequent one as the default and the others by name, longer names first: a filter is part of a name. */
function compact(values: readonly (readonly [string, number])[]): Value {
  const counts = new Map<number, number>();
  for (const [, value] of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [[usual] = [1]] = [...counts].sort((a, b) => b[1] - a[1]);
  const others = values.filter(([, value]) => value !== usual);
  if (others.length === 0) return usual;
  // Names inside which an exception's name occurs must be listed too, or the filter would catch them.
  const caught = values.filter(
    ([name, value]) => value === usual && others.some(([other]) => name.includes(other)),
  );
  const listed = [...others, ...caught].sort(([a], [b]) => b.length - a.length || (a < b ? -1 : 1));
  return [...listed.map(([filter, value]) => ({ filter, value })), { value: usual }];
}
