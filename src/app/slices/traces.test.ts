import { expect, test } from "vitest";
import type { TracePoint } from "#workers/protocol/optimise.ts";
import { CURVE_POINTS, type Curves, withPoints } from "./traces.ts";

const point = (at: number): TracePoint => ({ curve: "loss", at, value: 1 / at });

test("a long curve stays bounded, even and in order, and keeps its first and newest points", () => {
  let curves: Curves = {};
  for (let at = 1; at <= 10_000; at += 7) {
    curves = withPoints(
      curves,
      Array.from({ length: 7 }, (_, i) => point(at + i)),
    );
  }
  const { points = [], stride = 0, last, seen = 0 } = curves.loss ?? {};
  expect(points.length).toBeLessThanOrEqual(CURVE_POINTS);
  expect(points.length).toBeGreaterThan(CURVE_POINTS / 2 - 1);
  expect(points.map(({ at }) => at)).toEqual(points.map((_, i) => 1 + i * stride));
  expect(last?.at).toBe(seen);
});

test("the same points in other portions make the same curve", () => {
  const all = Array.from({ length: 3000 }, (_, i) => point(i + 1));
  const singly = all.reduce<Curves>((curves, one) => withPoints(curves, [one]), {});
  expect(withPoints({}, all)).toEqual(singly);
});

test("curves are kept apart by name", () => {
  const curves = withPoints({}, [point(1), { curve: "density", at: 0, value: 0.5 }, point(2)]);
  expect(curves.loss?.points.map(({ at }) => at)).toEqual([1, 2]);
  expect(curves.density?.seen).toBe(1);
});
