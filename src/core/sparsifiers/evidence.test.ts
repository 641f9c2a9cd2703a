/** Regions with and without data: examples of the official code worked by hand. */
import { describe, expect, it } from "vitest";
import { runSparsifier } from "../testing/run.ts";
import { localize } from "./localize.ts";
import { sensitivity } from "./sensitivity.ts";

const tau = { "a.weight": [4, -3, 2, -1], "b.weight": [0.5, 0, 3] };
const valuesOf = async (...args: Parameters<typeof runSparsifier>) => {
  const done = await runSparsifier(...args);
  return Object.values(done).map(({ values }) => values);
};

describe("localize without data", () => {
  it("keeps the k largest of the whole model, ties at the lower position", async () => {
    const done = await runSparsifier(localize, tau, { density: 0.5 });
    expect(done["a.weight"]).toMatchObject({ values: [4, -3, 0, 0], kept: 2, by: "pool", threshold: 3 });
    expect(done["b.weight"]).toMatchObject({ values: [0, 0, 3], kept: 1, density: 0.5 });
  });

  it("as the official code keeps what is above the k-th, so one of three", async () => {
    const official = { density: 0.5, count: "official" };
    expect(await valuesOf(localize, tau, official)).toEqual([
      [4, 0, 0, 0],
      [0, 0, 0],
    ]);
  });

  it("leaves embeddings at base on demand, and out of the pool", async () => {
    const model = { pos_embed: [9, 9], "mlp.weight": [1, 2, 3, 4] };
    const done = await runSparsifier(localize, model, { density: 0.5, embeddings: "base" });
    expect(done.pos_embed).toMatchObject({ values: [0, 0], kept: 0, by: "exempt" });
    expect(done["mlp.weight"].values).toEqual([0, 0, 3, 4]);
  });
});

describe("localize with data", () => {
  it("keeps what the trained mask chooses, and nothing of tensors that it does not know", async () => {
    const evidence = { "a.weight": [0, 1, 0, 1] };
    const done = await runSparsifier(localize, tau, { masks: "trained" }, { evidence });
    expect(done["a.weight"]).toMatchObject({ values: [0, -3, 0, -1], kept: 2, density: 0.5, by: "evidence" });
    expect(done["b.weight"]).toMatchObject({ values: [0, 0, 0], kept: 0, by: "exempt" });
  });

  it("cuts by size where a rule sets a density", async () => {
    const evidence = { "a.weight": [0, 1, 0, 1] };
    const density = { "a.weight": 0.25 };
    const done = await runSparsifier(localize, tau, { masks: "trained" }, { evidence, density });
    expect(done["a.weight"]).toMatchObject({ values: [4, 0, 0, 0], by: "rule" });
  });
});

it("localize at random meets its density on average, for each expert another region", async () => {
  const long = { w: Array.from({ length: 4000 }, () => 1) };
  const random = { masks: "random", density: 0.1 };
  const a = (await runSparsifier(localize, long, random, { expert: "a" })).w;
  const b = (await runSparsifier(localize, long, random, { expert: "b" })).w;
  expect(a.kept).toBeGreaterThan(340);
  expect(a.kept).toBeLessThan(460);
  expect(b.values).not.toEqual(a.values);
  const more = (await runSparsifier(localize, long, { masks: "random", density: 0.2 }, { expert: "a" })).w;
  expect(a.values.every((value, i) => value === 0 || more.values[i] !== 0)).toBe(true);
});

describe("a sensitivity mask", () => {
  const evidence = { "a.weight": [0.1, 0.9, 0.3, 0.3], "b.weight": [0, 0.3, 2] };

  it("keeps the least felt of the whole model, ties at the lower position", async () => {
    const done = await runSparsifier(sensitivity, tau, { density: 0.6 }, { evidence });
    expect(done["a.weight"]).toMatchObject({ values: [4, 0, 2, -1], kept: 3, by: "pool" });
    expect(done["b.weight"]).toMatchObject({ values: [0.5, 0, 0], kept: 1 });
  });

  it("or the most felt, or the same share of each tensor", async () => {
    expect(await valuesOf(sensitivity, tau, { density: 0.6, keep: "most" }, { evidence })).toEqual([
      [0, -3, 2, -1],
      [0, 0, 3],
    ]);
    expect(await valuesOf(sensitivity, tau, { density: 0.5, scope: "tensor" }, { evidence })).toEqual([
      [4, 0, 2, 0],
      [0.5, 0, 0],
    ]);
  });

  it("leaves tensors without scores at base, unless a rule says otherwise", async () => {
    const only = { evidence: { "a.weight": [1, 2, 3, 4] } };
    expect((await runSparsifier(sensitivity, tau, {}, only))["b.weight"]).toMatchObject({
      kept: 0,
      by: "exempt",
    });
    const ruled = await runSparsifier(sensitivity, tau, {}, { ...only, density: { "b.weight": 0.4 } });
    expect(ruled["b.weight"]).toMatchObject({ values: [0, 0, 3], by: "rule" });
  });
});
