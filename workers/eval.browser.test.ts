/** The eval worker with the real runtime and the real zoo; the test plays the models worker. */
import { type Remote, transfer, wrap } from "comlink";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { bytesSource } from "#core/formats/format.ts";
import { safetensors } from "#core/formats/safetensors.ts";
import type { EvalApi, EvaluateRequest, ImageMessage, WorkerEvent } from "./protocol/api.ts";
import { installErrorHandler } from "./protocol/errors.ts";

const FAMILY = new URL("/zoo/vision/family.json", location.href);

// Tens of evaluations, on machines that may be busy with other tests.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const events = new MessageChannel();
const weights = new MessageChannel();
const heard: WorkerEvent[] = [];
let api: Remote<EvalApi>;
let job = 0;
let revision = 0;

beforeAll(async () => {
  installErrorHandler();
  events.port1.onmessage = ({ data }) => heard.push(data);
  api = wrap<EvalApi>(new Worker(new URL("./eval.worker.ts", import.meta.url), { type: "module" }));
  const info = await api.connect(
    transfer(events.port2, [events.port2]),
    transfer(weights.port2, [weights.port2]),
  );
  expect(info).toEqual({ threads: Math.min(4, navigator.hardwareConcurrency), isolated: true });
  await api.openZoo(++job, FAMILY.href);
});

/** Sends a file's tensors as a merge would, and returns the revision. */
async function send(path: string): Promise<number> {
  const response = await fetch(new URL(path, FAMILY));
  const file = await safetensors.open(bytesSource(new Uint8Array(await response.arrayBuffer())), path);
  for (const name of file.tensors.keys()) {
    const rows = [await file.load(name)];
    const message: ImageMessage = { type: "tensor", image: "live", name, rows };
    weights.port1.postMessage(
      message,
      rows.map((row) => row.buffer),
    );
  }
  revision++;
  weights.port1.postMessage({ type: "commit", image: "live", revision } satisfies ImageMessage);
  return revision;
}

const request = (changes: Partial<EvaluateRequest>): EvaluateRequest => ({
  image: "live",
  revision,
  recipeKey: "base",
  output: "single",
  split: "validation",
  stages: [64, 256],
  hard: { kind: "el2n", fraction: 0.1, lateStep: 640 },
  session: "inputs",
  ...changes,
});

const expertOf = (task: string) => `experts/${task}/step-2560.safetensors`;

describe("the eval worker", () => {
  test("tells the first 64 examples per task before the rest", async () => {
    await send("base.safetensors");
    heard.length = 0;
    const report = await api.evaluate(++job, request({ keepAs: "base" }));
    const early = heard.filter((event) => event.type === "report");
    expect(early.map((event) => event.report.tasks.map(({ n }) => n))).toEqual([[64, 64, 64, 64]]);
    expect(report.tasks.map(({ n }) => n)).toEqual([256, 256, 256, 256]);
    // Two-shot heads on the base: about 0.72 on every draw of heads.
    expect(report.mean.merged.value).toBeGreaterThan(0.6);
    expect(report.mean.merged.value).toBeLessThan(0.85);
  });

  test("finds an expert wholly retained against itself", async () => {
    await send(expertOf("digits"));
    const alone = request({ recipeKey: "digits", tasks: ["digits"], keepAs: "expert" });
    const report = await api.evaluate(++job, alone);
    expect(report.tasks[0]?.merged.k).toBeGreaterThan(0.9 * 256);
    expect(report.tasks[0]?.retention?.k).toBe(report.tasks[0]?.retention?.n);
    expect(report.tasks[0]?.normalised).toMatchObject({ value: 1, low: 1, high: 1 });
  });

  test("agrees between weights as inputs and constant weights", async () => {
    await send(expertOf("capitals"));
    const byInputs = await api.evaluate(++job, request({ recipeKey: "i", stages: [256] }));
    const settled = request({ recipeKey: "c", stages: [256], session: "external" });
    const byConstants = await api.evaluate(++job, settled);
    const differing = (await api.compare("i", "c", "validation")).reduce(
      (sum, { won, lost }) => sum + won + lost,
      0,
    );
    // Logits differ by rounding alone: at most a near-tie among 1,024 examples may fall otherwise.
    expect(differing).toBeLessThanOrEqual(1);
    expect(byConstants.tasks.map(({ merged }) => merged.n)).toEqual(
      byInputs.tasks.map(({ merged }) => merged.n),
    );
  });

  test("stops after a cancel", async () => {
    await send(expertOf("clothes"));
    const cancelled = ++job;
    const evaluation = api.evaluate(cancelled, request({ recipeKey: "long", stages: [1000] }));
    evaluation.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 150));
    await api.cancel(cancelled);
    await expect(evaluation).rejects.toMatchObject({ name: "AbortError" });
  });

  test("lets the newest merge win, and waits for one that is still on its way", async () => {
    await send("base.safetensors");
    const old = api.evaluate(++job, request({ recipeKey: "old", stages: [1000] }));
    const superseded = expect(old).rejects.toMatchObject({ name: "AbortError" });
    const next = api.evaluate(++job, request({ recipeKey: "new", revision: revision + 1, stages: [64] }));
    await send(expertOf("digits"));
    await superseded;
    expect((await next).tasks).toHaveLength(4);
  });

  test("stops waiting for a merge that never comes", async () => {
    const waiting = ++job;
    const evaluation = api.evaluate(waiting, request({ revision: revision + 100 }));
    await api.cancel(waiting);
    await expect(evaluation).rejects.toMatchObject({ name: "AbortError" });
  });

  test("shows what an expert won over the base, with pictures", async () => {
    await send(expertOf("digits"));
    await api.evaluate(++job, request({ recipeKey: "digits" }));
    const flips = await api.flips("digits", "base", "validation", 3);
    const won = flips.filter(({ kind, task }) => kind === "won" && task === "digits");
    expect(flips.filter(({ kind }) => kind === "won")).toHaveLength(3);
    for (const { example, label, before, after } of won) {
      expect(example).toMatchObject({ kind: "image", shape: [1, 28, 28] });
      expect(after).toBe(label);
      expect(before).not.toBe(label);
    }
  });

  test("sends errors with their code", async () => {
    const evaluation = api.evaluate(++job, request({ tasks: ["chess"] }));
    await expect(evaluation).rejects.toMatchObject({ name: "AppError", code: "model/unknown-task" });
    const missing = api.openZoo(++job, new URL("/zoo/nowhere/family.json", location.href).href);
    await expect(missing).rejects.toMatchObject({ code: "zoo/unavailable" });
    const foreign = api.openZoo(++job, "https://example.org/zoo/family.json");
    await expect(foreign).rejects.toMatchObject({ code: "zoo/unavailable" });
  });

  test("says how hard examples fare once the whole split is read", async () => {
    await send(expertOf("digits"));
    const whole = request({ recipeKey: "digits", tasks: ["digits"], stages: [1000], session: "external" });
    const report = await api.evaluate(++job, { ...whole, keepAs: "expert" });
    expect(report.subset).toBe("full");
    expect(report.tasks[0]?.bins).toHaveLength(10);
    const hard = report.tasks[0]?.hard;
    expect(hard?.n).toBeGreaterThan(50);
    expect(hard?.n).toBeLessThanOrEqual(100);
  });
});
