import { describe, expect, it } from "vitest";
import { methodCards, presets, sparsifierCards } from "#core/catalog.ts";
import type { CardWords } from "./card-words.ts";
import { methods } from "./cards.ts";
import { edges } from "./edges.ts";
import { presets as presetWords } from "./presets.ts";
import { sparsifiers } from "./sparsifiers.ts";

/** Every word of a card that has no translation, by its place. */
function missing(card: (typeof methodCards)[number] | (typeof sparsifierCards)[number], words?: CardWords) {
  const controls = card.controls.flatMap((spec) => {
    const said = words?.controls?.[spec.key];
    const options = spec.kind === "choice" ? spec.options : [];
    return [
      ...(said ? [] : [spec.key]),
      ...(spec.help !== undefined && said?.help === undefined ? [`${spec.key}.help`] : []),
      ...options
        .filter(({ value }) => said?.options?.[value] === undefined)
        .map(({ value }) => `${spec.key}=${value}`),
    ];
  });
  return [...(words?.summary === undefined ? ["summary"] : []), ...controls];
}

describe("the cards in Japanese", () => {
  it.each([
    ...methodCards.map((card) => [card.id, card, methods[card.id]] as const),
    ...sparsifierCards.map((card) => [card.id, card, sparsifiers[card.id]] as const),
  ])("%s has its summary, its controls and as many deviations as in English", (_, card, words) => {
    expect(missing(card, words)).toEqual([]);
    expect(words?.deviations).toHaveLength(card.source.deviations.length);
  });

  it("say every sentence of small and degenerate tensors, and none that is not there", () => {
    const sentences = new Set([...methodCards, ...sparsifierCards].flatMap((card) => card.edges));
    expect(Object.keys(edges).sort()).toEqual([...sentences].sort());
  });

  it("have words for every preset", () => {
    expect(presets.filter(({ id }) => presetWords[id] === undefined).map(({ id }) => id)).toEqual([]);
  });

  it("speak of nothing that is not there", () => {
    const known = new Set([...methodCards, ...sparsifierCards, ...presets].map(({ id }) => id));
    const said = [methods, sparsifiers, presetWords].flatMap((words) => Object.keys(words));
    expect(said.filter((id) => !known.has(id))).toEqual([]);
  });
});
