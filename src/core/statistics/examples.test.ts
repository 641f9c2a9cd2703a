import { describe, expect, it } from "vitest";
import { quietContext } from "../context.ts";
import { cornerData } from "../testing/logistic.ts";
import { firstOf, inBatches, largestAt, shotsOf } from "./examples.ts";

describe("reading examples", () => {
  it("gives them in order, the last batch smaller", async () => {
    const batches = [];
    for await (const { first, rows, labels } of inBatches(
      cornerData(7),
      firstOf(cornerData(7)),
      3,
      quietContext,
    ))
      batches.push({ first, rows, labels });
    expect(batches).toEqual([
      { first: 0, rows: 3, labels: [0, 1, 2] },
      { first: 3, rows: 3, labels: [0, 1, 2] },
      { first: 6, rows: 1, labels: [0] },
    ]);
  });

  it("stops at a cancel", async () => {
    const signal = {
      aborted: true,
      throwIfAborted() {
        throw new Error("cancelled");
      },
    };
    const reading = inBatches(cornerData(3), [0], 1, { ...quietContext, signal });
    await expect(reading.next()).rejects.toThrow("cancelled");
  });

  it("takes the first so many of each class", () => {
    const data = { ...cornerData(8), labels: [2, 0, 0, 2, 1, 0, 2, 2] };
    expect(shotsOf(data, 2)).toEqual([0, 1, 2, 3, 4]);
  });

  it("takes the lower of equal logits, and no class where none is a number", () => {
    const logits = Float32Array.of(1, 3, 3, Number.NaN, Number.NaN, Number.NaN);
    expect([largestAt(logits, 0, 3), largestAt(logits, 1, 3)]).toEqual([1, -1]);
  });
});
