import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binomial, bootstrap, type Statistic } from "./bootstrap.ts";

const share: Statistic = ([[right, wrong]]) => right / (right + wrong);

describe("binomial", () => {
  test("gives every value its probability", () => {
    // Inverting on a fine grid of u is a Riemann sum of the distribution. Bin(4, 0.3) by hand.
    const counts = [0, 0, 0, 0, 0];
    const steps = 20_000;
    for (let i = 0; i < steps; i++) counts[binomial(4, 0.3, (i + 0.5) / steps)]++;
    const expected = [0.2401, 0.4116, 0.2646, 0.0756, 0.0081];
    expect(counts.map((count) => count / steps)).toBeAllclose(expected, { rtol: 0, atol: 1.5 / steps });
  });

  test("keeps to its bounds for every p and u", () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        unit,
        (n, p, u) => {
          const drawn = binomial(n, p, u);
          expect(drawn).toBeGreaterThanOrEqual(0);
          expect(drawn).toBeLessThanOrEqual(n);
        },
      ),
    );
  });
});

describe("bootstrap", () => {
  test("agrees with the normal interval of a proportion in a large sample", () => {
    const [interval] = bootstrap([[700, 300]], [share]);
    const half = 1.96 * Math.sqrt((0.7 * 0.3) / 1000);
    expect(interval.value).toBe(0.7);
    // 1,000 resamples know a 2.5 % quantile to about 0.002 here.
    expect(interval.low).toBeCloseTo(0.7 - half, 2);
    expect(interval.high).toBeCloseTo(0.7 + half, 2);
  });

  test("uses the pairing: a ratio of outcomes that always agree has no spread", () => {
    const ratio: Statistic = ([[both, a, b]]) => (both + a) / (both + b);
    const [agreeing] = bootstrap([[60, 0, 0, 40]], [ratio]);
    expect(agreeing).toEqual({ value: 1, low: 1, high: 1 });
    const [crossing] = bootstrap([[30, 30, 30, 10]], [ratio]);
    expect(crossing.low).toBeLessThan(0.85);
    expect(crossing.high).toBeGreaterThan(1.15);
  });

  test("contains the estimate and shrinks as n grows", () => {
    const count = fc.integer({ min: 1, max: 200 });
    fc.assert(
      fc.property(count, count, (right, wrong) => {
        const [{ value, low, high }] = bootstrap([[right, wrong]], [share], { resamples: 200 });
        expect(low).toBeLessThanOrEqual(value);
        expect(high).toBeGreaterThanOrEqual(value);
        const [large] = bootstrap([[16 * right, 16 * wrong]], [share], { resamples: 200 });
        expect(large.high - large.low).toBeLessThanOrEqual(high - low);
      }),
      { numRuns: 50 },
    );
  });

  test("gives the same bits for the same seed, others for another", () => {
    const run = (seed: number) => bootstrap([[70, 30]], [share], { seed });
    expect(run(7)).toEqual(run(7));
    expect(run(7)).not.toEqual(run(8));
  });

  test("keeps every stratum's own size", () => {
    const sizes: Statistic = (strata) => strata[0][0] + strata[0][1] + 1000 * (strata[1][0] + strata[1][1]);
    const [interval] = bootstrap(
      [
        [3, 7],
        [20, 5],
      ],
      [sizes],
    );
    expect(interval).toEqual({ value: 25_010, low: 25_010, high: 25_010 });
  });

  test("leaves out resamples that do not define the statistic, and says NaN when the counts do not", () => {
    const ratio: Statistic = ([[a, b]]) => (b === 0 ? Number.NaN : a / b);
    expect(bootstrap([[5, 1]], [ratio])[0].high).toBeGreaterThanOrEqual(5);
    expect(bootstrap([[5, 0]], [ratio])[0]).toEqual({ value: Number.NaN, low: Number.NaN, high: Number.NaN });
  });
});
