/** The cards in Japanese. Loaded when the language is first Japanese: a reader of English needs none of it. */
import { methodCards, presets as presetCards, sparsifierCards } from "#core/catalog.ts";
import { type Cards, translateCard } from "../cards.ts";
import { deltaMethods } from "./delta-methods.ts";
import { otherMethods } from "./other-methods.ts";
import { presets } from "./presets.ts";
import { sparsifiers } from "./sparsifiers.ts";

export const methods = { ...deltaMethods, ...otherMethods };

export const japaneseCards: Cards = {
  methods: methodCards.map((card) => translateCard(card, methods[card.id])),
  sparsifiers: sparsifierCards.map((card) => translateCard(card, sparsifiers[card.id])),
  presets: presetCards.map((preset) => ({ ...preset, ...presets[preset.id] })),
};
