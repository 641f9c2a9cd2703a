import { describe, expect, it } from "vitest";
import { twin } from "../tensor/twin.ts";
import { LayerProblem } from "./layer.ts";
import { energyInside, sharedBasis } from "./subspace.ts";

const f32 = (...values: number[]) => Float32Array.from(values);
/** The worked example of the method's notes: τ₁ = I, τ₂ = [[1, 1], [0, 0]], η = .07. */
const tiny = [f32(1, 0, 0, 1), f32(1, 1, 0, 0)];
const lambdas = tiny.map((tau) => 0.07 / Math.sqrt(twin.norms(tau).energy));

function wave(n: number, seed: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: n }, (_, i) => Math.sin(1 + i * 0.7 + seed * 1.3) / 10);
}

describe("DOGE on one layer", () => {
  it("gives the worked example's λ, loss and projected gradient", () => {
    expect(lambdas).toBeAllclose([0.049497, 0.049497], { rtol: 0, atol: 5e-7 });
    const basis = sharedBasis(tiny, 2, 2, 2, twin);
    expect([...basis].map(Math.abs)).toBeAllclose([1, 0], { rtol: 0, atol: 1e-7 });
    const layer = { rows: 2, columns: 2, taus: tiny, lambdas, basis };
    const free = new LayerProblem(layer, "none", twin).evaluate(new Float32Array(4));
    expect(free.loss).toBeCloseTo(5.143345, 5);
    expect([...free.gradient]).toBeAllclose([-0.54497, -0.36658, 0, -0.18819], { rtol: 0, atol: 5e-6 });
    const bound = new LayerProblem(layer, "complement", twin).evaluate(new Float32Array(4));
    expect([...bound.gradient]).toBeAllclose([0, 0, 0, -0.18819], { rtol: 0, atol: 5e-6 });
    const inside = new LayerProblem(layer, "inside", twin).evaluate(new Float32Array(4));
    expect([...inside.gradient]).toBeAllclose([-0.54497, -0.36658, 0, 0], { rtol: 0, atol: 5e-6 });
  });

  it("has the gradient of its loss", () => {
    const taus = [wave(12 * 8, 1), wave(12 * 8, 2), wave(12 * 8, 3)];
    const layer = { rows: 12, columns: 8, taus, lambdas: [0.3, 0.2, 0.4], basis: undefined };
    const problem = new LayerProblem(layer, "none", twin);
    const at = wave(96, 9);
    const gradient = problem.evaluate(at).gradient.slice();
    for (const i of [0, 17, 95]) {
      const h = 1e-2;
      const moved = (by: number) => at.map((value, j) => (j === i ? value + by : value));
      const slope = (problem.evaluate(moved(h)).loss - problem.evaluate(moved(-h)).loss) / (2 * h);
      expect([slope]).toBeAllclose([gradient[i]], { rtol: 1e-3, atol: 1e-6 });
    }
  });

  it("lowers the loss and never moves Δ into the shared subspace", () => {
    const taus = [wave(24 * 18, 1), wave(24 * 18, 2)];
    const basis = sharedBasis(taus, 24, 18, 6, twin);
    const problem = new LayerProblem(
      { rows: 24, columns: 18, taus, lambdas: [0.3, 0.3], basis },
      "complement",
      twin,
    );
    const state = problem.start();
    const losses = Array.from({ length: 60 }, () => problem.step(state, 1e-3));
    expect(losses.at(-1)).toBeLessThan(losses[0]);
    // Adam scales entries apart, so Δ itself strays; the gradient does not.
    const { gradient } = problem.evaluate(state.delta);
    expect(energyInside(basis, gradient, 24, 18, twin)).toBeLessThan(1e-6);
  });

  it("is not constrained where the subspace has no room", () => {
    expect(sharedBasis([wave(8, 1), wave(8, 2)], 4, 2, 6, twin)).toHaveLength(0);
    expect(
      sharedBasis(
        [1, 2, 3].map((seed) => wave(4, seed)),
        2,
        2,
        1,
        twin,
      ),
    ).toHaveLength(0);
  });
});
