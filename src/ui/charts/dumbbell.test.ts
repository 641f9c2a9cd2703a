import { describe, expect, it } from "vitest";
import { fixtureReport } from "../testing/fixture-report.ts";
import { dumbbellLayout, placeOf } from "./dumbbell-layout.ts";
import { dumbbellRows } from "./dumbbell-rows.ts";

describe("rows", () => {
  it("has one per task in the report's order, then the mean", () => {
    const rows = dumbbellRows(fixtureReport());
    expect(rows.map(({ task }) => task)).toEqual(["digits", "clothes", "capitals", "hiragana", undefined]);
    expect(rows[0].merged).toMatchObject({ value: 0.931, n: 1000 });
    expect(rows[4].merged?.value).toBeCloseTo(0.876, 3);
  });

  it("shows the pinned recipe as a ghost", () => {
    const rows = dumbbellRows(fixtureReport(), fixtureReport({ shift: -0.1 }));
    expect(rows[0].pinned).toBeCloseTo(0.831, 12);
    expect(rows[4].pinned).toBeCloseTo(0.776, 3);
  });

  it("shows no ghost of the other kind of model, nor of another split", () => {
    for (const other of [fixtureReport({ output: "per-task" }), fixtureReport({ split: "test" })]) {
      expect(dumbbellRows(fixtureReport(), other).every(({ pinned }) => pinned === undefined)).toBe(true);
    }
  });

  it("leaves out what has not been measured", () => {
    const [first] = dumbbellRows(fixtureReport({ isFirst: true }));
    expect(first).toMatchObject({ base: undefined, expert: undefined, retention: undefined });
  });
});

describe("layout", () => {
  it("puts 0 and 1 at the ends of the axis, whatever the width", () => {
    for (const width of [280, 359, 360, 428, 900]) {
      const layout = dumbbellLayout(width, 5);
      expect(placeOf(layout, 0)).toBe(layout.left);
      expect(placeOf(layout, 1)).toBe(layout.right);
      expect(layout.right - layout.left).toBeGreaterThan(120);
      expect(layout.right).toBeLessThan(width);
    }
  });

  it("keeps the axis clear of the numbers beside it", () => {
    const layout = dumbbellLayout(428, 5);
    expect(layout.right).toBeLessThanOrEqual(layout.columns[0] - 54);
  });

  it("stacks names above the axis where there is no room beside it", () => {
    expect(dumbbellLayout(320, 5).isStacked).toBe(true);
    expect(dumbbellLayout(428, 5).isStacked).toBe(false);
  });

  it("has a height that depends on the number of rows alone", () => {
    expect(dumbbellLayout(428, 5).height).toBe(dumbbellLayout(900, 5).height);
    expect(dumbbellLayout(428, 9).height - dumbbellLayout(428, 5).height).toBe(4 * 38);
  });
});
