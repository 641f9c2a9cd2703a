import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accuracy, fillArgmax, mcnemar, NO_CLASS, wilson } from "./metrics.ts";

describe("wilson", () => {
  test.each([
    // Newcombe 1998, table I, method 3.
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("gives the published interval of %i of %i", (k, n, low, high) => {
    const interval = wilson(k, n);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  test("knows nothing without examples", () => {
    expect(wilson(0, 0)).toEqual({ k: 0, n: 0, low: 0, high: 1 });
  });

  test("contains the proportion, stays in 0…1, and shrinks as n grows", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, share) => {
          const k = Math.round(share * n);
          const { low, high } = wilson(k, n);
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1);
          expect(low).toBeLessThanOrEqual(k / n);
          expect(high).toBeGreaterThanOrEqual(k / n);
          const larger = wilson(4 * k, 4 * n);
          expect(larger.high - larger.low).toBeLessThan(high - low);
        },
      ),
    );
  });
});

describe("mcnemar", () => {
  test.each([
    // Fagerland, Lydersen, Laake 2013 (doi:10.1186/1471-2288-13-91): airway hyper-responsiveness, exact conditional.
    [1, 7, 0.0703125],
    // By hand: 2 · (1 + 12 + 66) / 4096.
    [10, 2, 158 / 4096],
    [0, 0, 1],
    [5, 5, 1],
    [0, 6, 2 / 64],
  ])("gives the exact p of %i won and %i lost", (won, lost, p) => {
    expect(mcnemar(won, lost)).toBeCloseTo(p, 10);
    expect(mcnemar(lost, won)).toBeCloseTo(p, 10);
  });

  test("does not underflow where single outcomes do", () => {
    // Normal approximation with continuity correction: z = 99 / √2100, two-sided p = 0.0308.
    expect(mcnemar(1000, 1100)).toBeCloseTo(0.0308, 3);
    expect(mcnemar(1000, 1000)).toBe(1);
  });
});

describe("accuracy", () => {
  test("counts matches among the first n", () => {
    const labels = Uint8Array.of(0, 1, 2, 3);
    expect(accuracy(Uint8Array.of(0, 1, 0, 3), labels)).toMatchObject({ k: 3, n: 4 });
    expect(accuracy(Uint8Array.of(0, 1, 0, 3), labels, 2)).toMatchObject({ k: 2, n: 2 });
  });
});

describe("fillArgmax", () => {
  test("takes the largest logit, the lower class of equals, and no class where nothing is a number", () => {
    const out = new Uint8Array(4);
    const { NaN: nan, NEGATIVE_INFINITY: least } = Number;
    fillArgmax(out, Float32Array.of(1, 3, 2, 5, 5, 1, nan, nan, nan, least, least, nan), 3);
    expect([...out]).toEqual([1, 0, NO_CLASS, 0]);
  });
});
