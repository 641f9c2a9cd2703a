import { expect, it } from "vitest";
import { fixtureReport } from "../testing/fixture-report.ts";
import { hardNumbers } from "./hard-numbers.ts";

it("gives one task's own numbers", () => {
  const report = fixtureReport();
  const { hard, easy, bins } = hardNumbers(report, "clothes");
  const clothes = report.tasks[1];
  expect(hard?.n).toBe(clothes.hard?.n);
  expect(easy?.value).toBeCloseTo((clothes.easy?.k ?? 0) / (clothes.easy?.n ?? 1), 12);
  expect(bins).toHaveLength(10);
});

it("gives the mean over tasks, the same hard number as the verdict", () => {
  const report = fixtureReport();
  const all = hardNumbers(report, undefined);
  expect(all.hard).toBe(report.mean.hard);
  expect(all.bins).toHaveLength(10);
});

it("has halves on the quick subset and nothing before the experts are measured", () => {
  expect(hardNumbers(fixtureReport({ subset: "quick" }), undefined).bins).toHaveLength(2);
  expect(hardNumbers(fixtureReport({ isFirst: true }), undefined)).toEqual({
    hard: undefined,
    easy: undefined,
    bins: [],
  });
});
