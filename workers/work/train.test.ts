import { expect, it, vi } from "vitest";
import { cornerData, logistic, logisticTensors, logisticWeights } from "#core/testing/logistic.ts";
import { trainSpec } from "#core/train/spec.ts";
import type { TrainRequest } from "../protocol/optimise.ts";
import { runTrain, type TrainTools } from "./train.ts";

const request: TrainRequest = {
  kind: "train",
  task: "corners",
  from: "base",
  label: "Mine",
  spec: trainSpec.parse({ steps: 50, batch: 6, checkpoints: "every", checkpointStep: 1 }),
};

const examples = async () => ({ ...cornerData(30), id: "data" });

/** A family of one regression; the user cancels at the first checkpoint, which is written when the test says so. */
function smallTools() {
  const controller = new AbortController();
  const { signal } = controller;
  const log: string[] = [];
  let write = () => {};
  const written = new Promise<void>((resolve) => {
    write = resolve;
  });
  const tools = {
    bench: {
      weights: logisticTensors,
      network: () => ({ weights: logisticTensors }),
      gradients: () => logistic,
      data: examples,
      training: examples,
      headId: () => undefined,
    },
    models: {
      load: async () => ({ id: "base", tensors: logisticWeights(0) }),
      addTrained: async ({ step }: { readonly step: number }) => {
        log.push(`lent ${step}`);
        return { id: "mine" };
      },
    },
    runs: {
      begin: async () => {},
      keep: async (_: string, { step }: { readonly step: number }) => {
        log.push(`keeps ${step}`);
        controller.abort(new DOMException("", "AbortError"));
        await written;
        log.push(`kept ${step}`);
      },
    },
    run: "run",
    base: "base",
    context: {
      signal,
      breathe: () => new Promise((resolve) => setImmediate(resolve)),
      progress() {},
    },
    trace() {},
    onExpert() {},
    onUnsaved() {},
    onPausable() {},
  } as unknown as TrainTools;
  return { tools, log, write };
}

it("a cancelled training ends when nothing is being written any more, so that all of it can be deleted", async () => {
  const { tools, log, write } = smallTools();
  const training = runTrain(request, tools, true).finally(() => log.push("over"));
  training.catch(() => {});
  await vi.waitFor(() => expect(log).toContain("keeps 1"));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(log).not.toContain("over");
  write();
  await expect(training).rejects.toMatchObject({ name: "AbortError" });
  expect(log).toContain("kept 1");
  expect(log.at(-1)).toBe("over");
});

it("names the best checkpoint where it ends on a plateau: later ones are in the library too", async () => {
  const { tools } = smallTools();
  const quiet = { ...tools, runs: { begin: async () => {}, keep: async () => {}, forget: async () => {} } };
  const still = { learningRate: 0, schedule: "plateau", validateEvery: 1, warmUp: 0 } as const;
  const spec = { ...request.spec, ...still, plateauPatience: 1, plateauReductions: 1 };
  const outcome = await runTrain({ ...request, spec }, quiet as unknown as TrainTools, true);
  expect(outcome).toMatchObject({ kind: "trained", best: 0 });
});
