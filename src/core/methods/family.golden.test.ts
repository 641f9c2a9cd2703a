/** Worked examples of the methods that came after TIES; long because they are many. Task vectors of three experts on one tensor of six entries. */
import { describe, expect, it } from "vitest";
import type { Params } from "../recipe/schema.ts";
import { breadcrumbs } from "../sparsifiers/breadcrumbs.ts";
import { della } from "../sparsifiers/della.ts";
import { runMethod, runSparsifier } from "../testing/run.ts";
import { consensus } from "./consensus.ts";
import { doge } from "./doge.ts";
import { geometricMedian } from "./geometric-median.ts";
import { isoC } from "./iso-c.ts";
import { magmax } from "./magmax.ts";
import type { MergeMethod } from "./method.ts";
import { modelStock } from "./model-stock.ts";
import { pcb } from "./pcb.ts";
import { slerp } from "./slerp.ts";
import { tallMasks } from "./tall-masks.ts";
import { tsvM } from "./tsv-m.ts";

const taus = [
  [4, -3, 2, -1, 0.5, 0],
  [1, 3, -2, 2, 0, 0],
  [-2, 1, 1, -4, 0.25, 0],
];

async function merged(method: MergeMethod, params: Params = {}, rows = taus, weights?: number[]) {
  return (await runMethod(method, { tau: rows }, params, weights)).tau.map((row) => [...row]);
}

async function mergedMatrix(method: MergeMethod, rows: number[][], shape: number[], params: Params = {}) {
  return (await runMethod(method, { tau: rows }, params, undefined, { shapes: { tau: shape } })).tau[0];
}

describe("MagMax", () => {
  it("takes the entry that moved furthest, the positive one of equals", async () => {
    expect(await merged(magmax)).toEqual([[4, 3, 2, -4, 0.5, 0]]);
  });
});

describe("Model Stock", () => {
  it("goes as far as the mean cosine says, as mergekit does", async () => {
    const pairs = [
      [4, 3, 0],
      [3, 4, 0],
    ];
    // cos = 24/25, t = 2·.96 / 1.96 = .979592; mean 3.5.
    expect((await merged(modelStock, {}, pairs))[0]).toBeAllclose([3.428571, 3.428571, 0], {
      rtol: 1e-6,
      atol: 0,
    });
  });

  it("stays at the base where the experts are orthogonal or opposed", async () => {
    expect(
      (
        await merged(modelStock, {}, [
          [1, 0],
          [0, 1],
        ])
      )[0],
    ).toEqual([0, 0]);
    expect(
      (
        await merged(modelStock, {}, [
          [1, 0],
          [-1, 0],
        ])
      )[0],
    ).toEqual([0, 0]);
  });
});

describe("SLERP", () => {
  it("keeps to the arc, as mergekit's slerp at t = .5", async () => {
    const [row] = await merged(slerp, {}, [
      [1, 0, 0],
      [0, 2, 0],
    ]);
    expect(row).toBeAllclose([Math.SQRT1_2, Math.SQRT2, 0], { rtol: 1e-6, atol: 1e-7 });
  });

  it("takes the chord where there is no one arc", async () => {
    expect(
      (
        await merged(slerp, {}, [
          [1, 0],
          [-1, 0],
        ])
      )[0],
    ).toEqual([0, 0]);
    expect(
      (
        await merged(slerp, {}, [
          [0, 0],
          [2, 0],
        ])
      )[0],
    ).toEqual([1, 0]);
    expect(
      (
        await merged(slerp, {}, [
          [1, 1],
          [3, 3],
        ])
      )[0],
    ).toEqual([2, 2]);
  });

  it("ends at the experts", async () => {
    expect((await merged(slerp, {}, taus.slice(0, 2), [1, 0]))[0]).toBeAllclose(taus[0]);
    expect((await merged(slerp, {}, taus.slice(0, 2), [0, 1]))[0]).toBeAllclose(taus[1]);
  });
});

