import { beforeEach, describe, expect, test, vi } from "vitest";
import { recipeKey } from "#core/recipe/key.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { arithmetic as start } from "#core/testing/small-merge.ts";
import type { EvaluateRequest } from "#workers/protocol/api.ts";
import type { CallOptions, Engine } from "../bridge/engine.ts";
import { type AppStore, createAppStore } from "../store.ts";
import { type Arithmetic, createArithmetic } from "./arithmetic.ts";

const N = { validation: 8, quick: 4, test: 8, fewShot: 0 };

/**
 * An engine whose predictions follow from the merge on the side image alone: of a task's n examples those are right
 * whose place lies below what the recipe's weights give it.
 */
function fakeEngine() {
  const predictions = new Map<string, Uint8Array>();
  let merged: Recipe = start;
  let evaluated = 0;
  const models = {
    merge: async (_: number, recipe: Recipe) => {
      merged = recipe;
      return { revision: 1 };
    },
  };
  const evaluation = {
    evaluate: async (_: number, { recipeKey: key, tasks, stages, split }: EvaluateRequest) => {
      evaluated += 1;
      const [task = ""] = tasks ?? [];
      const own = merged.experts.findIndex(({ id }) => `${id}-task` === task);
      const strength = 4 + 4 * (merged.experts[own]?.weight ?? 0);
      const others = merged.experts.reduce(
        (sum, { weight }, k) => sum + (k === own ? 0 : Math.abs(weight)),
        0,
      );
      const right = strength - others;
      predictions.set(
        `${key} ${split} ${task}`,
        Uint8Array.from({ length: stages.at(-1) ?? 0 }, (_, i) => (i < right ? 1 : 0)),
      );
      return {};
    },
    labels: async (_task: string, _split: string, n: number) => new Uint8Array(n).fill(1),
    predictions: async (key: string, split: string, task: string) =>
      predictions.get(`${key} ${split} ${task}`),
  };
  const engine = {
    models: (_: CallOptions, call: (api: unknown, job: number) => unknown) => call(models, 1),
    evaluate: (_: CallOptions, call: (api: unknown, job: number) => unknown) => call(evaluation, 1),
  } as unknown as Engine;
  return { engine, count: () => evaluated };
}

let store: AppStore;
let fake: ReturnType<typeof fakeEngine>;
let flow: Arithmetic;
const failures: unknown[] = [];

beforeEach(() => {
  failures.length = 0;
  store = createAppStore();
  store.getState().setRecipe({ ...start, experts: start.experts.slice(0, 2) });
  const tasks = ["a", "b"].map((id) => ({
    id: `${id}-task`,
    label: id,
    classes: ["x", "y"],
    chance: 0.5,
    n: N,
  }));
  const experts = ["a", "b"].map(
    (id) => ({ id, label: id, task: `${id}-task`, source: "zoo", checkpoints: [], warnings: [] }) as const,
  );
  const base = { id: start.base, label: "Base", parameters: 1 };
  store.getState().setLibrary({ suite: "s", name: "S", base, tensors: [], tasks, experts }, "ready");
  fake = fakeEngine();
  flow = createArithmetic({ engine: fake.engine, store }, (error) => failures.push(error));
});

describe("arithmetic of task vectors", () => {
  test("addition: 21 points on validation, and the best one on test", async () => {
    await flow.add();
    const { addition } = store.getState();
    expect(failures).toEqual([]);
    expect(addition).toMatchObject({ state: "done", experts: ["a", "b"] });
    expect(addition?.points).toHaveLength(21);
    expect(addition?.points[0]?.tasks.map(({ accuracy }) => accuracy.k)).toEqual([4, 4]);
    // 4 + 4α − α of 8 right answers: it never falls, and 7 of 8 is first reached at α = .7 (4 + 3 · .7 > 6).
    expect(addition?.result?.alpha).toBe(0.7);
    expect(addition?.result?.test.tasks.map(({ accuracy }) => accuracy.k)).toEqual([7, 7]);
  });

  test("addition: a sketch on the quick subset before the whole of a large split", async () => {
    const large = { ...N, validation: 300 };
    const { library, setLibrary } = store.getState();
    if (library)
      setLibrary({ ...library, tasks: library.tasks.map((task) => ({ ...task, n: large })) }, "ready");
    let half: number | undefined;
    store.subscribe(
      ({ addition }) => addition?.quick.length,
      (count) => {
        if (count === 21) half = store.getState().addition?.points.length;
      },
    );
    await flow.add();
    const { addition } = store.getState();
    expect(half).toBe(0);
    expect(addition?.quick[0]?.tasks[0]?.accuracy.n).toBe(256);
    expect(addition?.points[0]?.tasks[0]?.accuracy.n).toBe(300);
    expect(addition).toMatchObject({ state: "done", progress: { done: 1, total: 1 } });
  });

  test("addition of other experts stands beside the recipe's own", async () => {
    await flow.add();
    await flow.addOthers(["b"]);
    expect(store.getState().otherAddition).toMatchObject({ state: "done", experts: ["b"] });
    expect(store.getState().addition?.experts).toEqual(["a", "b"]);
  });

  test("waits while a slider is held", async () => {
    store.getState().beginGesture();
    const measured = flow.add();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(fake.count()).toBe(0);
    store.getState().endGesture();
    await measured;
    expect(store.getState().addition?.state).toBe("done");
  });

  test("disentanglement: the coarse grid comes first, and no point twice", async () => {
    await flow.disentangle("a", "b", 13);
    const points = store.getState().disentanglement?.points ?? [];
    const isCoarse = (alpha: number) => Number.isInteger(2 * alpha);
    expect(points.slice(0, 49).every(({ alphas }) => alphas.every(isCoarse))).toBe(true);
    expect(new Set(points.map(({ alphas }) => alphas.join(" "))).size).toBe(169);
  });

  test("negation: the target first, the others as controls", async () => {
    await flow.negate("b");
    const { negation } = store.getState();
    expect(negation).toMatchObject({ state: "done", experts: ["b", "a"] });
    expect(negation?.points.at(-1)?.target).toMatchObject({ task: "b-task", accuracy: { k: 0 } });
    expect(negation?.points.at(-1)?.controls.map(({ task }) => task)).toEqual(["a-task"]);
  });

  test("disentanglement: a map over both scales, on the quick subset", async () => {
    await flow.disentangle("a", "b");
    const { disentanglement } = store.getState();
    expect(disentanglement?.state).toBe("done");
    expect(disentanglement?.points).toHaveLength(13 * 13);
    const alone = disentanglement?.points.filter(({ alphas }) => alphas.includes(0)) ?? [];
    expect(alone.some(({ error }) => error.value > 0)).toBe(true);
    expect(disentanglement?.points[0]?.error.n).toBe(16);
  });

  test("the newest measurement ends the one under way", async () => {
    const first = flow.disentangle("a", "b");
    await vi.waitFor(() => expect(fake.count()).toBeGreaterThan(3));
    await Promise.all([first, flow.add()]);
    expect(store.getState().addition?.state).toBe("done");
    expect(store.getState().disentanglement?.state).toBe("stopped");
    expect(failures).toEqual([]);
  });

  test("leaves the recipe on screen alone", async () => {
    const key = recipeKey(store.getState().recipe ?? start);
    await flow.add();
    expect(store.getState().recipeKey).toBe(key);
  });
});
