import { expect, test } from "vitest";
import { decimalsOf, formatsOf, parseNumber } from "./format.ts";

const en = formatsOf("en");

test("writes three significant digits and a real minus sign", () => {
  expect(en.number(0.052345)).toBe("0.0523");
  expect(en.number(-1.2549)).toBe("−1.25");
  expect(en.percent(0.93944)).toBe("93.9\u202f%");
  expect(en.percent(1)).toBe("100\u202f%");
  expect(en.percent(0.5)).toBe("50.0\u202f%");
  expect(en.percent(0)).toBe("0\u202f%");
  expect(en.points(-0.0041)).toBe("−0.4");
  expect(en.points(0.011)).toBe("+1.1");
});

test("writes counts, sizes and times with their units", () => {
  expect(en.count(203912)).toBe("203,912");
  expect(en.compact(203912)).toBe("204k");
  expect(en.compact(1_234_567)).toBe("1.23M");
  expect(en.bytes(41_200_000)).toBe("41.2\u202fMB");
  expect(en.bytes(0)).toBe("0\u202fB");
  expect(en.milliseconds(38.4)).toBe("38\u202fms");
  expect(en.milliseconds(1250)).toBe("1.25\u202fs");
  expect(en.n(1000)).toBe("n\u202f=\u202f1,000");
});

test("shows a dash, not a number, where nothing was measured", () => {
  expect(en.share({ k: 0, n: 0, low: 0, high: 1 })).toBe("–");
});

test("keeps the decimals of the control's step", () => {
  expect([1, 0.5, 0.05, 0.01, 0.005].map(decimalsOf)).toEqual([0, 1, 2, 2, 3]);
  expect(en.at(0.05, 0.4)).toBe("0.40");
  expect(en.at(1, 2560)).toBe("2560");
});

test("reads numbers as people type them", () => {
  expect(["0.4", ".4", "0,4", "−1", "1,000", "40 %", "０．４", "1e-3"].map(parseNumber)).toEqual([
    0.4, 0.4, 0.4, -1, 1000, 0.4, 0.4, 0.001,
  ]);
  expect(["", "abc", "1.2.3", "--1"].map(parseNumber)).toEqual([undefined, undefined, undefined, undefined]);
});
