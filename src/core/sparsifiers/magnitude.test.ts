import { describe, expect, it } from "vitest";
import { runSparsifier } from "../testing/run.ts";
import { magnitude } from "./magnitude.ts";

const tensors = { first: [9, 1, 8, 1], second: [1, 2, 7], alone: [0.5] };

describe("magnitude over the whole model", () => {
  it("lets tensors compete for one share, ties at the lower index of the joined vector", async () => {
    const done = await runSparsifier(magnitude, tensors, { scope: "model", density: 0.625 });
    expect(done.first).toMatchObject({
      values: [9, 1, 8, 0],
      kept: 3,
      by: "pool",
      density: 0.625,
      threshold: 1,
    });
    expect(done.second).toMatchObject({ values: [0, 2, 7], kept: 2 });
    expect(done.alone).toMatchObject({ values: [0], kept: 0 });
  });

  it("keeps all ties and one more with the official count", async () => {
    const done = await runSparsifier(magnitude, tensors, { scope: "model", density: 0.5, count: "official" });
    expect(Object.values(done).map(({ kept }) => kept)).toEqual([4, 3, 0]);
  });

  it("ranks a tensor with a set density alone, and leaves the pool to the others", async () => {
    const rule = { density: { second: 0.34 } };
    const done = await runSparsifier(magnitude, tensors, { scope: "model", density: 0.4 }, rule);
    expect(done.second).toMatchObject({ values: [0, 0, 7], kept: 1, by: "rule", density: 0.34 });
    expect(done.first.values).toEqual([9, 0, 8, 0]);
  });

  it("needs no pass over the model when each tensor is ranked alone", () => {
    expect(magnitude.prepare?.needed(magnitude.params.parse({}))).toBe(false);
  });
});

describe("magnitude with the official count", () => {
  it("keeps every entry of a constant tensor, and one entry at density 0", async () => {
    const official = { count: "official", density: 0.2 };
    expect((await runSparsifier(magnitude, { a: [3, -3, 3, 3] }, official)).a.kept).toBe(4);
    expect((await runSparsifier(magnitude, { a: [3, -5, 3, 3] }, { ...official, density: 0 })).a.kept).toBe(
      1,
    );
    expect((await runSparsifier(magnitude, { a: [3, -5] }, { ...official, density: 1 })).a.kept).toBe(2);
  });
});
