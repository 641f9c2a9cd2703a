import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shuffledEpochs } from "./batches.ts";

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const counts = fc.integer({ min: 1, max: 50 });

describe("batches", () => {
  it("show every example once in each epoch", () => {
    fc.assert(
      fc.property(counts, seeds, (count, seed) => {
        const batches = shuffledEpochs(count, seed);
        for (const epoch of [0, 3]) {
          const seen = [...batches.indices(epoch * count, count)].sort((a, b) => a - b);
          expect(seen).toEqual(Array.from({ length: count }, (_, i) => i));
        }
      }),
    );
  });

  it("come in the same order whatever their size and wherever one begins", () => {
    fc.assert(
      fc.property(counts, seeds, fc.integer({ min: 1, max: 20 }), (count, seed, size) => {
        const whole = [...shuffledEpochs(count, seed).indices(0, 5 * size)];
        const later = shuffledEpochs(count, seed);
        const parts = [4, 0, 1, 2, 3].map((k) => [k, [...later.indices(k * size, size)]] as const);
        for (const [k, part] of parts) expect(part).toEqual(whole.slice(k * size, (k + 1) * size));
      }),
    );
  });

  it("differ between epochs and between seeds", () => {
    const one = shuffledEpochs(40, 1);
    expect(one.indices(0, 40)).not.toEqual(one.indices(40, 40));
    expect(one.indices(0, 40)).not.toEqual(shuffledEpochs(40, 2).indices(0, 40));
  });

  it("put every example at every place about as often", () => {
    const batches = shuffledEpochs(5, 7);
    const first = new Array(5).fill(0);
    for (let epoch = 0; epoch < 2000; epoch++) first[batches.indices(epoch * 5, 1)[0]]++;
    // 400 expected, standard deviation 18.
    for (const count of first) expect(Math.abs(count - 400)).toBeLessThan(90);
  });
});
