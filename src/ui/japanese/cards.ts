/** The cards in Japanese. Loaded when the language is first Japanese: a reader of English needs none of it. */
import { methodCards, presets as presetCards, sparsifierCards } from "#core/catalog.ts";
import { type Cards, translateCard } from "../cards.ts";
import { deltaMethods } from "./delta-methods.ts";
import { edges } from "./edges.ts";
import { otherMethods } from "./other-methods.ts";
import { presets } from "./presets.ts";
import { sparsifiers } from "./sparsifiers.ts";

export const methods = { ...deltaMethods, ...otherMethods };

export const japaneseCards: Cards = {
  methods: methodCards.map((card) => withEdges(translateCard(card, methods[card.id]))),
  sparsifiers: sparsifierCards.map((card) => withEdges(translateCard(card, sparsifiers[card.id]))),
  presets: presetCards.map((preset) => ({ ...preset, ...presets[preset.id] })),
};

function withEdges<T extends { readonly edges: readonly string[] }>(card: T): T {
  return { ...card, edges: card.edges.map((sentence) => edges[sentence] ?? sentence) };
}
