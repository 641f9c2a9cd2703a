import { expect, test } from "vitest";
import { inRange, isSeries, plainNumber, stepInSeries } from "./number-series.ts";

const rate = { min: 0, max: 10, step: 1e-4 };
const steps = { min: 1, max: 100_000, step: 1 };

test("steps through 1, 2, 5 and their tens, up and down", () => {
  const up = [0.001];
  for (let i = 0; i < 4; i++) up.push(stepInSeries(up[i] ?? 0, 1, rate));
  expect(up).toEqual([0.001, 0.002, 0.005, 0.01, 0.02]);
  expect(stepInSeries(0.001, -1, rate)).toBe(0.0005);
  expect(stepInSeries(0.0007, -1, rate)).toBe(0.0005);
  expect(stepInSeries(320, 1, steps)).toBe(500);
  expect(stepInSeries(320, -1, steps)).toBe(200);
});

test("stays in its range, whole where steps are whole", () => {
  expect(stepInSeries(1, -1, steps)).toBe(1);
  expect(stepInSeries(0, 1, rate)).toBe(1e-4);
  expect(stepInSeries(0, -1, rate)).toBe(0);
  expect(stepInSeries(100_000, 1, steps)).toBe(100_000);
  expect(inRange(12.6, steps)).toBe(13);
  expect(inRange(-3, rate)).toBe(0);
});

test("writes numbers as people read them", () => {
  expect([1e-8, 0.001, 320, 0.30000000000000004, -2e-5].map(plainNumber)).toEqual([
    "1e\u22128",
    "0.001",
    "320",
    "0.3",
    "\u22122e\u22125",
  ]);
});

test("leaves densities and factors their tracks", () => {
  expect(isSeries({ min: 0, max: 1, step: 0.001, initial: 0.03 })).toBe(false);
  expect(isSeries({ min: 0, max: 0.999, step: 0.01, initial: 0.9 })).toBe(false);
  expect(isSeries({ ...rate, initial: 0.001 })).toBe(true);
  expect(isSeries({ ...steps, initial: 320 })).toBe(true);
});
