import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dataless } from "./dataless.ts";
import { graft } from "./graft.ts";
import { chosen, largest, type Mask, maskDensity, randomMask } from "./mask.ts";
import { jaccard, jaccardOf, overlapOf } from "./overlap.ts";

const named = (...tensors: number[][]) =>
  new Map(tensors.map((values, i) => [`t${i}`, Float32Array.from(values)]));
const bits = (mask: Mask) => [...mask.values()].map((values) => [...values]);
const maskOf = (...tensors: number[][]): Mask =>
  new Map(tensors.map((values, i) => [`t${i}`, Uint8Array.from(values)]));

const pool = fc
  .array(fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 8 }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((tensors) => named(...tensors));

describe("the dataless region (las_init_s0.5: 7 weights, k = 3, the third largest change is 3)", () => {
  const delta = named([4, -3, 2, -1], [0.5, 0, 3]);

  it("holds one of three when only what is above the k-th counts, as in the official code", () => {
    expect(bits(dataless(delta, { density: 0.5, ties: "strict" }))).toEqual([
      [1, 0, 0, 0],
      [0, 0, 0],
    ]);
  });

  it("holds the k-th and its ties, as in MergeBench", () => {
    expect(bits(dataless(delta, { density: 0.5, ties: "tied" }))).toEqual([
      [1, 1, 0, 0],
      [0, 0, 1],
    ]);
  });

  it("holds exactly k, ties at the lower place, by default", () => {
    const tied = named([1, -1, 1], [-1, 1]);
    expect(bits(dataless(tied, { density: 0.6, ties: "exact" }))).toEqual([
      [1, 1, 1],
      [0, 0],
    ]);
  });

  it("is empty at density 0 whatever the rule for ties", () => {
    for (const ties of ["exact", "tied", "strict"] as const)
      expect(chosen(dataless(delta, { density: 0, ties }))).toBe(0);
  });
});

describe("ranked masks", () => {
  it("hold exactly k and grow with k", () => {
    fc.assert(
      fc.property(pool, fc.nat(), fc.integer(), (scores, pick, seed) => {
        const sizes = new Map([...scores].map(([name, { length }]) => [name, length]));
        const n = [...sizes.values()].reduce((sum, size) => sum + size, 0);
        const k = pick % n;
        for (const maskAt of [
          (of: number) => largest(scores, of),
          (of: number) => randomMask(sizes, of, seed),
        ]) {
          const [few, more] = [bits(maskAt(k)).flat(), bits(maskAt(k + 1)).flat()];
          expect(few.filter(Boolean)).toHaveLength(k);
          expect(few.every((bit, i) => bit <= more[i])).toBe(true);
          expect(maskDensity(maskAt(k))).toBe(k / n);
        }
      }),
    );
  });

  it("are the same at random for the same seed only", () => {
    const sizes = new Map([["a", 64]]);
    expect(bits(randomMask(sizes, 20, 1))).toEqual(bits(randomMask(sizes, 20, 1)));
    expect(bits(randomMask(sizes, 20, 1))).not.toEqual(bits(randomMask(sizes, 20, 2)));
  });
});

describe("a grafted model", () => {
  it("is base + delta in the region and the base's own values elsewhere", () => {
    const base = named([1, 2], [3]);
    const grafted = graft(base, named([10, 20]), maskOf([0, 1]));
    expect([...grafted.values()].map((values) => [...values])).toEqual([[1, 22], [3]]);
    expect(grafted.get("t1")).toBe(base.get("t1"));
  });
});

describe("overlap of masks", () => {
  const mask = fc
    .array(fc.constantFrom(0, 1), { minLength: 5, maxLength: 5 })
    .map((values) => maskOf(values));

  it("is symmetric, at most 1, and 1 with itself", () => {
    fc.assert(
      fc.property(mask, mask, (a, b) => {
        expect(jaccard(a, b)).toBe(jaccard(b, a));
        expect(jaccard(a, b)).toBeLessThanOrEqual(1);
        expect(jaccard(a, a)).toBe(1);
      }),
    );
  });

  it("counts what is in both against what is in either, over tensors that only one has too", () => {
    expect(jaccard(maskOf([1, 1, 0, 0, 1]), maskOf([1, 0, 1, 0, 1]))).toBe(0.5);
    expect(jaccard(maskOf([1, 0], [1]), maskOf([1, 0]))).toBe(0.5);
    const { both } = overlapOf([Uint8Array.of(1, 1), Uint8Array.of(1, 0), new Uint8Array(2)]);
    expect(jaccardOf(both)).toEqual([
      [1, 0.5, 0],
      [0.5, 1, 0],
      [0, 0, 1],
    ]);
  });

  it("counts how many masks choose each weight", () => {
    const masks = [Uint8Array.of(1, 1, 0, 0, 1), Uint8Array.of(1, 0, 1, 0, 1), Uint8Array.of(1, 1, 0, 0, 0)];
    expect(overlapOf(masks).times).toEqual([1, 1, 2, 1]);
  });
});
