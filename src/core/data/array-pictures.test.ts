import { describe, expect, test } from "vitest";
import { withPictures } from "./array-pictures.ts";
import { borderBrightness, suggestsInversion } from "./polarity.ts";
import type { RawInputs } from "./raw-examples.ts";

/** The first example in a size of channels × height × width. */
async function picture(
  shape: readonly number[],
  values: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>,
  wanted: readonly [number, number, number],
) {
  const inputs: RawInputs = { kind: "array", shape, values };
  const made = withPictures({ name: "", file: "f", inputs, labels: ["a"] }, wanted).inputs;
  return made.kind === "pictures" ? [...(await made.load([0], wanted))] : made.kind;
}

describe("arrays become pictures", () => {
  test("as they are where they have the size", async () => {
    expect(await picture([2, 2], Uint8Array.of(1, 2, 3, 4), [1, 2, 2])).toEqual([1, 2, 3, 4]);
    expect(await picture([4], Uint8Array.of(1, 2, 3, 4), [1, 2, 2])).toEqual([1, 2, 3, 4]);
  });

  test("scaled by the mean of what each pixel covers", async () => {
    expect(await picture([2, 4], Uint8Array.of(0, 2, 4, 6, 10, 12, 14, 16), [1, 1, 2])).toEqual([6, 10]);
    expect(await picture([3], Float32Array.of(0, 0.5, 1), [1, 1, 3])).toEqual([0, 128, 255]);
    expect(await picture([1, 3], Uint8Array.of(0, 90, 30), [1, 1, 2])).toEqual([30, 50]);
  });

  test("in the middle of a box of another form, their edge's mean around them", async () => {
    expect(await picture([1, 3], Uint8Array.of(10, 20, 30), [1, 3, 3])).toEqual([
      20, 20, 20, 10, 20, 30, 20, 20, 20,
    ]);
  });

  test("grey of three channels, wherever these stand, and three equal ones of grey", async () => {
    const red = Uint8Array.of(255, 0, 0, 255, 0, 0);
    expect(await picture([2, 1, 3], red, [1, 2, 1])).toEqual([76, 76]);
    expect(await picture([3, 1, 1], Uint8Array.of(255, 0, 0), [1, 1, 1])).toEqual([76]);
    expect(await picture([1, 1], Uint8Array.of(7), [3, 1, 1])).toEqual([7, 7, 7]);
  });

  test("but for numbers that are no pixels, and vectors of another length", async () => {
    expect(await picture([2, 2], Float32Array.of(-1, 0, 1, 2), [1, 2, 2])).toBe("array");
    expect(await picture([5], new Uint8Array(5), [1, 2, 2])).toBe("array");
  });
});

test("dark on light is told from light on dark by the border", () => {
  const paper = new Uint8Array(25).fill(250);
  paper[12] = 0;
  const border = borderBrightness(paper, [1, 5, 5]);
  expect(border).toBeCloseTo(250 / 255, 6);
  expect(suggestsInversion(border, 0.03)).toBe(true);
  expect(suggestsInversion(0.05, 0.03)).toBe(false);
  expect(suggestsInversion(0.55, 0.03)).toBe(false);
  expect(suggestsInversion(Number.NaN, 0.03)).toBe(false);
});
