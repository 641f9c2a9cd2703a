import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AppError } from "#core/errors.ts";
import type { ExpertCard, LibraryCard } from "#core/summary.ts";
import { arithmetic } from "#core/testing/small-merge.ts";
import type { KeptThing, Restored } from "#workers/protocol/kept.ts";
import type { Engine } from "../bridge/engine.ts";
import { type AppStore, createAppStore } from "../store.ts";
import { createKept } from "./kept.ts";
import { madeOrDropped, tellLost } from "./lost.ts";
import { settle } from "./settle.ts";

const card = (id: string, source: ExpertCard["source"] = "zoo"): ExpertCard => ({
  id,
  label: id,
  source,
  checkpoints: [{ step: 5, file: "" }],
  warnings: [],
});
const library: LibraryCard = {
  suite: "s",
  name: "S",
  base: { id: arithmetic.base, label: "Base", parameters: 1 },
  tensors: [],
  tasks: [],
  experts: arithmetic.experts.map(({ id }) => card(id)),
};
const mine = { id: "mine", weight: 1 };
const naming = (enabled: boolean) => ({
  ...arithmetic,
  experts: [...arithmetic.experts, { ...mine, enabled }],
});

let store: AppStore;
let restored: Restored | AppError;

let things: readonly KeptThing[];

const models = {
  setKeeping: vi.fn(async () => {}),
  kept: async () => things,
  async restore() {
    if (restored instanceof AppError) throw restored;
    return restored;
  },
};
// An engine without workers; only these calls are made.
const engine = {
  models: (_: unknown, call: (api: unknown) => unknown) => call(models),
} as unknown as Engine;

const persist = vi.fn(async () => true);
const ids = () => store.getState().recipe?.experts.map(({ id }) => id);
const codes = () => store.getState().notices.map(({ code }) => code);

beforeEach(() => {
  vi.stubGlobal("navigator", {
    storage: { persist, persisted: async () => false, estimate: async () => ({ quota: 1e9 }) },
  });
  persist.mockClear();
  things = [{ kind: "unreadable", keys: ["a"], bytes: 1, savedAt: 0 }];
  store = createAppStore();
  store.getState().setLibrary(library, "ready");
  restored = { experts: [card("mine", "trained")], evidence: [], damaged: [] };
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a family that is opened", () => {
  test("has what was made over it, so that the address's recipe may name it; nothing of this can be undone", async () => {
    store.getState().setRecipe(arithmetic);
    await settle({ engine, store, library }, [], naming(true), false);
    expect(ids()).toEqual([...arithmetic.experts.map(({ id }) => id), "mine"]);
    expect(store.getState().library?.experts.at(-1)).toMatchObject({ id: "mine", source: "trained" });
    expect(store.getState().canUndo).toBe(false);
    expect(codes()).toEqual([]);
  });

  test("keeps what the user has edited meanwhile", async () => {
    store.getState().setRecipe(arithmetic);
    store.getState().edit((recipe) => ({ ...recipe, lambda: 0.77 }));
    await settle({ engine, store, library }, [], naming(true), false);
    expect(store.getState().recipe?.lambda).toBe(0.77);
  });

  test("does without experts that are switched off and gone, and refuses others by name", async () => {
    restored = { experts: [], evidence: [], damaged: [] };
    await settle({ engine, store, library }, [], naming(false), false);
    expect(ids()).toEqual(arithmetic.experts.map(({ id }) => id));
    expect(codes()).toEqual([]);
    await settle({ engine, store, library }, [], naming(true), false);
    expect(codes()).toEqual(["recipe/unknown-expert"]);
  });

  test("goes on after a crash without what is lost, and names it", async () => {
    store.getState().putExpert(card("mine", "trained"));
    store.getState().setRecipe({ ...naming(true), lambda: 0.77 });
    const before = madeOrDropped(store.getState());
    store.getState().setLibrary(library, "ready");
    restored = { experts: [], evidence: [], damaged: ["a file"] };
    await settle({ engine, store, library }, [], undefined, true);
    tellLost(store, before);
    expect(store.getState().recipe).toMatchObject({ lambda: 0.77, experts: arithmetic.experts });
    expect(store.getState().notices).toMatchObject([
      { code: "kept/damaged" },
      { code: "worker/lost", subject: "mine" },
    ]);
  });

  test("opens where there is no storage, without a word until something is made", async () => {
    restored = new AppError("storage/unavailable", "The browser's storage cannot be used: private window");
    await settle({ engine, store, library }, [], arithmetic, false);
    expect(codes()).toEqual([]);
    const kept = createKept({ engine, store });
    kept.heard(restored);
    kept.heard(restored);
    kept.end();
    expect(store.getState().notices).toMatchObject([
      { code: "storage/unavailable", message: expect.stringContaining("until this page is closed") },
    ]);
  });
});

describe("what is kept", () => {
  test("is read anew when it has changed, and the browser is asked once not to delete it", async () => {
    vi.useFakeTimers();
    const kept = createKept({ engine, store });
    await vi.runAllTimersAsync();
    expect(store.getState().kept).toMatchObject({ things, quota: 1e9 });
    expect(persist).not.toHaveBeenCalled();
    for (const next of [[], things, [...things]]) {
      things = next;
      kept.heard(undefined);
      await vi.runAllTimersAsync();
      expect(store.getState().kept.things).toBe(next);
    }
    expect(persist).toHaveBeenCalledTimes(1);
    kept.end();
  });

  test("is the user's wish, which the worker is told", () => {
    const kept = createKept({ engine, store });
    kept.setKeeping(false);
    expect(store.getState().isKeeping).toBe(false);
    expect(models.setKeeping).toHaveBeenLastCalledWith(false);
    kept.end();
  });
});
