import { describe, expect, test } from "vitest";
import { flipsOf, type Pair, pairedComparison } from "./compare.ts";
import type { InputSpec } from "./input.ts";
import { NO_CLASS } from "./metrics.ts";

const input: InputSpec = { kind: "image", name: "x", shape: [1, 1, 2], mean: 0, std: 1 };
const task = { id: "t", classes: ["zero", "one"], n: { quick: 5, validation: 5, test: 0 } };
const pair: Pair = {
  task,
  n: 5,
  //                    won, lost, same, both wrong, won
  now: Uint8Array.of(1, NO_CLASS, 1, 0, 1),
  before: Uint8Array.of(0, 1, 1, 0, 0),
  examples: {
    count: 5,
    inputs: { kind: "image", images: Uint8Array.from({ length: 10 }, (_, i) => i) },
    labels: new Uint8Array(5).fill(1),
    difficulty: { el2n: Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5), learned: new Uint16Array(5) },
  },
};

describe("two recipes on the same examples", () => {
  test("are compared by what was won and lost", () => {
    // Two against one: every outcome of three coins is at least as uneven.
    expect(pairedComparison(pair)).toEqual({ task: "t", n: 5, won: 2, lost: 1, p: 1 });
    expect(pairedComparison({ ...pair, n: 1 })).toEqual({ task: "t", n: 1, won: 1, lost: 0, p: 1 });
  });

  test("show the hardest flips with their pictures", () => {
    const flips = flipsOf([pair], input, 1);
    expect(flips).toEqual([
      {
        task: "t",
        row: 4,
        kind: "won",
        label: "one",
        before: "zero",
        after: "one",
        el2n: 0.5,
        example: { kind: "image", pixels: Uint8Array.of(8, 9), shape: [1, 1, 2] },
      },
      expect.objectContaining({ row: 1, kind: "lost", before: "one", after: "" }),
    ]);
    expect(flipsOf([pair], input, 9).map(({ row }) => row)).toEqual([4, 0, 1]);
  });
});
