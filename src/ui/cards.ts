/** The cards of methods, sparsifiers and presets in the user's language. */
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
import type { CardWords, ControlWords } from "./japanese/card-words.ts";
import { lazyJapanese } from "./japanese/lazy.ts";

export interface Cards {
  readonly methods: readonly MethodCard[];
  readonly sparsifiers: readonly SparsifierCard[];
  readonly presets: readonly Preset[];
}

const english: Cards = { methods: methodCards, sparsifiers: sparsifierCards, presets: presetCards };

const useJapaneseCards = lazyJapanese(async () => (await import("./japanese/cards.ts")).japaneseCards);

/** All cards, each list the same array until the language changes; English until the Japanese ones are there. */
export function useCards(): Cards {
  return useJapaneseCards() ?? english;
}

/** The card in other words; what has none stays English. */
export function translateCard<T extends Described & { readonly controls: readonly ControlSpec[] }>(
  card: T,
  words: CardWords | undefined,
): T {
  if (!words) return card;
  const { controls = {}, deviations = [], ...rest } = words;
  return {
    ...card,
    ...rest,
    source: {
      ...card.source,
      deviations: card.source.deviations.map((sentence, i) => deviations[i] ?? sentence),
    },
    controls: card.controls.map((spec) => translateControl(spec, controls[spec.key])),
  };
}

export function translateControl(spec: ControlSpec, words: ControlWords | undefined): ControlSpec {
  if (!words) return spec;
  const { options = {}, ...rest } = words;
  if (spec.kind !== "choice") return { ...spec, ...rest };
  const translated = spec.options.map((option) => ({
    ...option,
    label: options[option.value] ?? option.label,
  }));
  return { ...spec, ...rest, options: translated };
}
