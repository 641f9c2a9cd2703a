import { expect, test } from "vitest";
import { nearestStep, placeOfStep, stepAtPlace, stepOfKey } from "./step-scale.ts";

const steps = [20, 40, 80, 160, 320, 640, 1280, 2560];

test("lays doublings of the step at nearly equal distances", () => {
  const places = steps.map((step) => placeOfStep(step, steps));
  expect(places[0]).toBe(0);
  expect(places.at(-1)).toBe(1);
  const gaps = places.slice(1).map((place, i) => place - places[i]);
  expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThan(0.01);
});

test("finds every checkpoint again at its own place", () => {
  expect(steps.map((step) => stepAtPlace(placeOfStep(step, steps), steps))).toEqual(steps);
  expect(stepAtPlace(-1, steps)).toBe(20);
  expect(stepAtPlace(2, steps)).toBe(2560);
});

test("takes the nearest checkpoint to a typed step", () => {
  expect([0, 100, 150, 3000].map((typed) => nearestStep(typed, steps))).toEqual([20, 80, 160, 2560]);
  expect(nearestStep(100, [])).toBeUndefined();
});

test("steps by keys and stops at the ends", () => {
  expect(stepOfKey("ArrowLeft", 160, steps)).toBe(80);
  expect(stepOfKey("ArrowRight", 2560, steps)).toBe(2560);
  expect(stepOfKey("Home", 160, steps)).toBe(20);
  expect(stepOfKey("End", 160, steps)).toBe(2560);
  expect(stepOfKey("PageDown", 40, steps)).toBe(20);
  expect(stepOfKey("x", 160, steps)).toBeUndefined();
});

test("draws a lone checkpoint at the end", () => {
  expect(placeOfStep(1, [1])).toBe(1);
});
