/** What cards say of their own edges, in numbers; what holds for all is in merge/degenerate.test.ts. */
import { describe, expect, test } from "vitest";
import { methodCards, sparsifierCards } from "./catalog.ts";
import { methods } from "./methods/index.ts";
import { sparsifiers } from "./sparsifiers/index.ts";
import { runMethod, runSparsifier } from "./testing/run.ts";

type Rows = readonly (readonly number[])[];

interface Case {
  readonly id: string;
  readonly says: RegExp;
  readonly rows: Rows;
  readonly params?: Readonly<Record<string, number | boolean | string>>;
  readonly weights?: readonly number[];
  readonly shape?: readonly number[];
  readonly gives: Rows;
}

const cases: readonly Case[] = [
  {
    id: "task-arithmetic",
    says: /cancel/,
    rows: [[1], [3]],
    params: { normalize: true },
    weights: [1, -1],
    gives: [[-2]],
  },
  {
    id: "ties",
    says: /has no vote/,
    rows: [
      [4, 0],
      [0, 0],
      [2, -6],
    ],
    gives: [[3, -6]],
  },
  { id: "emr", says: /elects minus/, rows: [[2], [-2]], gives: [[0], [-2]] },
  { id: "emr", says: /the rescaler 1/, rows: [[2], [-2]], weights: [1, 0.5], gives: [[2], [0]] },
  {
    id: "localize-and-stitch",
    says: /no region/,
    rows: [
      [0, 2],
      [0, 4],
    ],
    gives: [[-0, 3]],
  },
  { id: "localize-and-stitch", says: /overlap cancel/, rows: [[5], [3]], weights: [1, -1], gives: [[2]] },
  {
    id: "consensus",
    says: /never belongs/,
    rows: [
      [1, 0],
      [1, 4],
    ],
    params: { agree: 2 },
    gives: [[2, 0]],
  },
  { id: "consensus", says: /kept whole/, rows: [[1, 0, -2]], gives: [[1, 0, -2]] },
  {
    id: "tall-masks",
    says: /model is the base/,
    rows: [
      [0, 1],
      [4, 1],
    ],
    gives: [
      [0, 2],
      [4, 2],
    ],
  },
  { id: "pcb", says: /adds nothing/, rows: [[1, 1, 1]], gives: [[0, 0, 0]] },
  {
    id: "tsv-m",
    says: /single row or column/,
    rows: [
      [2, 4],
      [4, 0],
    ],
    shape: [1, 2],
    gives: [[3, 2]],
  },
  {
    id: "iso-c",
    says: /single row or column/,
    rows: [
      [2, 4],
      [4, 0],
    ],
    shape: [2, 1],
    gives: [[3, 2]],
  },
  {
    id: "iso-c",
    says: /cancel, the base stays/,
    rows: [
      [2, 4, 1, 3],
      [-2, -4, -1, -3],
    ],
    shape: [2, 2],
    gives: [[0, 0, 0, 0]],
  },
  {
    id: "model-stock",
    says: /has not moved/,
    rows: [
      [2, 4],
      [0, 0],
    ],
    gives: [[0, 0]],
  },
  {
    id: "slerp",
    says: /one half/,
    rows: [
      [2, 0],
      [4, 0],
    ],
    weights: [1, -1],
    gives: [[3, 0]],
  },
  {
    id: "doge",
    says: /strength 0.*With 0 steps/s,
    rows: [
      [3, 0, 0, 4],
      [0, 0, 0, 0],
    ],
    params: { steps: 0, keep: 1, scale: "absolute", eta: 0.5 },
    shape: [2, 2],
    gives: [[0.3, 0, 0, 0.4]],
  },
  { id: "doge", says: /single row or column/, rows: [[3, 4]], shape: [1, 2], gives: [[-0, -0]] },
  { id: "fisher", says: /makes it the average/, rows: [[0], [0]], gives: [[0]] },
];

describe("methods do at the edge what their cards say", () => {
  test.each(cases)("$id: $says", async ({ id, says, rows, params, weights, shape, gives }) => {
    const method = methods.find((one) => one.id === id)!;
    expect(methodCards.find((card) => card.id === id)?.edges.join("\n")).toMatch(says);
    const { w } = await runMethod(method, { w: rows }, params, weights, shape && { shapes: { w: shape } });
    expect(w.map((row) => [...row])).toEqual(
      gives.map((row) => row.map((value) => expect.closeTo(value, 5))),
    );
  });
});

describe("sparsifiers do at the edge what their cards say", () => {
  const run = (id: string, says: RegExp, ...rest: Tail<Parameters<typeof runSparsifier>>) => {
    expect(sparsifierCards.find((card) => card.id === id)?.edges.join("\n")).toMatch(says);
    return runSparsifier(sparsifiers.find((one) => one.id === id)!, ...rest);
  };
  const hundred = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 0.3 : -0.3));
  const places = (values: readonly number[]) => values.flatMap((value, i) => (value === 0 ? [] : [i]));

  test.each([
    ["magnitude", /competes like any other/, { scope: "model" }],
    ["localize", /competes with the whole model/, {}],
    ["sensitivity", /of the whole model it competes/, { scope: "model", keep: "most" }],
  ] as const)("%s drops a small single entry when the whole model is ranked", async (id, says, params) => {
    const { one, w } = await run(id, says, { one: [1], w: [2, 3, 4] }, { ...params, density: 0.5 });
    expect([one.values, w.values]).toEqual([[0], [0, 3, 4]]);
  });

  test.each([
    ["breadcrumbs", /one entry is kept/, {}],
    ["sensitivity", /kept at density 0 too/, { scope: "tensor" }],
  ] as const)("%s keeps a single entry at density 0", async (id, says, params) => {
    expect((await run(id, says, { one: [1] }, { ...params, density: 0 })).one.values).toEqual([1]);
  });

  test.each(["dare", "della"])("%s tosses for a single entry", async (id) => {
    const kept = new Set<number>();
    for (let seed = 0; seed < 20; seed++) {
      const { one } = await run(id, /tossed for/, { one: [1] }, { density: 0.5 }, { seed });
      kept.add(one.kept);
    }
    expect([...kept].sort()).toEqual([0, 1]);
  });

  test("dare enlarges nothing where nothing is kept", async () => {
    const { w } = await run("dare", /nothing is enlarged/, { w: [1, 2] }, { density: 0, rescale: "l1" });
    expect(w.values).toEqual([0, 0]);
  });

  test("tadrop drops up to its limit where there is no ratio, and where all magnitudes are equal", async () => {
    const { none, equal } = await run("tadrop", /no ratio.*lower positions stay/s, {
      none: hundred.map(() => 0),
      equal: hundred,
    });
    expect([none.density, none.values.every((value) => value === 0)]).toEqual([expect.closeTo(0.05), true]);
    expect(places(equal.values)).toEqual([0, 1, 2, 3, 4]);
  });

  test("breadcrumbs takes the lower of equal magnitudes for outliers", async () => {
    const { w } = await run(
      "breadcrumbs",
      /lower positions count as the larger/,
      { w: hundred },
      { density: 0.05, gamma: 0.02 },
    );
    expect(places(w.values)).toEqual([2, 3, 4, 5, 6]);
  });
});

type Tail<T extends readonly unknown[]> = T extends readonly [unknown, ...infer Rest] ? Rest : never;
