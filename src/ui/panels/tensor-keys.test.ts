import { describe, expect, it } from "vitest";
import { movePlace } from "./tensor-keys.ts";
import { selectHow } from "./tensor-selection.ts";
import { nextSort } from "./tensor-sort.ts";

const size = { lines: 100, columns: 8, page: 20 };
const press = (key: string, line: number, column: number, ctrlKey = false) =>
  movePlace({ key, ctrlKey, metaKey: false }, { line, column }, size);

describe("movePlace", () => {
  it("moves by one and stops at the edges, the header above the first line", () => {
    expect(press("ArrowDown", 99, 2)).toEqual({ line: 99, column: 2 });
    expect(press("ArrowUp", 0, 2)).toEqual({ line: -1, column: 2 });
    expect(press("ArrowUp", -1, 2)).toEqual({ line: -1, column: 2 });
    expect(press("ArrowRight", 4, 7)).toEqual({ line: 4, column: 7 });
    expect(press("ArrowLeft", 4, 0)).toEqual({ line: 4, column: 0 });
  });

  it("moves by pages, and never from a line into the header", () => {
    expect(press("PageDown", 90, 0)).toEqual({ line: 99, column: 0 });
    expect(press("PageUp", 5, 0)).toEqual({ line: 0, column: 0 });
  });

  it("goes to the row's ends with Home and End, to the table's with Ctrl", () => {
    expect(press("End", 4, 2)).toEqual({ line: 4, column: 7 });
    expect(press("Home", 4, 2, true)).toEqual({ line: 0, column: 0 });
    expect(press("End", 4, 2, true)).toEqual({ line: 99, column: 7 });
  });

  it("leaves other keys alone", () => {
    expect(press("x", 4, 2)).toBeUndefined();
  });
});

describe("nextSort", () => {
  it("goes up, down, and back to depth", () => {
    const up = nextSort({ key: "depth", descending: false }, "norm", true);
    const down = nextSort(up, "norm", true);
    expect([up, down, nextSort(down, "norm", true)]).toEqual([
      { key: "norm", descending: false },
      { key: "norm", descending: true },
      { key: "depth", descending: false },
    ]);
  });

  it("starts anew on another expert's rate", () => {
    expect(nextSort({ key: "density", descending: false }, "density", false)).toEqual({
      key: "density",
      descending: false,
    });
  });
});

describe("selectHow", () => {
  const keys = { shiftKey: false, ctrlKey: false, metaKey: false };
  it("lets a finger toggle, since it has no keys", () => {
    expect(selectHow({ ...keys, pointerType: "touch" })).toBe("toggle");
    expect(selectHow({ ...keys, pointerType: "mouse" })).toBe("replace");
    expect(selectHow({ ...keys, shiftKey: true, ctrlKey: true })).toBe("range");
  });
});
