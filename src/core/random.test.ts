import { describe, expect, it } from "vitest";
import { coin, coinKey, coinLimit, coinRange, mix } from "./random.ts";
import { twin } from "./tensor/twin.ts";

const n = 4096;
const keys = Array.from({ length: 24 }, (_, i) => coinKey(7, `expert-${i % 4}`, `blocks.${i}.weight`));

/** Coins of one key, centred and scaled to variance 1. */
function stream(key: (typeof keys)[number]): number[] {
  const deviation = coinRange / Math.sqrt(12);
  return Array.from({ length: n }, (_, i) => (coin(key, i) - (coinRange - 1) / 2) / deviation);
}

const streams = keys.map(stream);
/** Mean of n products of unit variance has this standard deviation, so z below is standard normal. */
const z = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / Math.sqrt(values.length);

describe("coins", () => {
  // 24 values of z each, of which the largest exceeds 4.5 by chance once in 6,000 sets of keys. These are fixed.
  it("have the mean of a fair draw", () => {
    for (const s of streams) expect(Math.abs(z(s))).toBeLessThan(4.5);
  });

  it("do not follow their neighbours", () => {
    for (const s of streams) expect(Math.abs(z(s.slice(1).map((v, i) => v * s[i])))).toBeLessThan(4.5);
  });

  it("do not follow the coins of another tensor, expert or seed", () => {
    const other = stream(coinKey(8, "expert-0", "blocks.0.weight"));
    for (const [i, s] of streams.entries()) {
      const next = i + 1 < streams.length ? streams[i + 1] : other;
      expect(Math.abs(z(s.map((v, j) => v * next[j])))).toBeLessThan(4.5);
    }
  });

  it("fill 64 bins evenly", () => {
    for (const key of keys) {
      const bins = new Float64Array(64);
      for (let i = 0; i < n; i++) bins[coin(key, i) >>> 18]++;
      const chi2 = bins.reduce((sum, count) => sum + (count - n / 64) ** 2 / (n / 64), 0);
      expect(chi2).toBeGreaterThan(63 - 4.5 * Math.sqrt(126));
      expect(chi2).toBeLessThan(63 + 4.5 * Math.sqrt(126));
    }
  });

  it("depend on where one name ends and the next begins", () => {
    expect(coinKey(1, "ab", "c")).not.toEqual(coinKey(1, "a", "bc"));
    expect(coinKey(1, "a", "b")).not.toEqual(coinKey(1, "b", "a"));
    expect(coinKey(1, "a", "b")).toEqual(coinKey(1, "a", "b"));
  });

  it("are the same in every release: saved recipes name masks by their seed alone", () => {
    expect(mix(1) >>> 0).toMatchInlineSnapshot(`114555507`);
    expect(coinKey(42, "mnist", "fc1.weight")).toMatchInlineSnapshot(`
      {
        "k0": 456991261,
        "k1": -1012498823,
      }
    `);
    expect([0, 1, 1_000_000].map((i) => coin(coinKey(42, "mnist", "fc1.weight"), i))).toMatchInlineSnapshot(`
      [
        3703820,
        4671940,
        9874546,
      ]
    `);
  });
});

describe("drop", () => {
  const x = Float32Array.from({ length: n }, (_, i) => Math.sin(i) + 2);

  it("keeps an element exactly when its coin is below the limit", () => {
    const out = twin.alloc(n);
    const kept = twin.drop(out, x, keys[0], 0.3, 2);
    const expected = x.map((v, i) => (coin(keys[0], i) < coinLimit(0.3) ? 2 * v : 0));
    expect(out).toEqual(expected);
    expect(kept).toBe(expected.filter((v) => v !== 0).length);
  });

  it("keeps all at density 1 and nothing at 0", () => {
    const out = twin.alloc(n);
    expect(twin.drop(out, x, keys[1], 1, 1)).toBe(n);
    expect(out).toEqual(x);
    expect(twin.drop(out, x, keys[1], 0, 1)).toBe(0);
    expect(out).toEqual(new Float32Array(n));
  });
});
