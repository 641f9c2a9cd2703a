import { describe, expect, it } from "vitest";
import { clipNorm } from "./clip.ts";
import { createOptimiser, type OptimiserOptions } from "./optimiser.ts";

const options: OptimiserOptions = {
  optimiser: "adamw",
  weightDecay: 0.1,
  momentum: 0.9,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
};

/** Parameters after updates with these gradients. */
function trained(
  given: Partial<OptimiserOptions>,
  start: readonly number[],
  gradients: readonly (readonly number[])[],
  rate: number,
  mask?: Uint8Array,
): Float32Array {
  const params = Float32Array.from(start);
  const optimiser = createOptimiser({ ...options, ...given }, params.length);
  for (const gradient of gradients) optimiser.update(params, Float32Array.from(gradient), rate, mask);
  return params;
}

describe("optimisers", () => {
  it("AdamW with a mask takes the step of AdaptW", () => {
    expect(trained({}, [1, 2], [[0.5, 0.5]], 0.01, Uint8Array.of(1, 0))).toBeAllclose([0.989, 2]);
  });

  it("AdamW takes two steps as worked by hand", () => {
    // g = 1, then −1: m = .1, then −.01; v = .001, then .001999; corrected .01·(−.01/.19)/√(.001999/.001999).
    const first = 1 * (1 - 0.001) - 0.01;
    expect(trained({}, [1], [[1]], 0.01)).toBeAllclose([first]);
    expect(trained({}, [1], [[1], [-1]], 0.01)).toBeAllclose([first * 0.999 + (0.01 * 0.01) / 0.19]);
  });

  it("Adam adds the decay to the gradient", () => {
    // Any first step of Adam has the size of the rate, whatever the gradient.
    expect(trained({ optimiser: "adam" }, [1], [[-0.05]], 0.01)).toBeAllclose([0.99]);
    expect(trained({ optimiser: "adam" }, [1], [[-0.2]], 0.01)).toBeAllclose([1.01]);
  });

  it("SGD gathers momentum", () => {
    const sgd = { optimiser: "sgd", weightDecay: 0 } as const;
    // v = 1, 1.9, 2.71.
    expect(trained(sgd, [0], [[1], [1], [1]], 0.1)).toBeAllclose([-0.561]);
    // v = 2 + .1 · 1.
    expect(trained({ optimiser: "sgd" }, [1], [[2]], 0.1)).toBeAllclose([0.79]);
  });

  it.each(["adamw", "adam", "sgd"] as const)(
    "%s never moves what the mask leaves out, and moves the rest alike",
    (optimiser) => {
      const gradients = Array.from({ length: 5 }, (_, t) => [Math.sin(t), Math.cos(t), 0.3]);
      const start = [0.3, -0.2, 1 / 3];
      const all = trained({ optimiser }, start, gradients, 0.1);
      const some = trained({ optimiser }, start, gradients, 0.1, Uint8Array.of(1, 0, 1));
      expect([...some]).toEqual([all[0], Math.fround(-0.2), all[2]]);
    },
  );

  it("go on from their state with the same bits, and keep no view of it", () => {
    const gradient = Float32Array.of(0.1, -0.7);
    const params = Float32Array.of(1, 2);
    const optimiser = createOptimiser(options, 2);
    optimiser.update(params, gradient, 0.01);
    const state = optimiser.state();
    const [here, there] = [params.slice(), params.slice()];
    optimiser.update(here, gradient, 0.01);
    createOptimiser(options, 2, state).update(there, gradient, 0.01);
    expect(there).toEqual(here);
    expect(state.updates).toBe(1);
  });

  it("refuse the state of another optimiser", () => {
    const state = createOptimiser({ ...options, optimiser: "sgd" }, 2).state();
    expect(() => createOptimiser(options, 2, state)).toThrow("first");
  });
});

describe("clipping", () => {
  it("scales a long gradient to the limit and tells its norm before", () => {
    const gradient = Float32Array.of(3, 4);
    expect(clipNorm(gradient, 1)).toBe(5);
    expect(gradient).toBeAllclose([0.6, 0.8]);
  });

  it("leaves a short gradient, and any without a limit", () => {
    const gradient = Float32Array.of(3, 4);
    expect(clipNorm(gradient, 6)).toBe(5);
    expect(clipNorm(gradient, 0)).toBe(5);
    expect([...gradient]).toEqual([3, 4]);
  });
});
