import { describe, expect, it } from "vitest";
import { wilson } from "#core/eval/metrics.ts";
import type { MaskSummary } from "#core/summary.ts";
import { densities, expectedJaccard, expectedOverlap, gainBack, mostAlike, wholeOf } from "./mask-numbers.ts";

const summary: MaskSummary = {
  experts: ["a", "b", "c"],
  tensors: [
    { name: "x", entries: 100, kept: [10, 20, 0] },
    { name: "y", entries: 300, kept: [30, 0, 60] },
  ],
  roles: [],
  blocks: [],
  overlap: [],
  jaccard: [
    [1, 0.2, 0.1],
    [0.2, 1, 0.4],
    [0.1, 0.4, 1],
  ],
  modelBytes: 1600,
  regionBytes: [320, 160, 480],
};

describe("counts of regions", () => {
  it("add up over tensors", () => {
    expect(densities(wholeOf(summary))).toEqual([0.1, 0.05, 0.15]);
    expect(densities({ entries: 0, kept: [0] })).toEqual([0]);
  });

  it("name the pair that is most alike", () => {
    expect(mostAlike(summary)).toEqual([1, 2]);
    expect(mostAlike({ ...summary, jaccard: [[1]] })).toBeUndefined();
  });
});

describe("random regions of the same sizes", () => {
  it("overlap as independent coins do", () => {
    const chances = expectedOverlap([0.5, 0.5, 0.1]);
    expect(chances).toHaveLength(4);
    expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1);
    expect(chances[3]).toBeCloseTo(0.025);
    expect(chances[0]).toBeCloseTo(0.225);
    expect(expectedOverlap([])).toEqual([1]);
  });

  it("are alike by their sizes alone", () => {
    expect(expectedJaccard(1, 1)).toBe(1);
    expect(expectedJaccard(0, 0)).toBe(0);
    expect(expectedJaccard(0.1, 0.1)).toBeCloseTo(0.01 / 0.19);
  });
});

describe("gain brought back", () => {
  it("is 0 at the base, 1 at the expert, and negative below", () => {
    const [base, expert] = [wilson(60, 100), wilson(90, 100)];
    expect(gainBack(base, base, expert)?.value).toBe(0);
    expect(gainBack(expert, base, expert)?.value).toBeCloseTo(1);
    expect(gainBack(wilson(50, 100), base, expert)?.value).toBeLessThan(0);
    const half = gainBack(wilson(75, 100), base, expert);
    expect(half?.value).toBeCloseTo(0.5);
    expect(half?.low).toBeLessThan(0.5);
  });

  it("is not there where the expert is no better than the base", () => {
    expect(gainBack(wilson(5, 10), wilson(9, 10), wilson(9, 10))).toBeUndefined();
    expect(gainBack(wilson(0, 0), wilson(0, 0), wilson(0, 0))).toBeUndefined();
  });
});
