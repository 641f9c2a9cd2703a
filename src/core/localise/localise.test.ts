import { describe, expect, it } from "vitest";
import { quietContext } from "../context.ts";
import { cornerData, logistic, logisticTensors, logisticWeights } from "../testing/logistic.ts";
import type { Gradients } from "../train/gradients.ts";
import { densityCurve } from "./density-curve.ts";
import { deltaOf, included } from "./include.ts";
import { type LocaliseEpoch, localise, localiseCost } from "./localise.ts";
import { chosen, maskDensity } from "./mask.ts";
import { localiseSpec } from "./spec.ts";

const base = logisticWeights(3, 0.2);
/** Knows the corners: a large weight from each feature to its class; the rest of the change is noise. */
const expert = new Map([...base].map(([name, values]) => [name, values.map((value) => value + 0.02)]));
for (let c = 0; c < 3; c++) (expert.get("fc1.weight") ?? [])[c * 5] += 2;
const names = included(logisticTensors);
const delta = deltaOf(base, expert, names);
const input = { gradients: logistic, base, delta, tensors: logisticTensors, data: cornerData(60) };
const validation = cornerData(45, 7);
const spec = (options: object = {}) => localiseSpec.parse({ limit: 1, density: 0, ...options });

describe("training a mask", () => {
  it("finds the few weights that the task needs", async () => {
    const { mask, density } = await localise({ ...input, validation }, spec({ rate: 4 }), quietContext);
    expect([...(mask.get("fc1.weight") ?? [])].flatMap((bit, i) => (bit ? [i] : []))).toEqual([0, 5, 10]);
    expect(chosen(mask)).toBe(3);
    expect(density).toBe(3 / 19);
  });

  it("tells every epoch, the start first, and ends when validation no longer improves", async () => {
    const told: LocaliseEpoch[] = [];
    const options = spec({ rate: 4, epochs: 50, patience: 2 });
    const result = await localise({ ...input, validation }, options, quietContext, (epoch) =>
      told.push(epoch),
    );
    expect(told).toEqual(result.epochs);
    expect(told.map(({ epoch }) => epoch)).toEqual(told.map((_, i) => i));
    expect(result.endedEarly).toBe(true);
    expect(told.at(-1)?.epoch).toBe(result.epoch + 2);
    expect(told[0]).toMatchObject({ density: 0, grafted: { n: 45 } });
    expect(told[2].loss).toBeLessThan(told[0].loss);
  });

  it("takes the last epoch where there is no validation", async () => {
    const result = await localise(input, spec({ epochs: 3 }), quietContext);
    expect(result).toMatchObject({ epoch: 3, endedEarly: false, examples: 60 });
  });

  it("does not grow beyond the limit", async () => {
    const { mask } = await localise(input, spec({ rate: 40, limit: 0.11 }), quietContext);
    expect(maskDensity(mask)).toBe(2 / 19);
  });

  it("moves the same way with the official sum over batches as with the mean when the rate is scaled", async () => {
    const mean = await localise(input, spec({ bias: 3, rate: 1, epochs: 1 }), quietContext);
    const official = { bias: 3, learningRate: "official", batch: 20, epochs: 1 };
    const unit = await localise(input, spec({ ...official, rate: 1 }), quietContext);
    const moved = (logits: ReadonlyMap<string, Float32Array>) =>
      [...logits.values()].flatMap((values) => [...values]).map((value) => value + 3);
    const length = Math.hypot(...moved(unit.logits)) / Math.sqrt(19);
    expect(moved(mean.logits)).toBeAllclose(
      moved(unit.logits).map((value) => value / length),
      { atol: 1e-3 }, // logits are f32 around −3
    );
  });

  it("gives the same bits again", async () => {
    const runs = [await localise(input, spec(), quietContext), await localise(input, spec(), quietContext)];
    expect(runs[0].logits).toEqual(runs[1].logits);
  });

  it("says what it takes before it starts", () => {
    const sizes = { included: 19, classes: 3, available: 60, validation: 45 };
    expect(localiseCost(spec({ epochs: 10, shots: 64 }), sizes)).toMatchObject({
      examples: 105,
      passes: 11 * 45,
      gradientPasses: 600,
    });
  });

  it("refuses to go on without a number for a loss", async () => {
    const broken = new Map(base).set("fc1.bias", new Float32Array(3).fill(Number.NaN));
    const run = localise({ ...input, base: broken }, spec(), quietContext);
    await expect(run).rejects.toMatchObject({ code: "train/diverged" });
  });

  it("refuses to go on with a gradient that is no number, though the loss is one", async () => {
    const gradients: Gradients = {
      ...logistic,
      async evaluate(...args) {
        const result = await logistic.evaluate(...args);
        result.gradients.get("fc1.bias")?.fill(Number.POSITIVE_INFINITY);
        return result;
      },
    };
    const run = localise({ ...input, gradients, validation }, spec({ epochs: 1 }), quietContext);
    await expect(run).rejects.toMatchObject({ code: "train/diverged" });
  });
});

describe("gain against density", () => {
  it("is nothing at 0 and all at 1; the trained mask has all with its own few", async () => {
    const trained = await localise({ ...input, validation }, spec({ rate: 4 }), quietContext);
    const { points } = await densityCurve(
      { ...input, data: validation, trained, seed: 1 },
      [0, 3 / 19, 1],
      quietContext,
    );
    const gains = (kind: string) => points.filter((point) => point.kind === kind).map(({ gain }) => gain);
    expect(gains("trained")).toEqual([0, expect.closeTo(1, 1)]);
    expect(gains("magnitude")).toEqual([0, expect.closeTo(1, 1), 1]);
    expect(gains("random")[1]).toBeLessThan(0.9);
  });
});

describe("included tensors", () => {
  it("are all of them, or those that a match chooses", () => {
    expect(included(logisticTensors)).toHaveLength(3);
    expect(included(logisticTensors, { glob: "fc1.*" })).toEqual(["fc1.weight", "fc1.bias"]);
    expect(included(logisticTensors, { role: "bias" })).toEqual(["fc1.bias"]);
  });
});
