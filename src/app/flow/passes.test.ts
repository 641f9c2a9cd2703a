import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AppError } from "#core/errors.ts";
import { setLambda, setMethod, setMethodParam } from "#core/recipe/edit.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { arithmetic } from "#core/testing/small-merge.ts";
import type { CallOptions, Engine } from "../bridge/engine.ts";
import { shownPass } from "../slices/pass.ts";
import { type AppStore, createAppStore } from "../store.ts";
import { createPasses, type Passes } from "./passes.ts";

/** A run that waits until the test ends it. */
interface Run {
  readonly recipe: Recipe;
  readonly options: CallOptions;
  finish(): void;
  fail(error: Error): void;
}

/** Models and optimise worker in which nothing happens by itself; a pass is known by η and steps. */
function fakeEngine() {
  const known = new Set<string>();
  const opened: string[] = [];
  const runs: Run[] = [];
  const paused: boolean[] = [];
  const keyOf = ({ method: { params } }: Recipe) => `${params.eta}/${params.steps}`;
  const models = {
    longPass: async (_: number, recipe: Recipe) => {
      const key = keyOf(recipe);
      const { eta, steps } = recipe.method.params;
      return { key, runKey: String(eta), steps: Number(steps), isKnown: known.has(key) };
    },
  };
  const optimise = (options: CallOptions) => ({
    openPass: async (_: number, recipe: Recipe) => {
      opened.push(keyOf(recipe));
      return { layers: [], losses: [5, 4], bytes: 1e6 };
    },
    runPass: (_: number, recipe: Recipe) =>
      new Promise<void>((resolve, reject) => {
        options.signal.addEventListener("abort", () => reject(options.signal.reason));
        const finish = () => {
          known.add(keyOf(recipe));
          resolve();
        };
        runs.push({ recipe, options, finish, fail: reject });
      }),
    pausePass: async (isPaused: boolean) => {
      paused.push(isPaused);
      return 7;
    },
  });
  const engine = {
    models: (_: CallOptions, call: (api: unknown, job: number) => unknown) => call(models, 1),
    optimise: (options: CallOptions, call: (api: unknown, job: number) => unknown) =>
      call(optimise(options), 1),
  } as unknown as Engine;
  return { engine, known, opened, runs, paused };
}

const doge = setMethod(arithmetic, "doge");
const quiet = new AbortController().signal;

let store: AppStore;
let fake: ReturnType<typeof fakeEngine>;
let passes: Passes;

const nth = (n: number) =>
  vi.waitFor(() => {
    const run = fake.runs[n];
    if (!run) throw new Error(`no run ${n} yet`);
    return run;
  });
const state = () => shownPass(store.getState())?.state;

beforeEach(() => {
  fake = fakeEngine();
  store = createAppStore();
  store.getState().setRecipe(doge);
  passes = createPasses({ engine: fake.engine, store });
});

afterEach(() => passes.end());

describe("a recipe's long pass", () => {
  test("is nothing to wait for where the method has none", async () => {
    expect(await passes.ready(arithmetic, quiet)).toBe("ready");
    expect(store.getState().passKey).toBe("");
  });

  test("is made once, and told as it goes", async () => {
    const ready = passes.ready(doge, quiet);
    const run = await nth(0);
    expect(state()).toBe("running");
    expect(store.getState().phase).toBe("optimising");
    expect(shownPass(store.getState())).toMatchObject({ step: 2, bytes: 1e6 });
    run.options.onTrace?.([{ curve: "loss", at: 2, value: 3 }]);
    run.options.onProgress?.(3, 400);
    expect(shownPass(store.getState())?.curves.loss?.points.map(({ value }) => value)).toEqual([5, 4, 3]);
    run.finish();
    expect(await ready).toBe("ready");
    expect(state()).toBe("done");
    expect(await passes.ready(setLambda(doge, 0.5), quiet)).toBe("ready");
    expect(fake.opened).toHaveLength(1);
  });

  test("goes on through edits that leave it as it is, and ends at once for another one", async () => {
    const edit = new AbortController();
    const first = passes.ready(doge, edit.signal);
    const run = await nth(0);
    edit.abort();
    await expect(first).rejects.toMatchObject({ name: "AbortError" });
    const again = passes.ready(setLambda(doge, 0.5), quiet);
    await vi.waitFor(() => expect(run.options.signal.aborted).toBe(false));
    const other = passes.ready(setMethodParam(doge, "eta", 0.5), quiet);
    expect(await again).toBe("refused");
    expect(run.options.signal.aborted).toBe(true);
    (await nth(1)).finish();
    expect(await other).toBe("ready");
  });

  test("does not begin while a slider is held", async () => {
    store.getState().beginGesture();
    const ready = passes.ready(doge, quiet);
    await new Promise((resolve) => setTimeout(resolve, 350));
    expect([state(), store.getState().phase, fake.opened.length]).toEqual(["held", "waiting", 0]);
    store.getState().endGesture();
    (await nth(0)).finish();
    expect(await ready).toBe("ready");
  });

  test("stands still and goes on", async () => {
    const ready = passes.ready(doge, quiet);
    const run = await nth(0);
    passes.pause();
    await vi.waitFor(() => expect(state()).toBe("paused"));
    expect([shownPass(store.getState())?.step, store.getState().phase]).toEqual([7, "waiting"]);
    passes.resume();
    await vi.waitFor(() => expect(fake.paused).toEqual([true, false]));
    expect(state()).toBe("running");
    run.finish();
    expect(await ready).toBe("ready");
  });

  test("stopped here is a recipe of so many steps, in one entry of the history", async () => {
    void passes.ready(doge, quiet);
    await nth(0);
    passes.keep();
    await vi.waitFor(() => expect(store.getState().recipe?.method.params.steps).toBe(7));
    store.getState().undo();
    expect(store.getState().recipe?.method.params.steps).toBe(400);
  });

  test("is not begun again unasked after it was cancelled or has failed, and then is", async () => {
    const first = passes.ready(doge, quiet);
    await nth(0);
    passes.cancel();
    expect(await first).toBe("refused");
    expect(state()).toBe("stopped");
    expect(await passes.ready(doge, quiet)).toBe("refused");

    passes.again();
    expect(store.getState().passTry).toBe(1);
    const second = passes.ready(doge, quiet);
    (await nth(1)).fail(new AppError("worker/crashed", "It stopped."));
    expect(await second).toBe("refused");
    expect(shownPass(store.getState())).toMatchObject({
      state: "failed",
      failure: { code: "worker/crashed" },
    });

    passes.inside();
    expect(await passes.ready(doge, quiet)).toBe("inside");
    expect(state()).toBe("inside");
    passes.made();
    expect(state()).toBe("done");
    fake.known.add("0.3/400");
    expect(await passes.ready(doge, quiet)).toBe("ready");
    expect(state()).toBe("done");
  });
});
