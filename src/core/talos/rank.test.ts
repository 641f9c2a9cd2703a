import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chosen, type Mask } from "../localise/mask.ts";
import { rank } from "./rank.ts";

const bits = (mask: Mask) => [...mask.values()].map((values) => [...values]);
const named = (...tensors: readonly number[][]) =>
  new Map(tensors.map((values, i) => [`t${i}`, Float32Array.from(values)]));

describe("ranking the lowest scores (talos_rounds)", () => {
  const scores = named([0.1, 0.9, 0.3, 0.3, 0.2, 0.8, 0.7, 0.05], [0.6, 0.01, 0.4, 0.3]);
  const first = rank(scores, 6, { end: "lowest", count: "official" });

  it("keeps the ties of the last one in the official count: 7 for k = 6", () => {
    expect(bits(first)).toEqual([
      [1, 0, 1, 1, 1, 0, 0, 1],
      [0, 1, 0, 1],
    ]);
  });

  it("ranks only what is live in the next round", () => {
    expect(bits(rank(scores, 3, { end: "lowest", count: "official" }, first))).toEqual([
      [1, 0, 0, 0, 0, 0, 0, 1],
      [0, 1, 0, 0],
    ]);
  });

  it("keeps exactly k, ties at the lower place, in the exact count", () => {
    expect(bits(rank(scores, 6, { end: "lowest", count: "exact" }))).toEqual([
      [1, 0, 1, 1, 1, 0, 0, 1],
      [0, 1, 0, 0],
    ]);
  });
});

describe("ranking", () => {
  const pool = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 30 });
  const end = fc.constantFrom("lowest" as const, "highest" as const);

  it("takes k of the live, none of them beaten by one left out, and more with a larger k", () => {
    fc.assert(
      fc.property(pool, fc.array(fc.boolean()), fc.nat(30), end, (values, dead, k, side) => {
        const scores = named(values);
        const live: Mask = new Map([["t0", Uint8Array.from(values, (_, i) => (dead[i] ? 0 : 1))]]);
        const choice = { end: side, count: "exact" as const };
        const [mask] = bits(rank(scores, k, choice, live));
        const [more] = bits(rank(scores, k + 1, choice, live));
        const alive = values.filter((_, i) => !dead[i]);
        const key = (value: number) => (side === "lowest" ? value : -value);
        const taken = values.filter((_, i) => mask[i]).map(key);
        const left = values.filter((_, i) => !mask[i] && !dead[i]).map(key);
        expect(taken).toHaveLength(Math.min(k, alive.length));
        expect(Math.max(...taken)).toBeLessThanOrEqual(Math.min(...left));
        expect(mask.every((bit, i) => bit <= more[i] && !(bit && dead[i]))).toBe(true);
      }),
    );
  });

  it("takes nothing for k = 0", () => {
    expect(chosen(rank(named([0, 1]), 0, { end: "lowest", count: "official" }))).toBe(0);
  });
});
