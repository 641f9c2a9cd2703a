import { beforeEach, describe, expect, test, vi } from "vitest";
import { wilson } from "#core/eval/metrics.ts";
import { defaultRecipe } from "#core/recipe/default.ts";
import { setExpertEnabled, setLambda, setSparsifierParam } from "#core/recipe/edit.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { card } from "#core/testing/small-merge.ts";
import type { EvaluateRequest } from "#workers/protocol/api.ts";
import type { CallOptions, Engine } from "../bridge/engine.ts";
import { graftRows } from "../grafts.ts";
import { type AppStore, createAppStore } from "../store.ts";
import { createMasks, type Masks } from "./masks.ts";

const recipe = setSparsifierParam(defaultRecipe(card, "localize-and-stitch"), 0, "density", 0.1);
const N = { validation: 600, quick: 256, test: 8, fewShot: 0 };

/** Every region holds a tenth, and every model is right half the time. */
function fakeEngine() {
  const evaluated: string[] = [];
  const counted: number[] = [];
  const models = {
    merge: async () => ({ revision: 1 }),
    describeMasks: async (_: number, { experts }: Recipe) => {
      counted.push(experts.length);
      const kept = experts.map(() => 10);
      return {
        experts: experts.map(({ id }) => id),
        tensors: [{ name: "w", entries: 100, kept }],
        roles: [],
        blocks: [],
        overlap: [],
        jaccard: [],
        modelBytes: 400,
        regionBytes: kept,
      };
    },
  };
  const evaluation = {
    evaluate: async (_: number, { tasks, stages }: EvaluateRequest) => {
      const n = stages.at(-1) ?? 0;
      evaluated.push(`${tasks?.[0]} ${n}`);
      return { tasks: [{ merged: wilson(Math.floor(n / 2), n) }] };
    },
  };
  const engine = {
    models: (_: CallOptions, call: (api: unknown, job: number) => unknown) => call(models, 1),
    evaluate: (_: CallOptions, call: (api: unknown, job: number) => unknown) => call(evaluation, 1),
  } as unknown as Engine;
  return { engine, evaluated, counted };
}

let store: AppStore;
let fake: ReturnType<typeof fakeEngine>;
let flow: Masks;
const failures: unknown[] = [];

beforeEach(() => {
  failures.length = 0;
  store = createAppStore();
  store.getState().setRecipe(setExpertEnabled(recipe, "c", false));
  const ids = ["a", "b", "c"];
  const tasks = ids.map((id) => ({ id: `${id}-task`, label: id, classes: ["x", "y"], chance: 0.5, n: N }));
  const experts = ids.map(
    (id) => ({ id, label: id, task: `${id}-task`, source: "zoo", checkpoints: [], warnings: [] }) as const,
  );
  const base = { id: recipe.base, label: "Base", parameters: 100 };
  store.getState().setLibrary({ suite: "s", name: "S", base, tensors: [], tasks, experts }, "ready");
  fake = fakeEngine();
  flow = createMasks({ engine: fake.engine, store }, (error) => failures.push(error));
});

const counts = (n: number) => fake.evaluated.filter((one) => one.endsWith(` ${n}`)).length;

describe("regions", () => {
  test("are counted only while somebody looks, and not again when only λ moves", async () => {
    expect(fake.counted).toEqual([]);
    store.getState().patchMasks({ areMasksWanted: true });
    await vi.waitFor(() => expect(store.getState().masks?.summary?.experts).toEqual(["a", "b"]));
    store.getState().edit((now) => setLambda(now, 0.2));
    store.getState().edit((now) => setExpertEnabled(now, "c", true));
    await vi.waitFor(() => expect(store.getState().masks?.summary?.experts).toHaveLength(3));
    expect(fake.counted).toEqual([2, 3]);
  });

  test("are measured on the quick subset first, then on the whole of validation", async () => {
    await flow.measureRegions();
    // Base, expert, region and random entries of two experts.
    expect(fake.evaluated.slice(0, 8).every((one) => one.endsWith(" 256"))).toBe(true);
    expect(counts(600)).toBe(8);
    expect(store.getState().graftRun).toMatchObject({ state: "done", progress: { done: 4800, total: 4800 } });
    expect(Object.values(store.getState().grafted).every(({ subset }) => subset === "full")).toBe(true);
    expect(failures).toEqual([]);
  });

  test("an expert that joins costs its own row only", async () => {
    await flow.measureRegions();
    const before = fake.evaluated.length;
    store.getState().edit((now) => setExpertEnabled(now, "c", true));
    await flow.measureRegions();
    expect(fake.evaluated.slice(before)).toEqual([
      ...Array.from({ length: 4 }, () => "c-task 256"),
      ...Array.from({ length: 4 }, () => "c-task 600"),
    ]);
  });

  test("measuring pauses while a slider is held, and then measures the recipe that is there", async () => {
    store.getState().beginGesture();
    const measured = flow.measureRegions();
    store.getState().edit((now) => setExpertEnabled(now, "b", false));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(fake.evaluated).toEqual([]);
    store.getState().endGesture();
    await measured;
    expect(new Set(fake.evaluated.map((one) => one.split(" ")[0]))).toEqual(new Set(["a-task"]));
  });

  test("the newest measurement ends the one under way", async () => {
    const first = flow.measureRegions();
    await vi.waitFor(() => expect(fake.evaluated.length).toBeGreaterThan(1));
    await Promise.all([first, flow.measureCurve("a")]);
    expect(store.getState().graftRun).toMatchObject({ of: { kind: "curve", expert: "a" }, state: "done" });
    flow.end();
    expect(store.getState()).toMatchObject({ grafted: {}, graftRun: undefined, masks: undefined });
  });

  test("every number finds its place again", async () => {
    await flow.measureRegions();
    const { library, masks, grafted, recipe: now } = store.getState();
    const rows = library && masks?.summary && now ? graftRows(now, library, masks.summary) : [];
    expect(rows.map(({ expert, density }) => [expert, density])).toEqual([
      ["a", 0.1],
      ["b", 0.1],
    ]);
    for (const { base, region, random, whole } of rows)
      for (const { key } of [base, region, random, whole]) expect(grafted[key]?.accuracy.n).toBe(600);
  });
});
