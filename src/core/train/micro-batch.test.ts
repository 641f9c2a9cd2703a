import fc from "fast-check";
import { expect, it } from "vitest";
import { LOSS_INPUTS } from "../autodiff/loss.ts";
import { microBatchRows, sliceBatch } from "./micro-batch.ts";

it("cuts a batch into equal parts within the limit, with fewer than four rows of padding in each", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 64 }), (rows, limit) => {
      const size = microBatchRows(rows, limit);
      const runs = Math.ceil(rows / size);
      expect(size).toBeLessThanOrEqual(limit);
      expect(runs).toBeLessThanOrEqual(Math.ceil(rows / limit));
      expect(size - Math.ceil(rows / Math.ceil(rows / limit))).toBeLessThan(4);
    }),
  );
});

it("pads with the last example at weight zero", () => {
  const batch = {
    x: Float32Array.of(1, 2, 3, 4, 5, 6),
    rows: 3,
    labels: [2, 1, 0],
    targets: Float32Array.of(7, 8, 9),
  };
  const feeds = sliceBatch(batch, { name: "x", shape: [2] }, 2, 3);
  expect(feeds.x).toEqual({ data: Float32Array.of(5, 6, 5, 6, 5, 6), shape: [3, 2] });
  expect(feeds[LOSS_INPUTS.weights].data).toEqual(Float32Array.of(1 / 3, 0, 0));
  expect(feeds[LOSS_INPUTS.labels].data).toEqual(BigInt64Array.of(0n, 0n, 0n));
  expect(feeds[LOSS_INPUTS.targets]).toEqual({ data: Float32Array.of(9, 9, 9), shape: [3, 1] });
});
