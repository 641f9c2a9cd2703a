import { beforeEach, describe, expect, test, vi } from "vitest";
import { AppError } from "#core/errors.ts";
import type { ExpertCard } from "#core/summary.ts";
import { arithmetic } from "#core/testing/small-merge.ts";
import { trainSpec } from "#core/train/spec.ts";
import type { SavedRun, TrainRequest, WorkOutcome } from "#workers/protocol/optimise.ts";
import type { CallOptions, Engine } from "../bridge/engine.ts";
import { type AppStore, createAppStore } from "../store.ts";
import { createWorkQueue, type WorkQueue } from "./work.ts";

interface Started {
  /** The request, or the run to go on with. */
  readonly what: TrainRequest | string;
  readonly options: CallOptions;
  end(outcome: WorkOutcome): void;
  fail(error: Error): void;
}

/** An engine whose jobs wait until the test ends them. */
function fakeEngine() {
  const started: Started[] = [];
  const paused: number[] = [];
  const saved: SavedRun[] = [];
  let job = 0;
  const run = (options: CallOptions) => (_: number, what: TrainRequest | string) =>
    new Promise<WorkOutcome>((end, fail) => {
      options.signal.addEventListener("abort", () => fail(new DOMException("stopped", "AbortError")));
      started.push({ what, options, end, fail });
    });
  const optimise = (options: CallOptions) => ({
    start: run(options),
    resume: run(options),
    pause: async (id: number) => void paused.push(id),
  });
  const models = {
    savedRuns: async () => saved,
    forgetRun: async (id: string) => {
      saved.splice(0, saved.length, ...saved.filter((one) => one.id !== id));
    },
  };
  const engine = {
    optimise: (options: CallOptions, call: (api: unknown, job: number) => unknown) => {
      options.onJob?.(++job);
      return call(optimise(options), job);
    },
    models: (_: CallOptions, call: (api: unknown, job: number) => unknown) => call(models, 0),
  } as unknown as Engine;
  return { engine, started, paused, saved };
}

const request = (label: string): TrainRequest => ({
  kind: "train",
  task: "digits",
  from: "base",
  spec: trainSpec.parse({}),
  label,
});
const expert: ExpertCard = {
  id: "mine",
  label: "Mine",
  task: "digits",
  source: "trained",
  checkpoints: [{ step: 20, file: "mine@20" }],
  warnings: [],
};
const savedRun = (id: string): SavedRun => ({
  id,
  request: request("Saved"),
  base: arithmetic.base,
  step: 5,
  steps: 320,
  bytes: 1,
  savedAt: 0,
  isRunning: false,
});

let store: AppStore;
let fake: ReturnType<typeof fakeEngine>;
let queue: WorkQueue;
const failures: string[] = [];

const states = () => store.getState().work.map(({ title, state }) => `${title} ${state}`);
const nth = (n: number) =>
  vi.waitFor(() => {
    const found = fake.started[n];
    if (!found) throw new Error(`no job ${n} yet`);
    return found;
  });

beforeEach(() => {
  failures.length = 0;
  store = createAppStore();
  store.getState().setRecipe(arithmetic);
  fake = fakeEngine();
  queue = createWorkQueue({ engine: fake.engine, store }, (_, title) => failures.push(title));
});

describe("the queue of work", () => {
  test("runs one job at a time, in order", async () => {
    queue.start(request("A"));
    queue.start(request("B"));
    const first = await nth(0);
    expect(states()).toEqual(["A running", "B queued"]);
    first.end({ kind: "trained", expert });
    await nth(1);
    expect(states()).toEqual(["A done", "B running"]);
    expect(fake.started).toHaveLength(2);
  });

  test("keeps progress, curves and experts in the making in the store", async () => {
    queue.start(request("A"));
    const { options } = await nth(0);
    options.onProgress?.(3, 10);
    options.onTrace?.([{ curve: "loss", at: 1, value: 2 }]);
    const [work] = store.getState().work;
    expect(work).toMatchObject({ progress: { done: 3, total: 10 } });
    expect(work?.curves.loss?.last).toEqual({ curve: "loss", at: 1, value: 2 });
  });

  test("puts a trained expert into the recipe, switched off, at its last step", async () => {
    queue.start(request("A"));
    (await nth(0)).end({ kind: "trained", expert });
    await vi.waitFor(() => expect(states()).toEqual(["A done"]));
    expect(store.getState().recipe?.experts.at(-1)).toEqual({
      id: "mine",
      step: 20,
      enabled: false,
      weight: 1,
    });
  });

  test("pauses by job id, and goes on in the same entry with the saved run", async () => {
    const id = queue.start(request("A"));
    const first = await nth(0);
    queue.pause(id);
    expect(states()).toEqual(["A pausing"]);
    expect(fake.paused).toEqual([1]);
    fake.saved.push(savedRun("run-1"));
    first.end({ kind: "paused", run: savedRun("run-1") });
    await vi.waitFor(() => expect(states()).toEqual(["A paused"]));
    expect(store.getState().savedRuns).toEqual([]);
    queue.resume("run-1");
    expect((await nth(1)).what).toBe("run-1");
    expect(states()).toEqual(["A running"]);
  });

  test("finds runs of an earlier visit, goes on with them and forgets them", async () => {
    fake.saved.push(savedRun("run-1"), savedRun("run-2"));
    await queue.refresh();
    expect(store.getState().savedRuns.map(({ id }) => id)).toEqual(["run-1", "run-2"]);
    await queue.forget("run-2");
    queue.resume("run-1");
    expect(store.getState().savedRuns).toEqual([]);
    expect((await nth(0)).what).toBe("run-1");
    await queue.refresh();
    expect(states()).toEqual(["Saved running"]);
    expect(store.getState().savedRuns).toEqual([]);
  });

  test("cancels what runs and what waits, and tells nobody of a failure", async () => {
    const first = queue.start(request("A"));
    const second = queue.start(request("B"));
    const { options } = await nth(0);
    queue.cancel(second);
    queue.cancel(first);
    expect(options.signal.aborted).toBe(true);
    await vi.waitFor(() => expect(states()).toEqual(["A cancelled", "B cancelled"]));
    expect(failures).toEqual([]);
    queue.dismiss(second);
    expect(states()).toEqual(["A cancelled"]);
  });

  test("a failure names its job, and the next one starts all the same", async () => {
    queue.start(request("A"));
    queue.start(request("B"));
    (await nth(0)).fail(new AppError("train/diverged", "no number"));
    await nth(1);
    expect(failures).toEqual(["A"]);
    expect(store.getState().work[0]).toMatchObject({
      state: "failed",
      failure: { code: "train/diverged", message: "no number" },
    });
  });

  test("leaves what is queued to the queue of the next engine", async () => {
    queue.start(request("A"));
    queue.start(request("B"));
    const first = await nth(0);
    queue.stop();
    first.fail(new AppError("worker/crashed", "gone"));
    await vi.waitFor(() => expect(states()).toEqual(["A failed", "B queued"]));
    const next = fakeEngine();
    createWorkQueue({ engine: next.engine, store }, () => {});
    await vi.waitFor(() => expect(next.started).toHaveLength(1));
    expect(states()).toEqual(["A failed", "B running"]);
  });
});
