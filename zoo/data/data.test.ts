import { expect, test } from "vitest";
import { coinKey } from "../../src/core/random.ts";
import { randomAffine } from "./affine.ts";
import { stratified } from "./stratified.ts";
import { asData, PIXELS, type Pictures } from "./vision.ts";

/** A white square in the middle of each picture. */
const pictures: Pictures = {
  count: 3,
  labels: Uint16Array.of(0, 1, 2),
  images: Uint8Array.from({ length: 3 * PIXELS }, (_, i) => {
    const [row, column] = [Math.floor((i % PIXELS) / 28), i % 28];
    return row >= 10 && row < 18 && column >= 10 && column < 18 ? 255 : 0;
  }),
};

test("augmented pictures depend on seed, draw and row, not on their batch", () => {
  const data = asData(pictures, randomAffine(1));
  const alone = data.rows([2], 5);
  expect([...data.rows([0, 1, 2], 5).subarray(2 * PIXELS)]).toEqual([...alone]);
  expect([...data.rows([2], 6)]).not.toEqual([...alone]);
  expect([...asData(pictures, randomAffine(2)).rows([2], 5)]).not.toEqual([...alone]);
});

test("augmentation keeps the picture whole: its ink by the change of scale, its values between black and white", () => {
  const augment = randomAffine(1);
  const out = new Float32Array(PIXELS);
  for (let draw = 0; draw < 20; draw++) {
    augment(out, pictures, 0, draw);
    const ink = out.reduce((sum, value) => sum + value, 0) / (64 * 255);
    expect(ink).toBeGreaterThan(0.88 ** 2 * 0.98); // sampling at whole pixels costs a little
    expect(ink).toBeLessThan(1.12 ** 2 * 1.02);
    expect(Math.max(...out)).toBeLessThanOrEqual(255);
  }
});

test("every beginning of a stratified order is balanced", () => {
  const labels = Array.from({ length: 300 }, (_, i) => (i < 200 ? 0 : 1));
  const order = stratified(labels, coinKey(1, "test", ""));
  expect([...order].sort((a, b) => a - b)).toEqual(labels.map((_, row) => row));
  for (const n of [30, 90, 150]) {
    const ones = order.slice(0, n).filter((row) => labels[row] === 1).length;
    expect(Math.abs(ones - n / 3)).toBeLessThanOrEqual(1);
  }
  expect(stratified(labels, coinKey(1, "test", ""), 10)).toHaveLength(20);
});
