/** The eval worker with the real runtime and the real zoo; the test plays the models worker. */
import { type Remote, transfer, wrap } from "comlink";
import { beforeAll, describe, expect, test } from "vitest";
import { bytesSource } from "#core/formats/format.ts";
import { safetensors } from "#core/formats/safetensors.ts";
import type { EvalApi, EvaluateRequest, ImageMessage, WorkerEvent } from "./protocol/api.ts";
import { installErrorHandler } from "./protocol/errors.ts";

const FAMILY = new URL("/zoo/vision/family.json", location.href);

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

describe("the eval worker", () => {
  test("evaluates the base", async () => {
    await send("base.safetensors");
    const start = performance.now();
    const report = await api.evaluate(++job, request({}));
    console.warn("took", performance.now() - start, JSON.stringify(report, null, 1));
    console.warn(JSON.stringify(heard.map((event) => event.type)));
    expect(report.mean.merged.value).toBeGreaterThan(0.5);
  });
});
