import { describe, expect, it } from "vitest";
import { controlsOf } from "../params.ts";
import { isCheckpoint } from "./checkpoints.ts";
import { learningRate, plateau, type Validation } from "./schedule.ts";
import { trainOptions, trainSpec } from "./spec.ts";

const spec = (given: object) => trainSpec.parse({ learningRate: 1, warmUp: 4, steps: 24, ...given });
const checks = (accuracies: readonly number[], every = 4): Validation[] =>
  accuracies.map((accuracy, i) => ({ step: 4 + i * every, right: accuracy * 100, n: 100, loss: 1 }));

describe("learning rates", () => {
  it("rise over the warm-up and stay", () => {
    const rates = [1, 2, 3, 4, 5, 24].map((step) => learningRate(spec({}), step, []));
    expect(rates).toEqual([0.25, 0.5, 0.75, 1, 1, 1]);
    expect(learningRate(spec({ warmUp: 0 }), 1, [])).toBe(1);
  });

  it("fall along a cosine to zero after the last step", () => {
    const rate = (step: number) => learningRate(spec({ schedule: "cosine" }), step, []);
    expect(rate(5)).toBe(1);
    expect(rate(15)).toBeCloseTo(0.5, 12);
    expect(rate(25)).toBeCloseTo(0, 12);
  });

  it("are reduced when validation stops improving, and training ends with the last reduction", () => {
    const options = spec({ schedule: "plateau", plateauPatience: 2, plateauReductions: 2 });
    const history = checks([0.5, 0.6, 0.6, 0.55, 0.7, 0.7, 0.6]);
    const first = (n: number) => plateau(options, history.slice(0, n));
    expect([1, 2, 3, 4, 5, 6, 7].map((n) => first(n).reductions)).toEqual([0, 0, 0, 1, 1, 1, 2]);
    expect(first(6).isOver).toBe(false);
    expect(first(7).isOver).toBe(true);
    expect(learningRate(options, 100, history.slice(0, 4))).toBe(0.5);
  });

  it("wait for more than the threshold, and go on at the lowest rate when not to stop", () => {
    const options = spec({
      schedule: "plateau",
      plateauPatience: 1,
      plateauThreshold: 0.1,
      plateauStop: false,
    });
    const history = checks([0.5, 0.55, 0.6, 0.65, 0.7]);
    expect(plateau(options, history)).toEqual({ reductions: 2, isOver: false });
    expect(learningRate(options, 100, history)).toBe(0.25);
  });

  it("count no check during warm-up", () => {
    const options = spec({ schedule: "plateau", plateauPatience: 1, warmUp: 12 });
    expect(plateau(options, checks([0.9, 0.5, 0.6])).reductions).toBe(0);
  });
});

describe("checkpoints", () => {
  const kept = (given: object) => {
    const options = trainSpec.parse({ steps: 100, ...given });
    return Array.from({ length: 101 }, (_, step) => step).filter((step) => isCheckpoint(options, step));
  };

  it("double by default, and the last step is always one", () => {
    expect(kept({})).toEqual([20, 40, 80, 100]);
    expect(kept({ checkpointStep: 3 })).toEqual([3, 6, 12, 24, 48, 96, 100]);
  });

  it("come every so many steps, or where they are asked for", () => {
    expect(kept({ checkpoints: "every", checkpointStep: 30 })).toEqual([30, 60, 90, 100]);
    expect(kept({ checkpoints: "last", checkpointSteps: [7, 5] })).toEqual([5, 7, 100]);
  });
});

describe("the spec", () => {
  it("has a control for every option, each with words", () => {
    const controls = controlsOf(trainOptions);
    expect(controls.map(({ key }) => key)).toEqual(Object.keys(trainOptions.shape));
    expect(controls.filter(({ key, label }) => key === label)).toEqual([]);
  });
});
