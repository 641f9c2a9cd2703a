import temml from "temml";
import { describe, expect, it } from "vitest";
import { methodCards, presets, sparsifierCards } from "./catalog.ts";
import { methods } from "./methods/index.ts";
import { sparsifiers } from "./sparsifiers/index.ts";

const cards = [...methodCards, ...sparsifierCards];

describe("cards", () => {
  it.each(cards.map((card) => [card.id, card] as const))(
    "%s says what it is and where it comes from",
    (_, card) => {
      expect(card.summary).toMatch(/^[A-Z].*\.$/);
      expect(card.source.paper).toMatch(/^(arXiv:\d{4}\.\d{5}|doi:10\.\d{4,}\/\S+)$/);
      expect(card.source.code ?? "github.com/").toMatch(/^github\.com\//);
      for (const sentence of card.source.deviations) expect(sentence).toMatch(/\.$/);
      expect(() => temml.renderToString(card.formula, { throwOnError: true })).not.toThrow();
    },
  );

  it.each(cards.map((card) => [card.id, card] as const))(
    "%s can be drawn with words for every control",
    (_, card) => {
      expect(Object.keys(card.defaults)).toEqual(card.controls.map(({ key }) => key));
      for (const control of card.controls) {
        expect(control.label).not.toBe(control.key);
        expect(control.help).toMatch(/\.$/);
        if (control.kind === "number") {
          expect(control.min).toBeLessThanOrEqual(control.initial);
          expect(control.max).toBeGreaterThanOrEqual(control.initial);
        }
        if (control.kind === "choice") {
          expect(control.options.map(({ value }) => value)).toContain(control.initial);
          for (const { value, label } of control.options) expect(label).not.toBe(value);
        }
      }
    },
  );

  it("are plain data", () => {
    expect(structuredClone(cards)).toEqual(cards);
  });
});

describe("presets", () => {
  it.each(presets.map((preset) => [preset.id, preset] as const))(
    "%s names what exists, in range",
    (_, preset) => {
      const method = methods.find(({ id }) => id === preset.method.id);
      expect(method?.params.strict().safeParse(preset.method.params).success).toBe(true);
      for (const use of preset.sparsifiers) {
        const sparsifier = sparsifiers.find(({ id }) => id === use.id);
        expect(sparsifier?.params.strict().safeParse(use.params).success).toBe(true);
      }
    },
  );

  it("have ids of their own", () => {
    expect(new Set(presets.map(({ id }) => id)).size).toBe(presets.length);
  });
});
