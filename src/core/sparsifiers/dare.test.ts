import { describe, expect, it } from "vitest";
import { runSparsifier } from "../testing/run.ts";
import { dare } from "./dare.ts";

const tau = [4, -3, 2, -1, 0.5, 0];

/** A seed whose coins keep entries 0, 2 and 4 of six at density .5. */
async function seedOfAlternating(): Promise<number> {
  for (let seed = 0; seed < 2000; seed++) {
    const done = await runSparsifier(
      dare,
      { tau: [1, 1, 1, 1, 1, 1] },
      { density: 0.5, rescale: "none" },
      { seed },
    );
    if (done.tau.values.join("") === "101010") return seed;
  }
  throw new Error("no such seed");
}

describe("DARE", () => {
  it("rescales as the paper and as mergekit do (mask 101010 worked by hand)", async () => {
    const seed = await seedOfAlternating();
    const rescaled = async (rescale: string) =>
      (await runSparsifier(dare, { tau }, { density: 0.5, rescale }, { seed })).tau.values;
    expect(await rescaled("density")).toBeAllclose([8, 0, 4, 0, 1, 0]);
    expect(await rescaled("l1")).toBeAllclose([6.461538, 0, 3.230769, 0, 0.807692, 0]);
    expect(await rescaled("none")).toBeAllclose([4, 0, 2, 0, 0.5, 0]);
  });

  it("keeps the mean of every entry over seeds", async () => {
    const seeds = 400;
    const sums = new Float64Array(tau.length);
    for (let seed = 0; seed < seeds; seed++) {
      const { values } = (await runSparsifier(dare, { tau }, { density: 0.25 }, { seed })).tau;
      values.forEach((value, i) => {
        sums[i] += value;
      });
    }
    // One draw is τ / .25 with chance .25: standard deviation √3 |τ|. Bound at 4.5 of the mean's.
    sums.forEach((sum, i) => {
      expect(Math.abs(sum / seeds - tau[i])).toBeLessThanOrEqual(
        4.5 * Math.abs(tau[i]) * Math.sqrt(3 / seeds),
      );
    });
  });

  it("tosses other coins for another seed, expert or tensor", async () => {
    const ones = Array.from({ length: 64 }, () => 1);
    const mask = async (name: string, place: { seed?: number; expert?: string }) =>
      (await runSparsifier(dare, { [name]: ones }, { density: 0.5 }, place))[name].values.join("");
    const masks = [
      await mask("a", {}),
      await mask("b", {}),
      await mask("a", { seed: 2 }),
      await mask("a", { expert: "other" }),
    ];
    expect(new Set(masks).size).toBe(4);
  });

  it("leaves a vector that lost everything at zero instead of dividing by it", async () => {
    const done = await runSparsifier(dare, { tau }, { density: 0, rescale: "l1" });
    expect(done.tau).toMatchObject({ kept: 0, values: [0, 0, 0, 0, 0, 0] });
  });
});
