import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quietContext } from "#core/context.ts";
import type { Descent, DescentState } from "#core/doge/descend.ts";
import { sharedBasis } from "#core/doge/subspace.ts";
import { twin } from "#core/tensor/twin.ts";
import { simdKernels } from "./simd.ts";

const simd = simdKernels();

function wave(n: number, seed: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: n }, (_, i) => Math.sin(1 + i * 0.7 + seed * 1.3) / 10);
}

const shape = fc.record({
  rows: fc.integer({ min: 1, max: 23 }),
  columns: fc.integer({ min: 1, max: 21 }),
  experts: fc.integer({ min: 1, max: 5 }),
  isPerExpert: fc.boolean(),
  isBound: fc.boolean(),
  isInside: fc.boolean(),
  seed: fc.integer({ min: 0, max: 99 }),
});

describe("DOGE's steps", () => {
  it("are the twin's, bit for bit, at once or in parts", async () => {
    await fc.assert(
      fc.asyncProperty(shape, async ({ rows, columns, experts, isPerExpert, isBound, isInside, seed }) => {
        const n = rows * columns;
        const taus = Array.from({ length: experts }, (_, j) => wave(n, seed + j));
        const lambdas = taus.map((_, j) => 0.3 + 0.1 * j);
        const coefficients = isPerExpert ? lambdas : [lambdas.reduce((sum, value) => sum + value, 0)];
        const basis = await sharedBasis(taus, rows, columns, 2, twin, quietContext);
        const problem: Descent = {
          rows,
          columns,
          taus,
          gaps: Float64Array.from(wave(experts * rows, seed + 50)),
          coefficients,
          isInside,
          ...(isBound && basis.length > 0 && { basis }),
        };
        const start = (): DescentState => {
          const arrays = () => coefficients.map(() => new Float32Array(n));
          return { deltas: arrays(), first: arrays(), second: arrays(), steps: 0 };
        };
        const [plain, ours] = [start(), start()];
        const wanted = twin.descend(problem, plain, 5, 1e-3);
        const got = [...simd.descend(problem, ours, 2, 1e-3), ...simd.descend(problem, ours, 3, 1e-3)];
        expect(got).toEqual([...wanted]);
        expect(ours).toEqual(plain);
      }),
      { numRuns: 60 },
    );
  });
});
