import { describe, expect, it } from "vitest";
import {
  allX,
  bandPath,
  type Curve,
  curveBox,
  linePath,
  nearestX,
  plotX,
  roundAxis,
  spreadNames,
} from "./curve-geometry.ts";

const box = { left: 0, right: 100, top: 0, bottom: 100, hasEndNames: true };
const unit = { low: 0, high: 1, ticks: [0, 1] };
const curve = (points: Curve["points"]): Curve => ({ id: "a", name: "a", colour: "red", shape: 0, points });

describe("axes", () => {
  it("hold every value, have round ticks inside, and never more than seven", () => {
    for (const values of [[0.31, 0.87], [0.999], [-0.2, 1.3], [0, 14], [Number.NaN]]) {
      const { low, high, ticks } = roundAxis(values);
      for (const value of values.filter(Number.isFinite)) {
        expect(low).toBeLessThanOrEqual(value);
        expect(high).toBeGreaterThanOrEqual(value);
      }
      expect(ticks.length).toBeGreaterThan(1);
      expect(ticks.length).toBeLessThanOrEqual(7);
      expect(ticks.every((tick) => tick >= low - 1e-9 && tick <= high + 1e-9)).toBe(true);
    }
  });

  it("put equal ratios at equal distances where they are logarithmic", () => {
    const log = { low: 0.001, high: 1, ticks: [], isLog: true };
    expect([0.001, 0.01, 0.1, 1].map((x) => Math.round(plotX({ ...box, right: 300 }, log, x)))).toEqual([
      0, 100, 200, 300,
    ]);
  });
});

describe("curves", () => {
  it("are lines through their points, and bands around the intervals that are known", () => {
    const points = [
      { x: 0, y: 0.5, low: 0.4, high: 0.6 },
      { x: 1, y: 1, low: 0.9, high: 1 },
    ];
    expect(linePath(box, unit, unit, points)).toBe("M0,50L100,0");
    expect(bandPath(box, unit, unit, points)).toBe("M0,40L100,0L100,10L0,60Z");
    expect(bandPath(box, unit, unit, [{ x: 0, y: 1 }])).toBe("");
    expect(linePath(box, unit, unit, [])).toBe("");
  });

  it("share one cursor over every x that any of them has", () => {
    const xs = allX([
      curve([{ x: 0.5, y: 0 }]),
      curve([
        { x: 0, y: 0 },
        { x: 0.5, y: 1 },
      ]),
    ]);
    expect(xs).toEqual([0, 0.5]);
    expect([10, 24, 26, 99].map((place) => nearestX(box, unit, xs, place))).toEqual([0, 0, 1, 1]);
  });

  it("have names that do not overlap and keep their order", () => {
    const places = spreadNames([50, 52, 51], box);
    expect([...places].sort((a, b) => a - b)).toEqual([50, 64, 78]);
    expect(places[0]).toBeLessThan(places[2] ?? 0);
    expect(places[2]).toBeLessThan(places[1] ?? 0);
    expect(spreadNames([100, 99], box)).toEqual([100, 86]);
  });

  it("have room for names at their ends only where it is wide", () => {
    expect(curveBox(640, 100).hasEndNames).toBe(true);
    expect(curveBox(360, 100)).toMatchObject({ hasEndNames: false, right: 350 });
  });
});
