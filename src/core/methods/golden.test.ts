/** Examples worked by hand from the equations; task vectors of three experts on one tensor of six entries. */
import { describe, expect, it } from "vitest";
import type { Params } from "../recipe/schema.ts";
import { magnitude } from "../sparsifiers/magnitude.ts";
import { runMethod, runSparsifier } from "../testing/run.ts";
import { emr } from "./emr.ts";
import { linear } from "./linear.ts";
import { taskArithmetic } from "./task-arithmetic.ts";
import { ties } from "./ties.ts";

const taus = [
  [4, -3, 2, -1, 0.5, 0],
  [1, 3, -2, 2, 0, 0],
  [-2, 1, 1, -4, 0.25, 0],
];

async function trimmed(params: Params): Promise<number[][]> {
  return Promise.all(taus.map(async (tau) => (await runSparsifier(magnitude, { tau }, params)).tau.values));
}

async function merged(rows: readonly (readonly number[])[], params: Params = {}, weights?: number[]) {
  return (await runMethod(ties, { tau: rows }, params, weights)).tau[0];
}

describe("TIES as in mergekit (GTATask with magnitude sparsifier and sum consensus)", () => {
  it("keeps half of each tensor and averages those that agree", async () => {
    expect(await merged(await trimmed({ density: 0.5 }))).toBeAllclose([4, 2, 2, -4, 0, 0]);
  });

  it("elects with the weights and divides by those that agree", async () => {
    const rows = await trimmed({ density: 0.5 });
    expect(await merged(rows, {}, [0.5, 0.3, 0.2])).toBeAllclose([4, -3, 2, -4, 0, 0]);
  });
});

describe("TIES as in the official code (merge_utils.py: topk_values_mask, resolve_sign, disjoint_merge)", () => {
  const sum = { average: "none", tie: "majority" };

  it("keeps one entry more and all ties, and adds", async () => {
    const rows = await trimmed({ density: 0.5, count: "official" });
    expect(rows.map((row) => row.filter((v) => v !== 0).length)).toEqual([4, 4, 4]);
    expect(await merged(rows, sum)).toBeAllclose([5, 4, 3, -5, 0, 0]);
    expect(await merged(rows, { average: "count" })).toBeAllclose([2.5, 2, 1.5, -2.5, 0, 0]);
  });

  it("lets the majority of entries decide a vote of zero", async () => {
    const rows = await trimmed({ density: 0.2, count: "official" });
    expect(await merged(rows, sum)).toBeAllclose([4, -3, -2, -4, 0, 0]);
    expect(await merged(rows, { average: "none", tie: "plus" })).toBeAllclose([4, 3, -2, -4, 0, 0]);
  });
});

describe("TIES in three libraries on the same two matrices, weights .3 and .7, nothing trimmed", () => {
  const rows = [
    [1, 2, 3, -4],
    [2, -1, 1, -2],
  ];
  const weights = [0.3, 0.7];

  it("gives peft's numbers when votes are plain and the sum is divided by the count", async () => {
    // Entry 0: both agree, (.3 · 1 + .7 · 2) / 2.
    expect(await merged(rows, { vote: "plain", average: "count" }, weights)).toBeAllclose([
      0.85, 0.6, 0.8, -1.3,
    ]);
  });

  it("gives mergekit's numbers with and without normalize", async () => {
    expect(await merged(rows, { average: "weights" }, weights)).toBeAllclose([1.7, -1, 1.6, -2.6]);
    expect(await merged(rows, { average: "none" }, weights)).toBeAllclose([1.7, -0.7, 1.6, -2.6]);
  });
});

describe("task arithmetic", () => {
  it("adds with one weight for all, as mergekit's task_arithmetic at weight .3", async () => {
    const out = await runMethod(taskArithmetic, { tau: taus }, {}, [0.3, 0.3, 0.3]);
    expect(out.tau[0]).toBeAllclose([0.9, 0.3, 0.3, -0.9, 0.225, 0]);
  });

  it("divides by the sum of weights on demand", async () => {
    const out = await runMethod(taskArithmetic, { tau: taus }, { normalize: true }, [1, 2, 1]);
    expect(out.tau[0]).toBeAllclose([1, 1, -0.25, -0.25, 0.1875, 0]);
  });
});

describe("average", () => {
  it("is the mean of weights, or their plain sum", async () => {
    const rows = [
      [1, 2],
      [3, -2],
    ];
    expect((await runMethod(linear, { rows })).rows[0]).toBeAllclose([2, 0]);
    expect((await runMethod(linear, { rows }, {}, [3, 1])).rows[0]).toBeAllclose([1.5, 1]);
    expect((await runMethod(linear, { rows }, { normalize: false }, [3, 1])).rows[0]).toBeAllclose([6, 4]);
  });
});

describe("EMR (official code: flag = Στ > 0, maximum of the agreeing, mask, rescaler)", () => {
  const masks = [
    [1, 0, 1, 1, 1, 0],
    [1, 1, 0, 0, 0, 0],
    [0, 1, 1, 1, 1, 0],
  ];
  const unified = [4, 3, 2, -4, 0.5, 0];
  const expected = (rescalers: readonly number[]) =>
    masks.map((mask, t) => mask.map((kept, i) => kept * unified[i] * rescalers[t]));

  it("rescales over all entries at once", async () => {
    const { tau } = await runMethod(emr, { tau: taus }, { rescaler: "flat" });
    expected([1, 1.142857, 0.868421]).forEach((row, t) => {
      expect(tau[t]).toBeAllclose(row, { rtol: 1e-6 });
    });
  });

  it("rescales by means of tensors, which weigh small tensors as much as large ones", async () => {
    const split = { first: taus.map((tau) => tau.slice(0, 2)), rest: taus.map((tau) => tau.slice(2)) };
    const { first, rest } = await runMethod(emr, split);
    expected([1.206897, 0.857143, 0.9]).forEach((row, t) => {
      expect([...first[t], ...rest[t]]).toBeAllclose(row, { rtol: 1e-6 });
    });
  });

  it("gives the base back to a task whose entries all lose", async () => {
    const { tau } = await runMethod(emr, {
      tau: [
        [3, 3],
        [-1, -1],
      ],
    });
    expect([...tau[1]]).toEqual([0, 0]);
  });
});
