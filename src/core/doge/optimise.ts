/** Runs DOGE's steps on one layer. */
import type { Context } from "../context.ts";
import type { Kernels } from "../tensor/kernels.ts";
import { LayerProblem, type Projection } from "./layer.ts";
import type { Matrix } from "./strengths.ts";
import { sharedBasis } from "./subspace.ts";

export interface OptimiseOptions {
  readonly projection: Projection;
  /** The shared subspace has 1 / this of the layer's directions. */
  readonly subspace: number;
  readonly steps: number;
  readonly rate: number;
}

/** Steps between two chances to be cancelled. */
const BREATH = 4;

/** Returns the modification of a layer (rows × columns); progress is told in steps. */
export async function optimise(
  { rows, columns, taus }: Matrix,
  lambdas: readonly number[],
  { projection, subspace, steps, rate }: OptimiseOptions,
  kernels: Kernels,
  context: Context,
): Promise<Float32Array> {
  const basis =
    projection === "none" || steps === 0 ? undefined : sharedBasis(taus, rows, columns, subspace, kernels);
  const layer = { rows, columns, taus, lambdas, basis };
  const problem = new LayerProblem(layer, projection, kernels);
  const state = problem.start();
  while (state.steps < steps) {
    problem.step(state, rate);
    if (state.steps % BREATH === 0) {
      context.signal.throwIfAborted();
      context.progress(state.steps, steps);
      await context.breathe();
    }
  }
  return state.delta;
}
