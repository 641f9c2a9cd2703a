import { expect, test } from "vitest";
import { disagreement } from "./disagreement.ts";
import { NO_CLASS } from "./metrics.ts";

const of = (...classes: number[]) => Uint8Array.from(classes);

test("counts rows whose classes differ, over the rows that both models have seen", () => {
  expect(disagreement(of(1, 2, 3, 4), of(1, 0, 3))).toMatchObject({ k: 1, n: 3 });
  expect(disagreement(of(1, 2), of(1, 2))).toMatchObject({ k: 0, n: 2, low: 0 });
  expect(disagreement(of(), of(1))).toEqual({ k: 0, n: 0, low: 0, high: 1 });
});

test("finds no agreement where a model gave no number", () => {
  expect(disagreement(of(NO_CLASS), of(NO_CLASS)).k).toBe(1);
});
