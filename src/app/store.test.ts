import { beforeEach, describe, expect, test } from "vitest";
import type { RetentionReport } from "#core/eval/report.ts";
import { setExpertWeight, setLambda } from "#core/recipe/edit.ts";
import { recipeKey } from "#core/recipe/key.ts";
import { arithmetic } from "#core/testing/small-merge.ts";
import { type AppStore, createAppStore } from "./store.ts";

let store: AppStore;
const lambda = () => store.getState().recipe?.lambda;
const edit = (value: number) => store.getState().edit((recipe) => setLambda(recipe, value));

beforeEach(() => {
  store = createAppStore();
  store.getState().setRecipe(setLambda(arithmetic, 0.3));
});

describe("history", () => {
  test("starts empty: the first recipe is no edit", () => {
    expect(store.getState().canUndo).toBe(false);
  });

  test("undoes and redoes edit by edit, the key with the recipe", () => {
    edit(0.4);
    edit(0.5);
    const seen: boolean[] = [];
    store.subscribe(({ recipe, recipeKey: key }) =>
      seen.push(recipe !== undefined && key === recipeKey(recipe)),
    );
    store.getState().undo();
    expect(lambda()).toBe(0.4);
    store.getState().undo();
    expect(lambda()).toBe(0.3);
    store.getState().redo();
    expect(lambda()).toBe(0.4);
    expect(seen.every(Boolean)).toBe(true);
  });

  test("counts a drag as one edit", () => {
    store.getState().beginGesture();
    for (const value of [0.31, 0.4, 0.55]) edit(value);
    store.getState().endGesture();
    edit(0.6);
    store.getState().undo();
    expect(lambda()).toBe(0.55);
    store.getState().undo();
    expect(lambda()).toBe(0.3);
    expect(store.getState().canUndo).toBe(false);
  });

  test("does not count an edit that changes nothing", () => {
    edit(0.3);
    store.getState().edit((recipe) => setExpertWeight(recipe, "a", 1));
    expect(store.getState().canUndo).toBe(false);
  });
});

describe("reports", () => {
  const report = (key: string, subset: "quick" | "full", fraction = 0.1): RetentionReport => ({
    recipeKey: key,
    suite: "s",
    split: "validation",
    subset,
    output: "single",
    hard: { kind: "el2n", fraction, lateStep: 640 },
    tasks: [],
    mean: { merged: { value: 0, low: 0, high: 0, n: 0 } },
  });

  test("keep settled numbers when the quick ones come by again, but not under another meaning of hard", () => {
    const { putReport } = store.getState();
    putReport(report("a", "full"));
    putReport(report("a", "quick"));
    expect(store.getState().reports.a?.subset).toBe("full");
    putReport(report("a", "quick", 0.2));
    expect(store.getState().reports.a?.hard.fraction).toBe(0.2);
  });

  test("are forgotten from the oldest on, the pinned one excepted", () => {
    store.getState().pin();
    const pinned = store.getState().pinned?.key ?? "";
    store.getState().putReport(report(pinned, "full"));
    for (let i = 0; i < 300; i++) store.getState().putReport(report(`key ${i}`, "quick"));
    const { reports } = store.getState();
    expect(Object.keys(reports).length).toBeLessThanOrEqual(202);
    expect(reports[pinned]).toBeDefined();
    expect(reports["key 299"]).toBeDefined();
    expect(reports["key 0"]).toBeUndefined();
  });
});
