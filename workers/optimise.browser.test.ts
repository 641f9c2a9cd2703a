/** The optimise worker with the real models worker, runtime, storage and zoo. */
import { type Remote, transfer, wrap } from "comlink";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { adamergingSpec } from "#core/adamerging/spec.ts";
import { localiseSpec } from "#core/localise/spec.ts";
import { fisherSpec } from "#core/statistics/fisher.ts";
import { gramSpec } from "#core/statistics/gram.ts";
import type { LibraryCard } from "#core/summary.ts";
import { talosSpec } from "#core/talos/spec.ts";
import { trainSpec } from "#core/train/spec.ts";
import type { ModelsApi, WorkerEvent } from "./protocol/api.ts";
import { installErrorHandler } from "./protocol/errors.ts";
import type { CheckpointApi, OptimiseApi, TracePoint, TrainRequest } from "./protocol/optimise.ts";

const FAMILY = new URL("/zoo/vision/family.json", location.href).href;

// Hundreds of passes, on machines that may be busy with other tests.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let models: Remote<ModelsApi>;
let optimise: Remote<OptimiseApi>;
let worker: Worker | undefined;
let library: LibraryCard;
const heard: WorkerEvent[] = [];
let job = 0;

const channel = () => {
  const { port1, port2 } = new MessageChannel();
  return { here: port1, there: transfer(port2, [port2]) };
};

async function startOptimise(): Promise<void> {
  worker?.terminate();
  worker = new Worker(new URL("./optimise.worker.ts", import.meta.url), { type: "module" });
  optimise = wrap<OptimiseApi>(worker);
  const events = channel();
  events.here.onmessage = ({ data }) => heard.push(data);
  const toModels = channel();
  await optimise.connect(events.there, transfer(toModels.here, [toModels.here]));
  await models.lend(toModels.there);
}

beforeAll(async () => {
  installErrorHandler();
  models = wrap<ModelsApi>(new Worker(new URL("./models.worker.ts", import.meta.url), { type: "module" }));
  await models.connect(channel().there, channel().there);
  library = await models.openZoo(++job, FAMILY);
  await startOptimise();
});

beforeEach(async () => {
  heard.length = 0;
  for (const { id } of await models.savedRuns()) await models.forgetRun(id);
});

afterAll(() => worker?.terminate());

const request = (steps: number, label: string): TrainRequest => ({
  kind: "train",
  task: "digits",
  from: "base",
  spec: trainSpec.parse({ steps, batch: 32, checkpoints: "every", checkpointStep: 2, validateEvery: 100 }),
  label,
});

/** Lends the models worker's answers to the test itself. */
async function borrow(expert: string, step: number): Promise<ReadonlyMap<string, Float32Array>> {
  const { here, there } = channel();
  await models.lend(there);
  const api = wrap<CheckpointApi>(here);
  const { tensors } = await api.load({ expert, step });
  return tensors;
}

/** Asks for a pause as soon as a step has been made. */
async function pauseAfterFirstStep(job: number): Promise<void> {
  await vi.waitFor(() => expect(points(job, "loss").length).toBeGreaterThan(0), {
    timeout: 60_000,
    interval: 5,
  });
  await optimise.pause(job);
}

/** Events come over a port of their own, so the last ones may follow the outcome. */
const toldAt = (curve: TracePoint["curve"], steps: readonly number[]) =>
  vi.waitFor(() => expect(points(job, curve).map(({ at }) => at)).toEqual(steps));

const points = (of: number, curve: TracePoint["curve"]) =>
  heard.flatMap((event) =>
    event.type === "trace" && event.job === of ? event.points.filter((point) => point.curve === curve) : [],
  );

