import { expect, test } from "vitest";
import { withPoints } from "#app/slices/traces.ts";
import { drawnCurves, secondsLeft, topOf } from "./job-curves.ts";

const point = (at: number, value: number) => ({ curve: "loss" as const, at, value });

test("draws the newest point even when the curve is thinned", () => {
  let curves = {};
  for (let at = 1; at <= 2000; at++) curves = withPoints(curves, [point(at, 1)]);
  const [loss] = drawnCurves({ kind: "train", curves });
  expect(loss?.points.at(-1)?.at).toBe(2000);
  expect(loss?.points.length).toBeLessThan(600);
});

test("ends the axis at a round number, and at one for shares", () => {
  const top = (value: number) => topOf({ name: "loss", points: [point(1, value)] });
  expect([2.31, 0.034, 1, 7.6].map(top)).toEqual([3, 0.05, 1, 10]);
  expect(topOf({ name: "validation", points: [point(1, 0.2)] })).toBe(1);
  expect(topOf({ name: "loss", points: [point(1, Number.NaN)] })).toBe(1);
});

test("tells the time left by the job's own pace, from where it went on", () => {
  const at = (done: number, ms: number) => ({ done, total: 300, at: ms });
  expect(secondsLeft({ progress: at(200, 5000), firstProgress: at(100, 3000) })).toBe(2);
  expect(secondsLeft({ progress: at(101, 3100), firstProgress: at(100, 3000) })).toBeUndefined();
  expect(secondsLeft({ progress: undefined, firstProgress: undefined })).toBeUndefined();
});
