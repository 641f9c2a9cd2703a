/** What sets a reading of the recipe apart from the recipe as it stands, in the words of the controls. */
import type { MethodCard, SparsifierCard } from "#core/catalog.ts";
import type { ControlSpec } from "#core/params.ts";
import type { Params, Recipe } from "#core/recipe/schema.ts";

/** One parameter that the reading sets otherwise. */
export interface ReadingDifference {
  readonly label: string;
  readonly value: string;
}

interface Cards {
  readonly methods: readonly MethodCard[];
  readonly sparsifiers: readonly SparsifierCard[];
}

/** In the order of the chain, the method last; empty for a reading that agrees. */
export function differencesOf(own: Recipe, read: Recipe, cards: Cards): readonly ReadingDifference[] {
  const chain = read.sparsifiers.flatMap((use, i) => {
    const card = cards.sparsifiers.find(({ id }) => id === use.id);
    return card?.controls.flatMap(differing(own.sparsifiers[i]?.params ?? {}, use.params)) ?? [];
  });
  const method = cards.methods.find(({ id }) => id === read.method.id);
  return [...chain, ...(method?.controls.flatMap(differing(own.method.params, read.method.params)) ?? [])];
}

function differing(own: Params, read: Params): (spec: ControlSpec) => readonly ReadingDifference[] {
  return (spec) => {
    const value = read[spec.key];
    if (value === undefined || value === (own[spec.key] ?? spec.initial)) return [];
    return [{ label: spec.label, value: wordFor(spec, value) }];
  };
}

function wordFor(spec: ControlSpec, value: Params[string]): string {
  const option = spec.kind === "choice" ? spec.options.find((one) => one.value === value) : undefined;
  return option?.label ?? String(value);
}
