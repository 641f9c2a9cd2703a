import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchBudget } from "./budget.ts";

const shares = fc.array(
  fc.record({ n: fc.integer({ min: 1, max: 50 }), rate: fc.constantFrom(0, 0.1, 0.25, 0.25, 0.4, 0.9) }),
  { minLength: 1, maxLength: 6 },
);

function keptShare(given: readonly { n: number; rate: number }[], factor: number): number {
  const total = given.reduce((sum, { n }) => sum + n, 0);
  const dropped = given.reduce((sum, { n, rate }) => sum + Math.floor(Math.min(factor * rate, 0.95) * n), 0);
  return 1 - dropped / total;
}

describe("matchBudget", () => {
  it("comes as close to the target as any factor does", () => {
    fc.assert(
      fc.property(shares, fc.double({ min: 0, max: 1, noNaN: true }), (given, target) => {
        const { reached, factor } = matchBudget(given, target, 0, 0.95);
        expect(reached).toBeCloseTo(keptShare(given, factor), 12);
        const distance = Math.abs(reached - target);
        for (let f = 0; f <= 10; f += 0.113) {
          expect(distance).toBeLessThanOrEqual(Math.abs(keptShare(given, f) - target) + 1e-12);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("stops at the cap, and at the floor", () => {
    const given = [{ n: 100, rate: 0.5 }];
    expect(matchBudget(given, 0, 0, 0.9)).toMatchObject({ rates: [0.9], reached: expect.closeTo(0.1, 12) });
    expect(matchBudget(given, 1, 0.2, 0.9)).toMatchObject({ rates: [0.2], reached: 0.8 });
  });

  it("has nothing to do where nothing can be dropped", () => {
    expect(matchBudget([], 0.5, 0, 0.95)).toMatchObject({ rates: [], reached: 1 });
    expect(matchBudget([{ n: 10, rate: 0 }], 0.5, 0, 0.95)).toMatchObject({ rates: [0], reached: 1 });
  });
});
