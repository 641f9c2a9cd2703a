import { describe, expect, it } from "vitest";
import { quietContext } from "../context.ts";
import { doge, dogeOptions } from "../methods/doge.ts";
import { twin } from "../tensor/twin.ts";
import { type Descent, differentiate, project } from "./descend.ts";
import { type DogeOptions, openDoge } from "./run.ts";
import { energyInside, sharedBasis } from "./subspace.ts";

const f32 = (...values: number[]) => Float32Array.from(values);
/** The worked example of the method's notes: τ₁ = I, τ₂ = [[1, 1], [0, 0]], η = .07. */
const tiny = [f32(1, 0, 0, 1), f32(1, 1, 0, 0)];
const options: DogeOptions = {
  eta: 0.07,
  scale: "absolute",
  lambdas: "layer",
  strengths: "optimised",
  projection: "complement",
  subspace: 2,
  rate: 1e-3,
  modification: "shared",
};

function wave(n: number, seed: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: n }, (_, i) => Math.sin(1 + i * 0.7 + seed * 1.3) / 10);
}

function matrix(name: string, rows: number, columns: number, ...seeds: number[]) {
  const taus = seeds.map((seed) => wave(rows * columns, seed));
  return { name, rows, columns, taus, weights: seeds.map(() => 1) };
}

/** The worked example's problem, with its gradient at 0. */
function gradientOf(part: Partial<Descent>): { readonly loss: number; readonly gradient: Float32Array } {
  const lambda = 0.07 / Math.SQRT2;
  const problem: Descent = {
    rows: 2,
    columns: 2,
    taus: tiny,
    gaps: Float64Array.of(1 - 2 * lambda, 1 - lambda, 2 - 3 * lambda, 0),
    coefficients: [2 * lambda],
    isInside: false,
    ...part,
  };
  const gradient = new Float32Array(4);
  const loss = differentiate(problem, [new Float32Array(4)], gradient);
  project(problem, gradient);
  return { loss, gradient: gradient.map((value) => value * 2 * lambda) };
}

describe("DOGE on one layer", () => {
  it("gives the worked example's λ, loss and projected gradient", async () => {
    const example = { name: "w", rows: 2, columns: 2, taus: tiny, weights: [1, 1] };
    const run = await openDoge([example], options, twin, quietContext);
    expect(run.layers[0].lambdas).toBeAllclose([0.049497, 0.049497], { rtol: 0, atol: 5e-7 });
    expect(run.layers[0]).toMatchObject({ rank: 1 });
    await run.advanceTo(1, quietContext);
    expect(run.losses[0]).toBeCloseTo(5.143345, 5);

    const basis = await sharedBasis(tiny, 2, 2, 2, twin, quietContext);
    expect([...basis].map(Math.abs)).toBeAllclose([1, 0], { rtol: 0, atol: 1e-7 });
    const free = gradientOf({});
    expect(free.loss).toBeCloseTo(5.143345, 5);
    expect([...free.gradient]).toBeAllclose([-0.54497, -0.36658, 0, -0.18819], { rtol: 0, atol: 5e-6 });
    const bound = gradientOf({ basis });
    expect([...bound.gradient]).toBeAllclose([0, 0, 0, -0.18819], { rtol: 0, atol: 5e-6 });
    const inside = gradientOf({ basis, isInside: true });
    expect([...inside.gradient]).toBeAllclose([-0.54497, -0.36658, 0, 0], { rtol: 0, atol: 5e-6 });
  });

  it("has the gradient of its loss, of every modification times its coefficient", () => {
    const taus = [wave(12 * 8, 1), wave(12 * 8, 2), wave(12 * 8, 3)];
    const coefficients = [0.3, 0.2, 0.4];
    const gaps = Float64Array.from(wave(36, 5));
    const problem = { rows: 12, columns: 8, taus, gaps, coefficients, isInside: false };
    const at = [wave(96, 9), wave(96, 10), wave(96, 11)];
    const gradient = new Float32Array(96);
    differentiate(problem, at, gradient);
    for (const [m, coefficient] of coefficients.entries()) {
      for (const i of [0, 17, 95]) {
        const h = 1e-2;
        const moved = (by: number) =>
          differentiate(
            problem,
            at.map((delta, k) => delta.map((value, j) => (k === m && j === i ? value + by : value))),
            new Float32Array(96),
          );
        const slope = (moved(h) - moved(-h)) / (2 * h);
        expect([slope]).toBeAllclose([coefficient * gradient[i]], { rtol: 1e-3, atol: 1e-6 });
      }
    }
  });

  it("lowers the loss by gradients that have nothing of the shared subspace", async () => {
    const layer = matrix("w", 24, 18, 1, 2);
    const run = await openDoge([layer], { ...options, subspace: 6, eta: 0.3 }, twin, quietContext);
    await run.advanceTo(60, quietContext);
    expect(run.losses).toHaveLength(60);
    expect(run.losses[59]).toBeLessThan(run.losses[0]);
    // Adam scales entries apart, so Δ itself strays; the gradient does not.
    const basis = await sharedBasis(layer.taus, 24, 18, 6, twin, quietContext);
    const gradient = new Float32Array(24 * 18);
    const [delta] = run.deltas().get("w") ?? [];
    const problem = {
      ...layer,
      gaps: Float64Array.from(wave(48, 3)),
      coefficients: [0.3],
      basis,
      isInside: false,
    };
    differentiate(problem, [delta], gradient);
    project(problem, gradient);
    expect(energyInside(basis, gradient, 24, 18, twin)).toBeLessThan(1e-6);
  });

  it("is not constrained where the subspace has no room", async () => {
    expect(await sharedBasis([wave(8, 1), wave(8, 2)], 4, 2, 6, twin, quietContext)).toHaveLength(0);
    const three = [1, 2, 3].map((seed) => wave(4, seed));
    expect(await sharedBasis(three, 2, 2, 1, twin, quietContext)).toHaveLength(0);
  });

  it("can be cancelled between two decompositions", async () => {
    const signal = {
      aborted: true,
      throwIfAborted() {
        throw new Error("stop");
      },
    };
    const sharing = sharedBasis([wave(64, 1), wave(64, 2)], 8, 8, 2, twin, { ...quietContext, signal });
    await expect(sharing).rejects.toThrow("stop");
  });
});

