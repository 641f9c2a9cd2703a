/** The cards of methods, sparsifiers and presets in the user's language. What has no translation stays English. */

import {
  type MethodCard,
  methodCards,
  presets as presetCards,
  type SparsifierCard,
  sparsifierCards,
} from "#core/catalog.ts";
import type { Described } from "#core/described.ts";
import type { ControlSpec } from "#core/params.ts";
import type { Preset } from "#core/recipe/preset.ts";
import { type CardWords, japaneseCards, japanesePresets } from "./card-words.ts";
import { defineWords, useWords } from "./words.ts";

interface Cards {
  readonly methods: readonly MethodCard[];
  readonly sparsifiers: readonly SparsifierCard[];
  readonly presets: readonly Preset[];
}

const cards = defineWords<Cards>({
  en: { methods: methodCards, sparsifiers: sparsifierCards, presets: presetCards },
  ja: {
    methods: methodCards.map((card) => translate(card)),
    sparsifiers: sparsifierCards.map((card) => translate(card)),
    presets: presetCards.map((preset) => ({ ...preset, ...japanesePresets[preset.id] })),
  },
});

/** All cards, each list the same array until the language changes. */
export function useCards(): Cards {
  return useWords(cards);
}

function translate<T extends Described & { readonly controls: readonly ControlSpec[] }>(card: T): T {
  const words: CardWords | undefined = japaneseCards[card.id];
  if (!words) return card;
  const { controls = {}, deviations = card.source.deviations, ...rest } = words;
  return {
    ...card,
    ...rest,
    source: { ...card.source, deviations },
    controls: card.controls.map((spec) => translateControl(spec, controls[spec.key])),
  };
}

export function translateControl(
  spec: ControlSpec,
  words: NonNullable<CardWords["controls"]>[string] | undefined,
): ControlSpec {
  if (!words) return spec;
  const { options = {}, ...rest } = words;
  if (spec.kind !== "choice") return { ...spec, ...rest };
  const translated = spec.options.map((option) => ({
    ...option,
    label: options[option.value] ?? option.label,
  }));
  return { ...spec, ...rest, options: translated };
}