describe("SLERP along other arcs than the whole tensor's", () => {
  const length = (v: readonly number[]) => Math.hypot(...v);
  /** sin((1 − t)Ω) / sin Ω · a + sin(tΩ) / sin Ω · b */
  const arc = (a: readonly number[], b: readonly number[], t: number) => {
    const angle = Math.acos(a.reduce((sum, v, i) => sum + v * b[i], 0) / length(a) / length(b));
    return a.map((v, i) => (Math.sin((1 - t) * angle) * v + Math.sin(t * angle) * b[i]) / Math.sin(angle));
  };
  const [a, b] = [
    [1, 2, 0, -1, 3, 1],
    [2, -1, 1, 1, 1, 0.5],
  ];
  const turned = (v: readonly number[]) => [v[0], v[3], v[1], v[4], v[2], v[5]];
  const back = (v: readonly number[]) => [v[0], v[2], v[4], v[1], v[3], v[5]];
  const run = async (params: Params) =>
    (await runMethod(slerp, { tau: [a, b] }, params, [3, 1], { shapes: { tau: [2, 3] } })).tau[0];

  it("goes row by row, or column by column", async () => {
    const rows = [...arc(a.slice(0, 3), b.slice(0, 3), 0.25), ...arc(a.slice(3), b.slice(3), 0.25)];
    expect(await run({ along: "rows" })).toBeAllclose(rows, { rtol: 1e-5 });
    const [p, q] = [turned(a), turned(b)];
    const columns = [0, 2, 4].flatMap((i) => arc(p.slice(i, i + 2), q.slice(i, i + 2), 0.25));
    expect(await run({ along: "columns" })).toBeAllclose(back(columns), { rtol: 1e-5 });
  });

  it("goes between task vectors, from the base", async () => {
    // The base of these runs is .5 everywhere.
    const less = (v: readonly number[]) => v.map((value) => value - 0.5);
    const whole = arc(less(a), less(b), 0.25).map((value) => value + 0.5);
    expect(await run({ of: "deltas" })).toBeAllclose(whole, { rtol: 1e-5 });
  });

  it("joins rows that are opposite or zero by a straight line, each for itself", async () => {
    const rows = [
      [1, 0, 0, 0, 3, 4],
      [-3, 0, 2, 0, 4, 3],
    ];
    const shapes = { tau: [3, 2] };
    const { tau } = await runMethod(slerp, { tau: rows }, { along: "rows" }, [1, 1], { shapes });
    expect(tau[0]).toBeAllclose([-1, 0, 1, 0, ...arc([3, 4], [4, 3], 0.5)], { rtol: 1e-5 });
  });
});

describe("the geometric median", () => {
  it("of three points on a line is the middle one", async () => {
    expect(
      (
        await merged(geometricMedian, {}, [
          [0, 0],
          [1, 1],
          [10, 10],
        ])
      )[0],
    ).toEqual([1, 1]);
  });

  it("of an equilateral triangle is its centre", async () => {
    const triangle = [
      [1, 0],
      [-0.5, Math.sqrt(3) / 2],
      [-0.5, -Math.sqrt(3) / 2],
    ];
    expect((await merged(geometricMedian, {}, triangle))[0]).toBeAllclose([0, 0], { rtol: 0, atol: 1e-6 });
  });

  it("is an expert itself, to the bit, where the others' pulls do not outweigh it; twins count together", async () => {
    const corner = [
      [0, 0],
      [1, 0.1],
      [1, -0.1],
      [-3, 0],
    ];
    expect((await merged(geometricMedian, {}, corner))[0]).toEqual([0, 0]);
    const twins = [
      [5, 5],
      [5, 5],
      [1, 0],
      [0, 7],
    ];
    expect((await merged(geometricMedian, {}, twins))[0]).toEqual([5, 5]);
  });

  it("has no better point near it", async () => {
    const points = [
      [0, 0, 1],
      [4, 1, 0],
      [1, 5, -2],
      [-2, 2, 3],
    ];
    const weights = [1, 0.5, 2, 1];
    const [median] = await merged(geometricMedian, { steps: 200 }, points, weights);
    const cost = (x: readonly number[]) =>
      points.reduce((sum, p, k) => sum + weights[k] * Math.hypot(...p.map((v, i) => v - x[i])), 0);
    for (const i of [0, 1, 2])
      for (const by of [-0.01, 0.01])
        expect(cost(median.with(i, median[i] + by))).toBeGreaterThan(cost(median));
  });

  it("of two points and one far away lies near the two", async () => {
    const [row] = await merged(geometricMedian, {}, [
      [0, 0],
      [0, 1],
      [1000, 0],
    ]);
    expect(row[0]).toBeLessThan(1);
  });
});