describe("training", () => {
  test("makes an expert with checkpoints that joins the library, and tells its curves", async () => {
    const outcome = await optimise.start(++job, request(4, "My Digits"));
    if (outcome.kind !== "trained") throw new Error(outcome.kind);
    expect(outcome.expert).toMatchObject({ id: "my-digits", source: "trained", task: "digits" });
    expect(outcome.expert.checkpoints.map(({ step }) => step)).toEqual([2, 4]);
    await toldAt("loss", [1, 2, 3, 4]);
    await toldAt("validation", [0, 4]);
    expect(heard.filter(({ type }) => type === "expert")).toHaveLength(2);
    expect(await models.savedRuns()).toEqual([]);
  });

  test("goes on after a pause and a new worker as if it had never stopped, bit for bit", async () => {
    const whole = await optimise.start(++job, request(12, "Whole"));
    const paused = ++job;
    const running = optimise.start(paused, request(12, "Parted"));
    await pauseAfterFirstStep(paused);
    const outcome = await running;
    if (outcome.kind !== "paused") throw new Error(outcome.kind);
    expect(outcome.run).toMatchObject({ steps: 12, isRunning: false, base: library.base.id });
    expect(outcome.run.step).toBeGreaterThan(0);
    expect(outcome.run.step).toBeLessThan(12);

    await startOptimise();
    expect(await models.savedRuns()).toMatchObject([{ id: outcome.run.id, step: outcome.run.step }]);
    const end = await optimise.resume(++job, outcome.run.id);
    if (end.kind !== "trained" || whole.kind !== "trained") throw new Error(end.kind);
    expect(end.expert.checkpoints.map(({ step }) => step)).toEqual([2, 4, 6, 8, 10, 12]);
    // Content ids are hashes of all bits.
    expect(end.expert.checkpoints.map(({ id }) => id)).toEqual(whole.expert.checkpoints.map(({ id }) => id));
    expect(await models.savedRuns()).toEqual([]);
  });

  test("stops after a cancel, and leaves nothing in storage", async () => {
    const cancelled = ++job;
    const running = optimise.start(cancelled, request(10_000, "Never"));
    running.catch(() => {});
    await vi.waitFor(() => expect(points(cancelled, "loss").length).toBeGreaterThan(0), { timeout: 60_000 });
    expect(await models.savedRuns()).toMatchObject([{ isRunning: true }]);
    await optimise.cancel(cancelled);
    await expect(running).rejects.toMatchObject({ name: "AbortError" });
    expect(await models.savedRuns()).toEqual([]);
  });

  test("stands still while it is held, and goes on after", async () => {
    const id = ++job;
    const running = optimise.start(id, request(30, "Held"));
    running.catch(() => {});
    await vi.waitFor(() => expect(points(id, "loss").length).toBeGreaterThan(0), { timeout: 60_000 });
    await optimise.hold(true);
    const rest = () => new Promise((resolve) => setTimeout(resolve, 500));
    await rest();
    const made = points(id, "loss").length;
    await rest();
    expect(points(id, "loss")).toHaveLength(made);
    await optimise.hold(false);
    await vi.waitFor(() => expect(points(id, "loss").length).toBeGreaterThan(made), { timeout: 60_000 });
    await optimise.hold(true);
    await optimise.cancel(id);
    await expect(running).rejects.toMatchObject({ name: "AbortError" });
    await optimise.hold(false);
  });

  test("says what is wrong: an expert that is not open, a loss that runs away", async () => {
    const missing = optimise.start(++job, { ...request(1, "x"), from: { expert: "nobody" } });
    await expect(missing).rejects.toMatchObject({ code: "recipe/unknown-expert" });
    const { spec, ...wild } = request(50, "Wild");
    // Every step multiplies the weights by 1 − 10 · 10.
    const hot = { ...spec, learningRate: 10, weightDecay: 10, warmUp: 0 } as const;
    const diverging = optimise.start(++job, { ...wild, spec: hot });
    await expect(diverging).rejects.toMatchObject({ code: "train/diverged" });
    expect(await models.savedRuns()).toEqual([]);
  });
});

describe("measuring", () => {
  test("localises an expert: a mask joins the library", async () => {
    const spec = localiseSpec.parse({ epochs: 2, shots: 8 });
    const outcome = await optimise.start(++job, { kind: "localise", expert: "digits", spec });
    if (outcome.kind !== "evidence") throw new Error(outcome.kind);
    expect(outcome.evidence).toMatchObject([{ about: { kind: "mask", expert: "digits", task: "digits" } }]);
    expect(outcome.evidence[0]?.density).toBeGreaterThan(0);
    await toldAt("density", [0, 1, 2]);
    expect(points(job, "grafted")[0]).toMatchObject({ n: 1000 });
  });

  test("calibrates and trains under the mask that it gives", async () => {
    const calibration = talosSpec.parse({ examples: 4, rounds: 1, expectation: "sampled" });
    const found = await optimise.start(++job, {
      kind: "calibrate",
      task: "digits",
      expert: "digits",
      spec: calibration,
    });
    if (found.kind !== "evidence") throw new Error(found.kind);
    expect(found.evidence.map(({ about }) => about.kind)).toEqual(["mask", "sensitivity"]);
    const { spec, ...rest } = request(1, "Sparse");
    const sparse = { ...rest, spec: { ...spec, mode: "sparse" }, mask: found.evidence[0]!.id } as const;
    const trained = await optimise.start(++job, sparse);
    if (trained.kind !== "trained") throw new Error(trained.kind);
    const expert = await borrow(trained.expert.id, 1);
    const base = await borrow("digits", 2560);
    expect([...expert.keys()].sort()).toEqual([...base.keys()].sort());
    await startOptimise();
  });

  test("measures Fisher information, and tells the cost before", async () => {
    const fisher = {
      kind: "fisher",
      expert: "digits",
      spec: fisherSpec.parse({ examples: 2, expectation: "sampled" }),
    } as const;
    const cost = await optimise.cost(++job, fisher);
    expect(cost).toMatchObject({ examples: 2, gradientPasses: 2, rows: 1 });
    expect(cost.seconds).toBeGreaterThan(0);
    expect(cost.heapBytes).toBeGreaterThan(0);
    const outcome = await optimise.start(++job, fisher);
    expect(outcome).toMatchObject({
      kind: "evidence",
      evidence: [{ about: { kind: "fisher", examples: 2 } }],
    });
  });

  test("measures Gram matrices, and finds a coefficient for each tensor of each expert", async () => {
    const spec = gramSpec.parse({ examples: 32 });
    const gram = await optimise.start(++job, { kind: "gram", expert: "digits", spec });
    expect(gram).toMatchObject({ kind: "evidence", evidence: [{ about: { kind: "gram", examples: 32 } }] });
    const experts = [{ expert: "digits" }, { expert: "capitals", step: 160 }];
    const adapted = await optimise.start(++job, {
      kind: "adamerge",
      experts,
      spec: adamergingSpec.parse({ steps: 2, batch: 8 }),
    });
    if (adapted.kind !== "coefficients") throw new Error(adapted.kind);
    expect(adapted.coefficients.map(({ expert, tensors }) => [expert, tensors.size])).toEqual([
      ["digits", library.tensors.length],
      ["capitals", library.tensors.length],
    ]);
    await toldAt("entropy", [1, 2]);
  });
});
