import { describe, expect, it } from "vitest";
import { firstRankOf, levels, rankFor, shareAt } from "./ranks.ts";

const kept = [0.5, 0.85, 0.94, 0.97];

describe("ranks of an adapter", () => {
  it("keep what was measured, and no more beyond the last", () => {
    expect(shareAt(kept, 2)).toBe(0.85);
    expect(shareAt(kept, 9)).toBe(0.97);
    expect(shareAt([], 1)).toBe(0);
  });

  it("begin at the lowest that keeps 95 %, else at the last", () => {
    expect(firstRankOf(kept)).toBe(4);
    expect(firstRankOf([0.2, 0.3])).toBe(2);
    expect(firstRankOf([])).toBe(1);
    expect(rankFor(kept, 0.85)).toBe(2);
  });

  it("offer only shares that can be reached", () => {
    expect(levels(kept)).toEqual([
      { share: 0.8, rank: 2 },
      { share: 0.9, rank: 3 },
      { share: 0.95, rank: 4 },
    ]);
  });
});
