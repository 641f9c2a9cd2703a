import { describe, expect, it } from "vitest";
import { quietContext } from "../context.ts";
import { cornerData, logistic, logisticTensors, logisticWeights } from "../testing/logistic.ts";
import type { Gradients } from "../train/gradients.ts";
import { type AdaptStep, adamerge, adamergingCost } from "./adamerging.ts";
import { adamergingSpec } from "./spec.ts";

const base = logisticWeights(3, 0.05);
/** One expert knows the corners; the other's change is small noise. */
const useful = new Map([["fc1.weight", Float32Array.from({ length: 12 }, (_, i) => (i % 5 === 0 ? 1 : 0))]]);
const useless = new Map([["fc1.bias", Float32Array.of(0.01, -0.01, 0)]]);
const input = {
  tensors: logisticTensors,
  base,
  experts: [
    { expert: "a", delta: useful },
    { expert: "b", delta: useless },
  ],
  tasks: [
    { task: "a", gradients: logistic, data: cornerData(30) },
    { task: "b", gradients: logistic, data: cornerData(12, 4) },
  ],
};
const spec = (options: object = {}) => adamergingSpec.parse({ steps: 40, learningRate: 0.05, ...options });

async function adapted(options: object = {}) {
  const steps: AdaptStep[] = [];
  const coefficients = await adamerge(input, spec(options), quietContext, (step) => steps.push(step));
  return { coefficients, steps };
}

const total = ({ entropy }: AdaptStep) => entropy.reduce((sum, value) => sum + value, 0);

describe("AdaMerging", () => {
  it.each(["task", "tensor"])("lowers the entropy with coefficients per %s", async (per) => {
    const { steps, coefficients } = await adapted({ per });
    expect(steps).toHaveLength(40);
    expect(total(steps[39])).toBeLessThan(total(steps[0]) - 0.1);
    expect(coefficients[0].tensors.get("fc1.weight")).toBeGreaterThan(1);
  });

  it("starts where it is told, and moves by about the learning rate", async () => {
    const { steps, coefficients } = await adapted({ per: "task", steps: 1, start: 0.2, learningRate: 0.01 });
    expect(steps[0].entropy[0]).toBeGreaterThan(1);
    expect(steps[0].coefficients[0]).toBeCloseTo(0.21, 4);
    expect(coefficients[0].tensors.get("fc1.bias")).toBeCloseTo(0.21, 4);
  });

  it("gives the same bits again, and others for another seed", async () => {
    const [one, two, other] = [await adapted(), await adapted(), await adapted({ seed: 1 })];
    expect(two).toEqual(one);
    expect(other.coefficients).not.toEqual(one.coefficients);
  });

  it("follows the slope of the entropy: a step up it is a step back", async () => {
    const entropyAt = async (start: number) =>
      total((await adapted({ per: "task", steps: 1, start })).steps[0]);
    expect(await entropyAt(0.35)).toBeLessThan(await entropyAt(0.3));
  });

  it("refuses to go on without a number for an entropy", async () => {
    const broken = { ...input, base: new Map(base).set("fc1.bias", new Float32Array(3).fill(Number.NaN)) };
    await expect(adamerge(broken, spec(), quietContext)).rejects.toMatchObject({ code: "train/diverged" });
  });

  it("refuses a slope that is no number, also in the last step", async () => {
    const gradients: Gradients = {
      ...logistic,
      async evaluate(...args) {
        const result = await logistic.evaluate(...args);
        result.gradients.get("fc1.bias")?.fill(Number.NaN);
        return result;
      },
    };
    const broken = { ...input, tasks: [{ ...input.tasks[0], gradients }] };
    await expect(adamerge(broken, spec({ steps: 1 }), quietContext)).rejects.toMatchObject({
      code: "train/diverged",
    });
  });

  it("says what it takes before it starts", () => {
    const sizes = { merged: 15, experts: 2, tasks: 2, available: 42 };
    expect(adamergingCost(spec(), sizes)).toMatchObject({ examples: 42, gradientPasses: 40 * 16 * 2 });
  });
});
