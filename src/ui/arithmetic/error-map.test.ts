import { expect, test } from "vitest";
import type { DisentanglementPoint } from "#core/talos/disentanglement.ts";
import { alphaAt, errorMap, indexOf, insideSquare, type MapSize, mapSizes, pointAt } from "./error-map.ts";

const point = (a: number, b: number, value = 0.1): DisentanglementPoint => ({
  alphas: [a, b],
  error: { value, low: value, high: value, n: 512 },
});
const grid = (size: MapSize) =>
  Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (__, j) => point(alphaAt(size, i), alphaAt(size, j), i / 20)),
  ).flat();

test("a whole grid is one layer of its own cells", () => {
  for (const size of mapSizes) {
    const map = errorMap(grid(size));
    expect(map.cells).toHaveLength(size * size);
    expect(new Set(map.cells.map(({ side }) => side))).toEqual(new Set([3 / (size - 1)]));
    expect(map.size).toBe(size);
  }
});

test("points of the next finer grid lie over the coarse one, which stays", () => {
  const map = errorMap([...grid(7), point(-1, -0.75), point(-0.75, -1)]);
  expect(map.cells).toHaveLength(51);
  expect(map.cells.slice(0, 49).every(({ side }) => side === 0.5)).toBe(true);
  expect(map.cells.slice(49).map(({ side }) => side)).toEqual([0.25, 0.25]);
  expect(map.size).toBe(13);
  expect([map.low, map.high]).toEqual([-1.25, 2.25]);
});

test("the first points of a coarse grid are drawn while the rest is missing", () => {
  const map = errorMap([point(-1, -1), point(-1, -0.5)]);
  expect(map).toMatchObject({ size: 7, most: 0.25 });
  expect(map.cells).toHaveLength(2);
  expect(errorMap([]).cells).toEqual([]);
});

test("places and α agree on every grid", () => {
  for (const size of mapSizes) for (let i = 0; i < size; i++) expect(indexOf(size, alphaAt(size, i))).toBe(i);
  expect(pointAt(grid(25), 0.125, 1)?.alphas).toEqual([0.125, 1]);
  expect(pointAt(grid(7), 0.125, 1)).toBeUndefined();
});

test("the square of the search range is summed up", () => {
  expect(insideSquare([point(-1, 0, 2)])).toBeUndefined();
  const found = insideSquare([point(0, 0, 0), point(1, 1, 0.4), point(1, 2, 2)]);
  expect(found).toEqual({ mean: 0.2, most: 0.4 });
});
