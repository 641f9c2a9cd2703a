/** The cards of methods, sparsifiers and presets in the user's language. */
import { useSyncExternalStore } from "react";
import { useApp } from "#app/store.ts";
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

export interface Cards {
  readonly methods: readonly MethodCard[];
  readonly sparsifiers: readonly SparsifierCard[];
  readonly presets: readonly Preset[];
}

const english: Cards = { methods: methodCards, sparsifiers: sparsifierCards, presets: presetCards };

/** English until the Japanese ones have been loaded. */
let japanese = english;
let isAsked = false;
const listeners = new Set<() => void>();

/** All cards, each list the same array until the language changes. */
export function useCards(): Cards {
  const isJapanese = useApp((state) => state.language === "ja");
  return useSyncExternalStore(isJapanese ? followJapanese : followNothing, () =>
    isJapanese ? japanese : english,
  );
}

/** Loads the Japanese cards at the first call. */
function followJapanese(listener: () => void): () => void {
  listeners.add(listener);
  if (!isAsked) {
    isAsked = true;
    void import("./japanese/cards.ts").then(({ japaneseCards }) => {
      japanese = japaneseCards;
      for (const tell of listeners) tell();
    });
  }
  return () => listeners.delete(listener);
}

function followNothing(): () => void {
  return () => undefined;
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
