import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wilson } from "#core/eval/metrics.ts";
import type { DifficultyBin } from "#core/eval/report.ts";
import { estimateOf, meanBins, meanOf } from "./pool.ts";

const proportion = fc
  .record({ n: fc.integer({ min: 1, max: 2000 }), k: fc.nat() })
  .map(({ n, k }) => wilson(k % (n + 1), n));

describe("means of proportions", () => {
  it("returns a lone proportion with its own interval", () => {
    const one = wilson(82, 100);
    expect(meanOf([one])).toEqual({
      value: 0.82,
      low: expect.closeTo(one.low, 12),
      high: expect.closeTo(one.high, 12),
      n: 100,
    });
  });

  it("stays inside 0…1 with the value inside its interval", () => {
    fc.assert(
      fc.property(fc.array(proportion, { minLength: 1, maxLength: 8 }), (list) => {
        const mean = meanOf(list);
        expect(mean?.low).toBeGreaterThanOrEqual(-1e-12);
        expect(mean?.high).toBeLessThanOrEqual(1 + 1e-12);
        expect(mean?.low).toBeLessThanOrEqual((mean?.value ?? 0) + 1e-12);
        expect(mean?.high).toBeGreaterThanOrEqual((mean?.value ?? 0) - 1e-12);
      }),
    );
  });

  it("is narrower over four tasks than over one of the same size", () => {
    const one = wilson(80, 100);
    const [single, four] = [meanOf([one]), meanOf([one, one, one, one])];
    expect((four?.high ?? 1) - (four?.low ?? 0)).toBeCloseTo(
      ((single?.high ?? 1) - (single?.low ?? 0)) / 2,
      12,
    );
  });

  it("knows no mean with a task that has no example", () => {
    expect(meanOf([wilson(1, 2), wilson(0, 0)])).toBeUndefined();
    expect(meanOf([])).toBeUndefined();
    expect(estimateOf(wilson(0, 0))).toBeUndefined();
  });
});

describe("means of bins", () => {
  const binsOf = (...counts: readonly (readonly [number, number])[]): DifficultyBin[] =>
    counts.map(([k, n], i) => {
      const retention = wilson(k, n);
      return {
        from: i / counts.length,
        to: (i + 1) / counts.length,
        retention,
        merged: retention,
        expert: retention,
      };
    });

  it("joins five deciles into a half when another task has only halves", () => {
    const deciles = binsOf(...Array.from({ length: 10 }, (_, i): [number, number] => [i < 5 ? 90 : 40, 100]));
    const bins = meanBins([deciles, binsOf([90, 100], [40, 100])]);
    expect(bins.map(({ from, to }) => [from, to])).toEqual([
      [0, 0.5],
      [0.5, 1],
    ]);
    expect(bins[0].retention).toMatchObject({ value: expect.closeTo(0.9, 12), n: 600 });
    expect(bins[1].retention).toMatchObject({ value: expect.closeTo(0.4, 12), n: 600 });
  });

  it("is empty where nothing is known", () => {
    expect(meanBins([])).toEqual([]);
  });
});
