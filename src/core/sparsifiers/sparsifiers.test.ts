/** The contract that every sparsifier keeps, checked over the registry. */
import { readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { controlsOf } from "../params.ts";
import { runSparsifier, variantsOf } from "../testing/run.ts";
import { dare } from "./dare.ts";
import { sparsifiers } from "./index.ts";
import { keptCount } from "./keep.ts";
import { magnitude } from "./magnitude.ts";
import type { Sparsifier } from "./sparsifier.ts";
import { tadrop } from "./tadrop.ts";

/** Files of the folder that hold no sparsifier. */
const helpers = ["index.ts", "sparsifier.ts", "keep.ts", "budget.ts", "pool.ts"];

/** Many ties, zeros and both signs. */
const tensor = fc.array(fc.constantFrom(0, -0, 1, -1, 0.5, 2, -3, 1e-40), { maxLength: 80 });
const density = fc.oneof(
  fc.constantFrom(0, 1, 0.2, 0.5),
  fc.integer({ min: 0, max: 1e6 }).map((v) => v / 1e6),
);
const cases: [string, Sparsifier][] = sparsifiers.map((sparsifier) => [sparsifier.id, sparsifier]);

const isKept = (values: readonly number[]) => values.map((v) => v !== 0);

describe("the list of sparsifiers", () => {
  it("names every file of the folder", () => {
    const files = readdirSync(new URL(".", import.meta.url))
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !helpers.includes(file))
      .map((file) => file.replace(".ts", ""));
    expect(sparsifiers.map(({ id }) => id).sort()).toEqual(files.sort());
  });
});

describe.each(cases)("%s", (_, sparsifier) => {
  const variants = variantsOf(controlsOf(sparsifier.params));
  /** The variant that drops and does nothing else. */
  const plain = controlsOf(sparsifier.params).some(({ key }) => key === "rescale") ? { rescale: "none" } : {};

  it("gives the same bits for the same seed, in every variant", async () => {
    const tensors = { a: Array.from({ length: 70 }, (_, i) => Math.sin(i)), b: [1, -2, 3] };
    for (const params of variants) {
      const first = await runSparsifier(sparsifier, tensors, params);
      expect(await runSparsifier(sparsifier, tensors, params)).toEqual(first);
    }
  });

  it("says truly what it kept, and stays finite, in every variant", async () => {
    await fc.assert(
      fc.asyncProperty(tensor, tensor, async (a, b) => {
        for (const params of variants) {
          for (const [name, done] of Object.entries(await runSparsifier(sparsifier, { a, b }, params))) {
            const given = name === "a" ? a : b;
            expect(done.kept).toBeGreaterThanOrEqual(done.values.filter((v) => v !== 0).length);
            expect(done.kept).toBeLessThanOrEqual(given.length);
            expect(done.density).toBeGreaterThanOrEqual(0);
            expect(done.density).toBeLessThanOrEqual(1);
            expect(Number.isFinite(done.threshold ?? 0)).toBe(true);
            expect(done.values.every(Number.isFinite)).toBe(true);
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  it("changes nothing but zeroes before it rescales", async () => {
    await fc.assert(
      fc.asyncProperty(tensor, density, async (a, d) => {
        const { values } = (await runSparsifier(sparsifier, { a }, plain, { density: { a: d } })).a;
        const given = [...Float32Array.from(a)];
        expect(values.map((v, i) => v === 0 || v === given[i])).not.toContain(false);
      }),
      { numRuns: 50 },
    );
  });

  it("keeps everything, bit for bit, where a rule sets density 1", async () => {
    const a = [0.3, -0, 1e-40, -5, 0.3];
    for (const params of variants) {
      const done = (await runSparsifier(sparsifier, { a }, params, { density: { a: 1 } })).a;
      expect(done).toMatchObject({ by: "rule", density: 1, kept: 5 });
      expect(done.values).toEqual([...Float32Array.from(a)]);
    }
  });

  it("keeps nothing where a rule sets density 0, but for what its variant says", async () => {
    const done = (await runSparsifier(sparsifier, { a: [1, 2, 3, 4] }, plain, { density: { a: 0 } })).a;
    expect(done).toMatchObject({ by: "rule", density: 0, kept: 0, values: [0, 0, 0, 0] });
    expect(done.threshold).toBeUndefined();
  });
});

describe.each([
  ["magnitude", magnitude],
  ["tadrop", tadrop],
] as const)("%s at a set density", (_, sparsifier) => {
  it("keeps exactly floor(density · n), ties at the lower index", async () => {
    await fc.assert(
      fc.asyncProperty(tensor, density, async (a, d) => {
        const done = (await runSparsifier(sparsifier, { a }, {}, { density: { a: d } })).a;
        const k = a.length <= 1 ? a.length : Math.floor(d * a.length);
        expect(done.kept).toBe(k);
        const best = [...a.keys()].sort((i, j) => Math.abs(a[j]) - Math.abs(a[i]) || i - j).slice(0, k);
        const expected = Float32Array.from(a, (v, i) => (best.includes(i) ? v : 0));
        expect(Float32Array.from(done.values)).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });
});

describe.each([
  ["magnitude", magnitude, {}],
  ["dare", dare, { rescale: "none" }],
] as const)("%s masks", (_, sparsifier, params) => {
  it("grow with the density: what a lower one keeps, a higher one keeps too", async () => {
    const a = Array.from({ length: 200 }, (_, i) => Math.round(Math.sin(i) * 8) + 0.5);
    let smaller: boolean[] = a.map(() => false);
    for (const d of [0, 0.01, 0.1, 0.3, 0.31, 0.8, 1]) {
      const larger = isKept((await runSparsifier(sparsifier, { a }, { ...params, density: d })).a.values);
      expect(smaller.every((kept, i) => !kept || larger[i])).toBe(true);
      smaller = larger;
    }
    expect(smaller).not.toContain(false);
  });
});

describe("keptCount", () => {
  it("is floor(density · n), all of a tensor of one entry, nothing of none", () => {
    expect([keptCount(0.5, 7), keptCount(0, 7), keptCount(1, 7)]).toEqual([3, 0, 7]);
    expect([keptCount(0, 1), keptCount(0.2, 0)]).toEqual([1, 0]);
  });
});
