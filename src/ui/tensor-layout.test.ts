import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layoutTable } from "./tensor-layout.ts";

const four = ["digits", "clothes", "capitals", "hiragana"];
const kinds = (width: number, experts: readonly string[], chosen?: string) =>
  layoutTable(width, experts, chosen).columns.map(({ kind }) => kind);

describe("layoutTable", () => {
  it("shows everything and a rate for each expert where there is room", () => {
    expect(kinds(1440, four)).toEqual([
      ..."name role shape histogram norm conflict cosine".split(" "),
      ...["rate", "rate", "rate", "rate", "actions"],
    ]);
  });

  it("shows one rate column in a narrow pane, for the chosen expert or for all at once", () => {
    expect(layoutTable(600, four, "digits").columns.find(({ kind }) => kind === "rate")?.experts).toEqual([
      "digits",
    ]);
    expect(layoutTable(600, four, undefined).columns.find(({ kind }) => kind === "rate")?.experts).toEqual(
      four,
    );
  });

  it("never puts more than four experts beside each other", () => {
    expect(kinds(4000, [...four, "kana"]).filter((kind) => kind === "rate")).toHaveLength(1);
  });

  it("says which sorts have lost their column", () => {
    expect(layoutTable(1440, four, undefined).hiddenSorts).toEqual([]);
    expect(layoutTable(400, four, undefined).hiddenSorts).toEqual([
      "count",
      "role",
      "conflict",
      "cosine",
      "norm",
    ]);
  });

  it("fits from 380 pixels on, with name, rate and actions always there", () => {
    fc.assert(
      fc.property(fc.integer({ min: 380, max: 3000 }), fc.integer({ min: 1, max: 12 }), (width, n) => {
        const experts = Array.from({ length: n }, (_, k) => `e${k}`);
        const layout = layoutTable(width, experts, undefined);
        expect(layout.isWide).toBe(false);
        expect(layout.columns.map(({ kind }) => kind)).toEqual(
          expect.arrayContaining(["name", "rate", "actions"]),
        );
        expect(layout.template.split(" ").length).toBe(
          layout.columns.length +
            layout.columns.filter(({ kind }) => ["name", "histogram", "rate"].includes(kind)).length,
        );
      }),
    );
  });
});
