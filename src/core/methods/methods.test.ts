/** The contract that every merge method keeps, checked over the registry. */
import { readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { controlsOf } from "../params.ts";
import { runMethod, variantsOf } from "../testing/run.ts";
import { methods } from "./index.ts";
import type { MergeMethod } from "./method.ts";

/** Files of the folder that hold no method. */
const helpers = ["index.ts", "low-rank-rows.ts", "matrices.ts", "method.ts", "shares.ts", "task-masks.ts"];

/** Values whose sums are exact in f32, so that rounding never turns an election. */
const value = fc.integer({ min: -64, max: 64 }).map((v) => v / 16);
const shape = fc.record({ k: fc.integer({ min: 1, max: 4 }), n: fc.integer({ min: 1, max: 12 }) });
const rowsOf = (k: number, n: number) =>
  fc.array(fc.array(value, { minLength: n, maxLength: n }), { minLength: k, maxLength: k });
const model = shape.chain(({ k, n }) =>
  fc.record({
    a: rowsOf(k, n),
    b: rowsOf(k, 5),
    weights: fc.array(fc.constantFrom(0.25, 0.5, 1, 2), { minLength: k, maxLength: k }),
  }),
);

const cases: [string, MergeMethod][] = methods.map((method) => [method.id, method]);

describe("the list of methods", () => {
  it("names every file of the folder", () => {
    const files = readdirSync(new URL(".", import.meta.url))
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !helpers.includes(file))
      .map((file) => file.replace(".ts", ""));
    expect(methods.map(({ id }) => id).sort()).toEqual(files.sort());
  });
});

describe.each(cases)("%s", (_, method) => {
  it("gives the same bits twice, and leaves its inputs alone", async () => {
    await fc.assert(
      fc.asyncProperty(model, async ({ a, b, weights }) => {
        const rows = a.map((row) => Float32Array.from(row));
        const first = await runMethod(method, { a: rows, b }, {}, weights);
        expect(rows).toEqual(a.map((row) => Float32Array.from(row)));
        expect(await runMethod(method, { a: rows, b }, {}, weights)).toEqual(first);
      }),
      { numRuns: 25 },
    );
  });

  it.skipIf(method.reshapes)("gives back a lone expert, in every variant", async () => {
    for (const params of variantsOf(controlsOf(method.params))) {
      const row = [1.5, -2, 0, 0.3, 1e-40, -7];
      const { a, empty } = await runMethod(method, { a: [row], empty: [[]] }, params);
      expect(a).toHaveLength(1);
      expect([...a[0]].map((v) => v + 0)).toEqual([...Float32Array.from(row)]);
      expect(empty[0]).toHaveLength(0);
    }
  });

  it.skipIf(method.ordered)("does not care in which order experts come", async () => {
    await fc.assert(
      fc.asyncProperty(model, async ({ a, b, weights }) => {
        for (const params of variantsOf(controlsOf(method.params))) {
          const there = await runMethod(method, { a, b }, params, weights);
          const reversed = { a: a.toReversed(), b: b.toReversed() };
          const back = await runMethod(method, reversed, params, weights.toReversed());
          const rows = method.output === "single" ? back.a : back.a.toReversed();
          there.a.forEach((row, k) => {
            expect(row).toBeAllclose(rows[k], { rtol: 1e-6, atol: 1e-6 });
          });
        }
      }),
      { numRuns: 25 },
    );
  });

  it("stays finite where everything is zero, equal or cancels", async () => {
    for (const params of variantsOf(controlsOf(method.params))) {
      const tensors = {
        zero: [
          [0, 0],
          [0, -0],
        ],
        equal: [
          [2, 2],
          [2, 2],
        ],
        opposed: [
          [1, -1],
          [-1, 1],
        ],
      };
      for (const weights of [
        [1, 1],
        [0, 0],
        [1, -1],
      ]) {
        const merged = await runMethod(method, tensors, params, weights);
        for (const row of Object.values(merged).flat()) expect([...row].every(Number.isFinite)).toBe(true);
      }
    }
  });
});

describe.each(cases.filter(([id]) => id === "linear" || id === "ties"))("%s, an average", (_, method) => {
  it("stays within its inputs and zero", async () => {
    await fc.assert(
      fc.asyncProperty(model, async ({ a, b, weights }) => {
        const [merged] = (await runMethod(method, { a, b }, {}, weights)).a;
        merged.forEach((value, i) => {
          const column = [0, ...a.map((row) => row[i])];
          expect(value).toBeLessThanOrEqual(Math.max(...column) + 1e-6);
          expect(value).toBeGreaterThanOrEqual(Math.min(...column) - 1e-6);
        });
      }),
      { numRuns: 50 },
    );
  });
});