describe("TALL masks and Consensus, threshold .6", () => {
  const masks = { threshold: 0.6 };

  it("give each task the entries that outweigh the others'", async () => {
    // Sum of the rows: [3, 1, 1, −3, .75, 0].
    expect(await merged(tallMasks, masks)).toEqual([
      [3, 1, 1, 0, 0.75, 0],
      [0, 1, 1, 0, 0, 0],
      [0, 1, 1, -3, 0, 0].map((value, i) => (i === 1 ? 1 : value)),
    ]);
  });

  it("keep what two tasks want", async () => {
    expect(await merged(consensus, { ...masks, agree: 2 })).toEqual([[0, 1, 1, 0, 0, 0]]);
    expect(await merged(consensus, { ...masks, agree: 0 })).toEqual([[3, 1, 1, -3, 0.75, 0]]);
  });
});

describe("PCB", () => {
  it("gives the official code's numbers with half of the entries as winners", async () => {
    expect((await merged(pcb, { ratio: 0.5 }))[0]).toBeAllclose([2.809301, 2, 2, -2, 0, 0], {
      rtol: 1e-6,
      atol: 1e-7,
    });
  });
});

describe("DOGE", () => {
  const identity = [1, 0, 0, 1];
  const upper = [1, 1, 0, 0];
  const run = (params: Params) =>
    mergedMatrix(doge, [identity, upper], [2, 2], { scale: "absolute", eta: 0.07, keep: 1, ...params });

  it("without steps is task arithmetic of equal lengths", async () => {
    const lambda = 0.07 / Math.SQRT2;
    expect(await run({ steps: 0 })).toBeAllclose(
      [2, 1, 0, 1].map((v) => v * lambda),
      { rtol: 1e-6, atol: 0 },
    );
  });

  it("moves only what lies outside the shared subspace, by the learning rate at first", async () => {
    const lambda = 0.07 / Math.SQRT2;
    // The worked example: the projected gradient is [[0, 0], [0, −.188]], so Adam's first step is +rate there.
    const out = await run({ steps: 1, rate: 0.001, subspace: 2 });
    expect(out).toBeAllclose([2 * lambda, lambda, 0, lambda + 2 * lambda * 0.001], {
      rtol: 1e-5,
      atol: 1e-8,
    });
  });

  it("counts only the kept share of each expert, over all matrices", async () => {
    const out = await run({ steps: 0, keep: 0.5 });
    // Half of four entries: the ties go to the lower index; both experts keep their two ones.
    expect(out.filter((value) => value !== 0)).toHaveLength(3);
  });

  it("leaves vectors and embeddings at base", async () => {
    expect((await merged(doge))[0]).toEqual([-0, -0, -0, -0, -0, -0]);
  });
});

describe("Iso-C", () => {
  it("makes the sum's singular values equal", async () => {
    const rows = [
      [2, 0, 0, 1],
      [1, 1, 0, -1],
    ];
    // The sum is [[3, 1], [0, 0]]: σ = √10 and 0, of mean 1.581139. The official code fills the second row too.
    expect(await mergedMatrix(isoC, rows, [2, 2])).toBeAllclose([1.5, 0.5, 0, 0], { rtol: 1e-5, atol: 1e-6 });
  });

  it("averages what is no matrix", async () => {
    expect(
      (
        await merged(isoC, {}, [
          [2, 4],
          [4, 0],
        ])
      )[0],
    ).toEqual([3, 2]);
  });
});

