import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binCount, binOfRow, easyMask, hardMask, NEVER, placesFromHardest } from "./hard.ts";

const difficulty = {
  el2n: Float32Array.of(0.5, 1.2, 0.5, 0.1, 0.9, 0.5, 0, 0.2, 0.3, 0.4),
  learned: Uint16Array.of(20, NEVER, 640, 20, 1280, 320, 20, 20, 20, 40),
};
const places = placesFromHardest(difficulty);
const rows = (mask: Uint8Array) => [...mask.keys()].filter((row) => mask[row] === 1);

describe("hard examples", () => {
  test("rank by EL2N, equal scores by row", () => {
    expect([...places]).toEqual([2, 0, 3, 8, 1, 4, 9, 7, 6, 5]);
  });

  test("are the top fraction, ties at the lower row", () => {
    const of = (fraction: number) =>
      rows(hardMask(difficulty, places, { kind: "el2n", fraction, lateStep: 640 }));
    expect(of(0.1)).toEqual([1]);
    expect(of(0.3)).toEqual([0, 1, 4]);
    expect(of(0.01)).toEqual([1]);
    expect(of(1)).toHaveLength(10);
  });

  test("are, by the other definition, those learned late or never", () => {
    const mask = hardMask(difficulty, places, { kind: "late", fraction: 0.1, lateStep: 640 });
    expect(rows(mask)).toEqual([1, 2, 4]);
  });

  test("leave an easier half; the middle row of an odd number is not in it", () => {
    expect(rows(easyMask(places))).toEqual([3, 6, 7, 8, 9]);
    const odd = placesFromHardest({ el2n: Float32Array.of(3, 1, 2), learned: new Uint16Array(3) });
    expect(rows(easyMask(odd))).toEqual([1]);
  });
});

describe("bins", () => {
  test("are deciles from 1,000 examples on, halves below", () => {
    expect([binCount(64), binCount(999), binCount(1000)]).toEqual([2, 2, 10]);
  });

  test("hold equal counts, the easiest first", () => {
    expect([...binOfRow(places, 2)]).toEqual([0, 0, 0, 1, 0, 0, 1, 1, 1, 1].map((b) => 1 - b));
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 300 }), fc.constantFrom(2, 10), (n, bins) => {
        const el2n = Float32Array.from({ length: n }, (_, i) => Math.sin(i));
        const counts = new Array<number>(bins).fill(0);
        for (const bin of binOfRow(placesFromHardest({ el2n, learned: new Uint16Array(n) }), bins))
          counts[bin]++;
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