describe("DOGE on a model", () => {
  const layers = [matrix("a", 24, 18, 1, 2, 3), matrix("b", 7, 12, 4, 5, 6)];
  const modelOptions = { ...options, subspace: 6 };

  it("gives the same bits in one go, in parts, and layer by layer", async () => {
    const [whole, parts] = [
      await openDoge(layers, modelOptions, twin, quietContext),
      await openDoge(layers, modelOptions, twin, quietContext),
    ];
    await whole.advanceTo(12, quietContext);
    for (const step of [1, 5, 5, 12]) await parts.advanceTo(step, quietContext);
    expect(parts.deltas()).toEqual(whole.deltas());
    expect(parts.losses).toEqual(whole.losses);
    const alone = await openDoge([layers[1]], modelOptions, twin, quietContext);
    await alone.advanceTo(12, quietContext);
    expect(alone.deltas().get("b")).toEqual(whole.deltas().get("b"));
  });

  it("makes up for a cancelled step, and hands out nothing half done", async () => {
    const run = await openDoge(layers, modelOptions, twin, quietContext);
    const whole = await openDoge(layers, modelOptions, twin, quietContext);
    let calls = 0;
    const signal = {
      aborted: false,
      throwIfAborted() {
        if (++calls > 1) throw new Error("stop");
      },
    };
    await expect(run.advanceTo(3, { ...quietContext, signal })).rejects.toThrow("stop");
    expect(() => run.deltas()).toThrow("different steps");
    expect(run).toMatchObject({ step: 3, losses: [] });
    await run.advanceTo(3, quietContext);
    await whole.advanceTo(3, quietContext);
    expect(run.deltas()).toEqual(whole.deltas());
  });

  it("gives every expert a modification, almost the same since Adam divides their strengths out", async () => {
    const run = await openDoge(layers, { ...modelOptions, modification: "expert" }, twin, quietContext);
    expect(run.layers[0]).toMatchObject({ rank: 6 });
    await run.advanceTo(20, quietContext);
    const [first, second, third] = run.deltas().get("a") ?? [];
    expect(third).toBeDefined();
    expect(second).toBeAllclose([...first], { rtol: 1e-2, atol: 1e-4 });
  });

  it("tells what the shared subspace holds of every expert", async () => {
    const run = await openDoge(layers, modelOptions, twin, quietContext);
    expect(run.layers.map(({ name, rank }) => [name, rank])).toEqual([
      ["a", 3],
      ["b", 1],
    ]);
    for (const { energy } of run.layers) {
      expect(energy).toHaveLength(3);
      expect(energy.every((share) => share > 0 && share <= 1 + 1e-6)).toBe(true);
    }
  });

  it("measures how far modifications have come, and what of them lies inside the shared subspace", async () => {
    const run = await openDoge(layers, modelOptions, twin, quietContext);
    expect(run.report()[1]).toEqual({ name: "b", length: 0, inside: 0 });
    await run.advanceTo(30, quietContext);
    const [a, b] = run.report();
    const square = (run.deltas().get("a") ?? [])[0].reduce((sum, value) => sum + value * value, 0);
    expect(a.length).toBeCloseTo(Math.sqrt(square), 6);
    const inside = await openDoge(layers, { ...modelOptions, projection: "inside" }, twin, quietContext);
    await inside.advanceTo(30, quietContext);
    for (const [l, outside] of [a, b].entries()) {
      expect(outside.inside).toBeGreaterThan(0);
      expect(outside.inside).toBeLessThan(inside.report()[l].inside);
    }
  });

  it("warns of matrices that have no room for a shared subspace, by their shapes alone", () => {
    const of = (...shape: number[]) => ({ name: `w${shape.join("x")}`, dtype: "f32", shape }) as const;
    const params = dogeOptions({});
    const warn = (experts: number, ...tensors: ReturnType<typeof of>[]) =>
      doge.warn?.(tensors, experts, params).map(({ details }) => details);
    expect(warn(3, of(6, 9), of(5), of(64, 6))).toEqual([]);
    expect(warn(3, of(6, 9), of(40, 5), of(4, 8))).toEqual([{ tensors: 2, first: "w40x5", side: 6 }]);
    expect(warn(8, of(7, 9))).toEqual([{ tensors: 1, first: "w7x9", side: 8 }]);
    expect(doge.warn?.([of(4, 8)], 3, { ...params, projection: "none" })).toEqual([]);
  });
});
