import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { RetentionReport } from "#core/eval/report.ts";
import { setLambda } from "#core/recipe/edit.ts";
import { arithmetic } from "#core/testing/small-merge.ts";
import type { EvaluateRequest } from "#workers/protocol/api.ts";
import type { CallOptions, Engine } from "../bridge/engine.ts";
import { type AppStore, createAppStore } from "../store.ts";
import { type Live, startLive } from "./live.ts";

interface Evaluation {
  readonly request: EvaluateRequest;
  readonly options: CallOptions;
  finish(): void;
  fail(error: Error): void;
}

/** An engine whose merges are done at once and whose evaluations of the live image wait until the test ends them. */
function fakeEngine() {
  const merged: number[] = [];
  const evaluations: Evaluation[] = [];
  let revision = 0;
  const models = {
    merge: async (_: number, recipe: { lambda: number }, image: string) => {
      if (image === "live") merged.push(recipe.lambda);
      return { revision: ++revision };
    },
    describe: async () => [],
  };
  const evaluation = (options: CallOptions) => ({
    evaluate: (_: number, request: EvaluateRequest) =>
      request.image === "side"
        ? Promise.resolve(reportOf(request))
        : new Promise((resolve, reject) => {
            const abort = () => reject(new DOMException("superseded", "AbortError"));
            options.signal.addEventListener("abort", abort);
            evaluations.push({ request, options, finish: () => resolve(reportOf(request)), fail: reject });
          }),
    report: async () => undefined,
    compare: async () => [],
    flips: async () => [],
  });
  const engine = {
    models: (_: CallOptions, call: (api: unknown, job: number) => unknown) => call(models, 1),
    evaluate: (options: CallOptions, call: (api: unknown, job: number) => unknown) =>
      call(evaluation(options), 1),
  } as unknown as Engine;
  return { engine, merged, evaluations };
}

function reportOf({ recipeKey, split, output, hard, stages }: EvaluateRequest): RetentionReport {
  const subset = (stages.at(-1) ?? 0) > 256 ? "full" : "quick";
  const mean = { merged: { value: 0.5, low: 0.4, high: 0.6, n: 10 } };
  return { recipeKey, suite: "s", split, subset, output, hard, tasks: [], mean };
}

let store: AppStore;
let live: Live;
let fake: ReturnType<typeof fakeEngine>;
const failures: unknown[] = [];

const edit = (lambda: number) => store.getState().edit((recipe) => setLambda(recipe, lambda));
/** Waits for the evaluation with this number, counted from 0. */
const nth = (n: number) =>
  vi.waitFor(() => {
    const found = fake.evaluations[n];
    if (!found) throw new Error(`no evaluation ${n} yet`);
    return found;
  });

beforeEach(() => {
  vi.stubGlobal("requestAnimationFrame", (step: () => void) => setTimeout(step, 0));
  failures.length = 0;
  fake = fakeEngine();
  store = createAppStore();
  store.getState().setRecipe(setLambda(arithmetic, 0.1));
  live = startLive({ engine: fake.engine, store }, (error) => failures.push(error));
});

afterEach(() => {
  live.stop();
  vi.unstubAllGlobals();
});

describe("following the recipe", () => {
  test("never cuts a round before its first numbers, then goes on with the newest recipe only", async () => {
    const first = await nth(0);
    edit(0.2);
    edit(0.3);
    expect(first.options.signal.aborted).toBe(false);
    first.options.onReport?.(reportOf(first.request));
    expect(first.options.signal.aborted).toBe(true);
    await nth(1);
    expect(fake.merged).toEqual([0.1, 0.3]);
  });

  test("cuts a round at once after its first numbers", async () => {
    const first = await nth(0);
    first.options.onReport?.(reportOf(first.request));
    expect(first.options.signal.aborted).toBe(false);
    edit(0.2);
    expect(first.options.signal.aborted).toBe(true);
    expect(failures).toEqual([]);
  });

  test("goes on to a session with constant weights when nothing moves, and not while a slider is held", async () => {
    store.getState().beginGesture();
    (await nth(0)).finish();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(fake.evaluations).toHaveLength(1);
    store.getState().endGesture();
    const settled = await nth(1);
    expect(settled.request.session).toBe("external");
    settled.finish();
    await vi.waitFor(() => expect(store.getState().phase).toBe("settled"));
  });

  test("takes the next edit at once while it waits for the first one to rest", async () => {
    (await nth(0)).finish();
    await new Promise((resolve) => setTimeout(resolve, 50));
    edit(0.2);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(fake.merged).toEqual([0.1, 0.2]);
  });

  test("starts with fewer examples while a slider is held", async () => {
    const first = await nth(0);
    store.getState().beginGesture();
    edit(0.2);
    first.finish();
    const held = await nth(1);
    expect(held.request.stages[0]).toBeLessThan(first.request.stages[0] ?? 0);
    expect(held.request.stages.at(-1)).toBe(first.request.stages.at(-1));
  });

  test("says that it has stopped when it is told to", async () => {
    await nth(0);
    live.cancel();
    expect(store.getState().phase).toBe("failed");
    expect(failures).toEqual([]);
  });

  test("tells a failure and follows the next edit all the same", async () => {
    (await nth(0)).fail(new Error("broken graph"));
    await vi.waitFor(() => expect(failures).toHaveLength(1));
    expect(store.getState().phase).toBe("failed");
    edit(0.4);
    await nth(1);
    expect(fake.merged.at(-1)).toBe(0.4);
  });

  test("stops for good when the engine is replaced", async () => {
    const first = await nth(0);
    live.stop();
    expect(first.options.signal.aborted).toBe(true);
    edit(0.9);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(fake.merged).toEqual([0.1]);
    expect(failures).toEqual([]);
  });
});
