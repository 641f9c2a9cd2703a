import { describe, expect, test } from "vitest";
import { edgeOf, fillBackground, letterbox } from "./letterbox.ts";

test("a picture fills its box without being stretched", () => {
  expect(letterbox(100, 50, 28, 28)).toEqual({ x: 0, y: 7, width: 28, height: 14 });
  expect(letterbox(10, 10, 28, 20)).toEqual({ x: 4, y: 0, width: 20, height: 20 });
  expect(letterbox(1000, 1, 28, 28)).toEqual({ x: 0, y: 13, width: 28, height: 1 });
});

test("the edge of a rectangle is each of its outermost pixels once", () => {
  expect(edgeOf({ x: 1, y: 1, width: 3, height: 3 }, 5)).toEqual([6, 7, 8, 11, 13, 16, 17, 18]);
  expect(edgeOf({ x: 0, y: 0, width: 1, height: 3 }, 1)).toEqual([0, 1, 2]);
});

describe("what is transparent", () => {
  const reds = (rgba: Uint8Array) => [...rgba].filter((_, i) => i % 4 === 0);

  test("goes on in the edge's colour around an opaque picture", () => {
    const rgba = Uint8Array.of(0, 0, 0, 0, 10, 0, 0, 255, 30, 0, 0, 255, 0, 0, 0, 0);
    fillBackground(rgba, 4, { x: 1, y: 0, width: 2, height: 1 });
    expect(reds(rgba)).toEqual([20, 10, 30, 20]);
  });

  test("is white behind dark ink and black behind light", () => {
    const ink = (level: number) =>
      Uint8Array.of(level, level, level, 255, 0, 0, 0, 0, level, level, level, 51);
    const [dark, light] = [ink(0), ink(255)];
    const rect = { x: 0, y: 0, width: 3, height: 1 };
    fillBackground(dark, 3, rect);
    fillBackground(light, 3, rect);
    expect(reds(dark)).toEqual([0, 255, 204]);
    expect(reds(light)).toEqual([255, 0, 51]);
  });
});
