import { describe, expect, it } from "vitest";
import { webRunner } from "../../../cli/web-runner.ts";
import { quietContext } from "../context.ts";
import { linearGradients } from "../testing/linear-gradients.ts";
import { wave } from "../testing/onnx-graph.ts";
import { smallData, smallNet, smallWeights } from "../testing/small-training.ts";
import { dense } from "./dense.ts";
import { openGradients } from "./gradients.ts";
import { parametrise } from "./parametrise.ts";
import { trainSpec } from "./spec.ts";
import type { TrainState } from "./train-state.ts";
import { createTrainer, type TrainEvent, type TrainerOptions } from "./trainer.ts";

const specs = [{ name: "w", dtype: "f32", shape: [3, 4] }] as const;
const base = new Map([["w", wave(12, 3)]]);
const data = smallData(50);
const validation = smallData(30, 1);

/** A trainer of softmax regression, and what it told. */
function training(given: object = {}, others: Partial<TrainerOptions> = {}) {
  const events: TrainEvent[] = [];
  const trainer = createTrainer({
    gradients: linearGradients(4, 3),
    parametrisation: dense({ specs, base }),
    spec: trainSpec.parse({
      steps: 12,
      batch: 8,
      learningRate: 0.05,
      validateEvery: 4,
      checkpointStep: 3,
      ...given,
    }),
    data,
    validation,
    context: quietContext,
    onEvent: (event) => events.push(event),
    ...others,
  });
  const told = (kind: TrainEvent["kind"]) =>
    events.filter((event) => event.kind === kind).map(({ step }) => step);
  return { trainer, events, told };
}

async function finalState(given: object = {}, others: Partial<TrainerOptions> = {}): Promise<TrainState> {
  const { trainer } = training(given, others);
  await trainer.run();
  return trainer.state();
}

describe("training", () => {
  it("tells every step, the validations with the first and the last, and the checkpoints", async () => {
    const { trainer, told, events } = training({ steps: 14 });
    expect(await trainer.run()).toBe("finished");
    expect(told("step")).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
    expect(told("validation")).toEqual([0, 4, 8, 12, 14]);
    expect(told("checkpoint")).toEqual([3, 6, 12, 14]);
    const last = events.at(-1);
    expect(last).toMatchObject({ kind: "checkpoint", reason: "schedule", params: trainer.state().params });
    expect(last?.kind === "checkpoint" && [...last.weights]).toEqual([["w", trainer.state().params]]);
  });

  it("lowers the loss and raises the accuracy", async () => {
    const { history } = await finalState({ steps: 40 });
    const [first] = history.validations;
    const last = history.validations.at(-1)!;
    expect(last.loss).toBeLessThan(first.loss / 2);
    expect(last.right).toBeGreaterThan(first.right);
  });

  it.each(["adamw", "sgd"])("continues from any state with the same bits (%s)", async (optimiser) => {
    const whole = await finalState({
      optimiser,
      schedule: "plateau",
      plateauPatience: 1,
      plateauStop: false,
    });
    for (const step of [0, 1, 4, 11]) {
      const given = { optimiser, schedule: "plateau", plateauPatience: 1, plateauStop: false };
      const { trainer } = training(given);
      expect(await trainer.run(step)).toBe("paused");
      expect(await finalState(given, { from: trainer.state() })).toEqual(whole);
    }
  });

  it("gives the same bits twice, and others with another seed", async () => {
    const one = await finalState();
    expect(await finalState()).toEqual(one);
    expect((await finalState({ seed: 2 })).params).not.toEqual(one.params);
  });

  it("never moves what the mask leaves out", async () => {
    const bits = Uint8Array.from({ length: 12 }, (_, i) => i % 3);
    const { params } = await finalState(
      {},
      { parametrisation: dense({ specs, base, mask: new Map([["w", bits]]) }) },
    );
    const start = base.get("w")!;
    params.forEach((value, i) => {
      expect(value === start[i]).toBe(bits[i] === 0);
    });
  });

  it("pauses after the step, and goes on", async () => {
    const paused = training(
      {},
      {
        gradients: linearGradients(4, 3, () => {
          if (paused.trainer.step === 5) paused.trainer.pause();
        }),
      },
    );
    expect(await paused.trainer.run()).toBe("paused");
    expect(paused.trainer.step).toBe(6);
    expect(await paused.trainer.run()).toBe("finished");
    expect(paused.trainer.state()).toEqual(await finalState());
    expect(paused.told("checkpoint")).toEqual([3, 6, 12]);
  });

  it("keeps the last whole step when it is cancelled", async () => {
    let calls = 0;
    const gradients = linearGradients(4, 3, (what) => {
      if (what === "evaluate" && ++calls === 6) throw new Error("cancelled");
    });
    const { trainer } = training({}, { gradients });
    await expect(trainer.run()).rejects.toThrow("cancelled");
    expect(trainer.step).toBe(5);
    expect(await finalState({}, { from: trainer.state() })).toEqual(await finalState());
  });

  it("ends on a plateau and gives the best weights back", async () => {
    const given = {
      schedule: "plateau",
      plateauPatience: 1,
      plateauReductions: 2,
      warmUp: 0,
      learningRate: 0,
      steps: 100,
    };
    const { trainer, events } = training({ ...given, checkpoints: "last" });
    expect(await trainer.run()).toBe("plateau");
    expect(trainer.step).toBe(8);
    expect(events.at(-1)).toMatchObject({
      kind: "checkpoint",
      step: 0,
      reason: "best",
      params: base.get("w"),
    });
  });

  it("refuses to go on once the loss is no number, and keeps the weights before", async () => {
    const { trainer } = training({
      optimiser: "sgd",
      learningRate: 10,
      weightDecay: 10,
      momentum: 0.9,
      steps: 400,
      warmUp: 0,
    });
    const error = await trainer.run().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "train/diverged", details: { step: trainer.step + 1 } });
    expect(trainer.state().params.every(Number.isFinite)).toBe(true);
  });

  it("takes fewer examples than a batch as one batch", async () => {
    const few = smallData(5);
    const asked: number[] = [];
    await finalState(
      { steps: 2 },
      {
        data: {
          ...few,
          rows(indices, draw) {
            asked.push(indices.length);
            return few.rows(indices, draw);
          },
        },
      },
    );
    expect(asked).toEqual([5, 5]);
  });

  it("refuses to run twice at once, and states of another size", async () => {
    const { trainer } = training();
    const running = trainer.run();
    await expect(trainer.run()).rejects.toThrow("running");
    await running;
    const from = { ...trainer.state(), params: new Float32Array(3) };
    expect(() => training({}, { from })).toThrow("another number");
  });

  it.each(["full", "lora"])("learns on the runtime, the same from a resumed state (%s)", async (mode) => {
    const spec = {
      mode,
      targets: mode === "lora" ? ["*.weight"] : [],
      steps: 60,
      batch: 32,
      learningRate: 0.05,
      validateEvery: 30,
    };
    const run = async (until: number, from?: TrainState) => {
      const gradients = openGradients(webRunner, smallNet, { microBatch: 16 });
      const parametrisation = parametrise(trainSpec.parse(spec), smallNet, smallWeights());
      const { trainer } = training(spec, { gradients, parametrisation, ...(from && { from }) });
      await trainer.run(until);
      await gradients.close();
      return trainer.state();
    };
    const whole = await run(60);
    const [first] = whole.history.validations;
    const last = whole.history.validations.at(-1)!;
    expect(first.right / first.n).toBeLessThan(0.7);
    expect(last.right / last.n).toBeGreaterThan(0.9);
    expect(await run(60, await run(31))).toEqual(whole);
  });
});
