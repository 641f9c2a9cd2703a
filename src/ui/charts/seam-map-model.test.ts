import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { setTensorDensity, setTensorKeep } from "#core/recipe/edit-tensors.ts";
import { fixtureLibrary, fixtureRecipe, fixtureTensors } from "../testing/fixture.ts";
import { fixtureStats, fixtureSummary } from "../testing/fixture-merge.ts";
import { histogramPath, quantileOfBins } from "./histogram-path.ts";
import { columnAt, seamBlocks, seamColumns, seamValues } from "./seam-map-model.ts";

const library = fixtureLibrary();
const { tensors } = library;
const experts = fixtureRecipe.experts.map(({ id }) => id);
const stats = Object.fromEntries(fixtureStats(tensors, experts).map((row) => [row.name, row]));
const summary = fixtureSummary(tensors, fixtureRecipe);

describe("seamColumns", () => {
  it("keeps all columns inside the width, in order, for any width", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 0, max: 80 }), (width, blocks) => {
        const { lefts, cell } = seamColumns(fixtureTensors(blocks), width);
        expect(lefts[0]).toBe(0);
        expect((lefts.at(-1) ?? 0) + cell).toBeLessThanOrEqual(width + 1e-6);
        expect(lefts.every((left, i) => i === 0 || left > lefts[i - 1])).toBe(true);
      }),
    );
  });

  it("finds the column under a point, and the nearest beyond the ends", () => {
    const columns = seamColumns(tensors, 600);
    const found = Array.from(columns.lefts, (left) => columnAt(columns, left + columns.cell / 2));
    expect(found).toEqual(tensors.map(({ index }) => index));
    expect([columnAt(columns, -5), columnAt(columns, 9999)]).toEqual([0, 52]);
  });

  it("starts a block wherever the block changes", () => {
    expect(seamBlocks(tensors).map(({ block, from, to }) => [block, to - from])).toEqual([
      ["", 3],
      ["blocks.0", 12],
      ["blocks.1", 12],
      ["blocks.2", 12],
      ["blocks.3", 12],
      ["", 2],
    ]);
  });
});

describe("seamValues", () => {
  const at = (row: number, name: string) =>
    row * tensors.length + tensors.findIndex((card) => card.name === name);

  it("shows densities from the merge, and a rule by hand before the merge has answered", () => {
    const recipe = setTensorDensity(fixtureRecipe, ["pos_embed"], ["clothes"], 0.75);
    const map = seamValues({ recipe, library, summary }, stats, tensors, experts, "density");
    expect(map.values[at(1, "pos_embed")]).toBe(0.75);
    expect(map.byHand[at(1, "pos_embed")]).toBe(1);
    expect(map.values[at(0, "pos_embed")]).toBeCloseTo(0.2, 2);
    expect(map.byHand.reduce((sum, mark) => sum + mark, 0)).toBe(1);
  });

  it("marks tensors kept from base, and what is taken whole from one expert", () => {
    const base = setTensorKeep(fixtureRecipe, ["pos_embed"], "base");
    const recipe = setTensorKeep(base, ["norm.bias"], "digits");
    const map = seamValues({ recipe, library, summary }, stats, tensors, experts, "density");
    expect(map.fromBase[at(0, "pos_embed")]).toBe(1);
    expect([map.values[at(0, "norm.bias")], map.values[at(1, "norm.bias")]]).toEqual([1, 0]);
  });

  it("has one row for what belongs to pairs, and scales that hold every value", () => {
    for (const quantity of ["density", "norm", "conflict", "cosine"] as const) {
      const map = seamValues({ recipe: fixtureRecipe, library, summary }, stats, tensors, experts, quantity);
      expect(map.rows).toBe(quantity === "conflict" || quantity === "cosine" ? 1 : 4);
      expect(Math.min(...map.values)).toBeGreaterThanOrEqual(map.low);
      expect(Math.max(...map.values)).toBeLessThanOrEqual(map.high);
    }
  });

  it("says nothing of what was not measured", () => {
    const map = seamValues(
      { recipe: fixtureRecipe, library, summary: undefined },
      {},
      tensors,
      experts,
      "norm",
    );
    expect(map.values.every(Number.isNaN)).toBe(true);
    expect(map.high).toBeGreaterThan(map.low);
  });
});

describe("histograms", () => {
  it("cut where the asked share of the entries lies below", () => {
    expect(quantileOfBins([50, 30, 20], 3, 0.5)).toBeCloseTo(1);
    expect(quantileOfBins([50, 30, 20], 3, 0.65)).toBeCloseTo(1.5);
    expect(quantileOfBins([0, 0, 10], 3, 1)).toBeCloseTo(3);
    expect(quantileOfBins([0, 0], 3, 0.4)).toBe(3);
  });

  it("draw heights as square roots, closed along the baseline", () => {
    expect(histogramPath([4, 1])).toBe("M0 1V0H0.5V0.5H1V1Z");
  });

  it("are drawn in fewer bins when there are few entries", () => {
    const steps = (counts: readonly number[]) => histogramPath(counts).split("H").length - 1;
    const bins = (each: number) => Array.from({ length: 48 }, () => each);
    expect([steps(bins(1)), steps(bins(20)), steps(bins(1000))]).toEqual([8, 24, 48]);
    expect(histogramPath(bins(0))).toContain("M0 1V1H");
  });
});
