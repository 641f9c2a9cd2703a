import { describe, expect, it } from "vitest";
import { movedBars } from "./moved-bars.ts";

describe("bars of tensors that move", () => {
  it("follow the model's order and are cut at the whole change", () => {
    const moved = [
      { name: "c", relative: 3 },
      { name: "a", relative: 0.5 },
    ];
    expect(movedBars(["a", "b", "c"], moved)).toEqual([0.5, 0, 1]);
  });

  it("show the largest of neighbours where there are too many", () => {
    const moved = [{ name: "b", relative: 0.4 }];
    expect(movedBars(["a", "b", "c", "d"], moved, 2)).toEqual([0.4, 0]);
    expect(movedBars([], moved)).toEqual([]);
  });
});