describe("TSV-M", () => {
  it("adds task vectors whose directions are orthogonal already", async () => {
    const rows = [
      [3, 0, 0, 0],
      [0, 0, 0, 2],
    ];
    expect(await mergedMatrix(tsvM, rows, [2, 2])).toBeAllclose([3, 0, 0, 2], { rtol: 1e-6, atol: 1e-6 });
  });

  it("turns overlapping directions apart", async () => {
    // u₁ = e₁, u₂ = (e₁ + e₂)/√2: the nearest orthonormal pair lies 22.5° to either side of their middle.
    const h = Math.SQRT1_2;
    const rows = [[1, 0, 0, 0], [h, 0, h, 0].map((value) => value * 1)];
    const out = await mergedMatrix(tsvM, rows, [2, 2]);
    const c = Math.cos(Math.PI / 8);
    const s = Math.sin(Math.PI / 8);
    // Left: (c, −s), (s, c) up to order and sign; right: both e₁, of which no orthonormal pair is nearest but e₁/√2 each.
    expect([out[0]]).toBeAllclose([(c + s) * h], { rtol: 1e-5, atol: 1e-6 });
    expect([out[2]]).toBeAllclose([(c - s) * h], { rtol: 1e-5, atol: 1e-6 });
    expect([out[1], out[3]]).toEqual([0, 0]);
  });
});

describe("Breadcrumbs", () => {
  const tau = [1, -2, 3, -4, 5, -6, 7, -8, 9, -10];

  it("drops the outliers and what is small, as mergekit's breadcrumbs", async () => {
    const { tau: out } = await runSparsifier(breadcrumbs, { tau }, { density: 0.5, gamma: 0.1 });
    expect(out.values.map((value) => value + 0)).toEqual([0, 0, 0, 0, 5, -6, 7, -8, 9, 0]);
  });

  it("drops no more than the density leaves", async () => {
    const { tau: out } = await runSparsifier(breadcrumbs, { tau }, { density: 0.95, gamma: 0.1 });
    expect(out.values.map((value) => value + 0)).toEqual([1, -2, 3, -4, 5, -6, 7, -8, 9, 0].map((v) => v));
    expect(out.kept).toBe(9);
  });

  it.each([1, 10, 64, 99, 100])(
    "keeps the density at %i entries, where mergekit may keep nothing",
    async (n) => {
      const values = Array.from({ length: n }, (_, i) => i + 1);
      const { tau: out } = await runSparsifier(breadcrumbs, { tau: values }, { density: 0.9, gamma: 0.01 });
      expect(out.kept).toBe(n === 1 ? 1 : Math.floor(0.9 * n));
      expect(out.values.filter((value) => value !== 0)).toHaveLength(out.kept);
    },
  );
});

describe("DELLA", () => {
  it("keeps an entry with the chance that its rank in the row gives it", async () => {
    const magnitudes = [0.1, 0.4, 0.3, 0.2];
    const chances = [0.35, 0.65, 0.55, 0.45];
    const rows = 4000;
    const values = Array.from({ length: rows * 4 }, (_, i) => magnitudes[i % 4]);
    const { tau: out } = await runSparsifier(
      della,
      { tau: values },
      { density: 0.5, epsilon: 0.15 },
      { shapes: { tau: [rows, 4] } },
    );
    chances.forEach((chance, column) => {
      const kept = out.values.filter((value, i) => i % 4 === column && value !== 0);
      // Four standard deviations of a proportion over 4,000.
      expect(Math.abs(kept.length / rows - chance)).toBeLessThan(0.032);
      expect([kept[0]]).toBeAllclose([magnitudes[column] / chance], { rtol: 1e-6, atol: 0 });
    });
  });

  it("shrinks a spread that would leave 0…1, and survives rows of one", async () => {
    const { tau: all } = await runSparsifier(della, { tau: [3, 1, 2] }, { density: 1, epsilon: 0.4 });
    expect(all.values).toEqual([3, 1, 2]);
    const { tau: none } = await runSparsifier(della, { tau: [3, 1, 2] }, { density: 0, epsilon: 0.4 });
    expect(none.kept).toBe(0);
    const column = await runSparsifier(
      della,
      { tau: [1, 2, 3] },
      { density: 1 },
      { shapes: { tau: [3, 1] } },
    );
    expect(column.tau.values).toEqual([1, 2, 3]);
  });
});
