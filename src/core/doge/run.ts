/**
 * DOGE's optimisation of a whole model: every layer by itself, all in step, so that a step has one loss. The number of
 * steps is open: n steps and m more are, bit for bit, n + m.
 */
import type { Context } from "../context.ts";
import type { Kernels } from "../tensor/kernels.ts";
import { type Descent, type DescentState, dot } from "./descend.ts";
import type { Matrix } from "./layers.ts";
import { lambdasOf, type StrengthOptions } from "./strengths.ts";
import { energyInside, sharedBasis } from "./subspace.ts";

/** Which part of the gradient moves Δ: what is outside the shared subspace (the official code), inside it, or all. */
export type Projection = "complement" | "inside" | "none";

export interface DogeOptions extends StrengthOptions {
  readonly projection: Projection;
  /** The shared subspace has 1 / this of a layer's directions; with a modification per expert, 1 / experts. */
  readonly subspace: number;
  /** Adam's learning rate. */
  readonly rate: number;
  /** One modification that all experts share (DOGE TA), or one for each (DOGE AM). */
  readonly modification: "shared" | "expert";
}

/** What is known of a layer before the first step. */
export interface LayerReport {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** Directions of the shared subspace; 0 = nothing is constrained. */
  readonly rank: number;
  /** Share of each expert's energy inside the subspace, 0…1. */
  readonly energy: readonly number[];
  /** How strongly each expert's change is taken. */
  readonly lambdas: readonly number[];
}

/** Where a layer's first modification stands. */
export interface DeltaReport {
  readonly name: string;
  /** ‖Δ‖ of all entries. */
  readonly length: number;
  /**
   * Share of its energy inside the shared subspace, 0…1; 0 where there is none. Gradients have none of it or
   * nothing else, but Adam divides each entry by its own scale, so the modification keeps to that only in part.
   */
  readonly inside: number;
}

export interface DogeRun {
  readonly layers: readonly LayerReport[];
  /** Steps taken. */
  readonly step: number;
  /** Loss before each step taken, summed over the layers. */
  readonly losses: readonly number[];
  /**
   * Goes on until every layer has taken so many steps, at least `step`. What is cancelled between two layers is made up
   * for by the next call. @throws the context's reason when cancelled
   */
  advanceTo(step: number, context: Context): Promise<void>;
  /** Modifications by layer, one or one per expert; lent until the run goes on. */
  deltas(): ReadonlyMap<string, readonly Float32Array<ArrayBuffer>[]>;
  /** Measures the modifications as they stand, which takes about half a step. @throws Error as deltas */
  report(): readonly DeltaReport[];
  /** What the run holds beside the task vectors. */
  readonly bytes: number;
}

interface Layer extends LayerReport {
  /** Of the shared subspace, whether or not it binds. */
  readonly basis: Float32Array;
  readonly problem: Descent;
  readonly state: DescentState;
  /** Loss before each of its own steps. */
  readonly losses: number[];
}

/** Finds strengths and shared subspaces; progress is told in layers. @throws the context's reason when cancelled */
export async function openDoge(
  matrices: readonly Matrix[],
  options: DogeOptions,
  kernels: Kernels,
  context: Context,
): Promise<DogeRun> {
  const strengths = lambdasOf(matrices, options, kernels);
  const layers: Layer[] = [];
  for (const [l, matrix] of matrices.entries()) {
    context.signal.throwIfAborted();
    context.progress(l, matrices.length);
    await context.breathe();
    layers.push(await openLayer(matrix, strengths[l], options, kernels, context));
  }
  context.progress(matrices.length, matrices.length);
  return runOf(layers, options.rate, kernels);
}

function runOf(layers: readonly Layer[], rate: number, kernels: Kernels): DogeRun {
  const taken = () => layers.map(({ state }) => state.steps);
  const deltas = () => {
    if (new Set(taken()).size > 1) throw new Error("layers stand at different steps");
    return new Map(layers.map(({ name, state }) => [name, state.deltas] as const));
  };
  return {
    layers,
    get step() {
      return Math.max(0, ...taken());
    },
    get losses() {
      const shared = layers.length === 0 ? 0 : Math.min(...taken());
      return Array.from({ length: shared }, (_, s) => layers.reduce((sum, { losses }) => sum + losses[s], 0));
    },
    async advanceTo(step, context) {
      for (const { problem, state, losses } of layers) {
        if (state.steps > step) throw new Error(`${state.steps} steps are taken, ${step} were asked for`);
        if (state.steps === step) continue;
        context.signal.throwIfAborted();
        await context.breathe();
        losses.push(...kernels.descend(problem, state, step - state.steps, rate));
      }
    },
    deltas,
    report: () =>
      [...deltas()].map(([name, [delta]], l) => {
        const { rows, columns, basis } = layers[l];
        const length = Math.sqrt(kernels.norms(delta).energy);
        return { name, length, inside: energyInside(basis, delta, rows, columns, kernels) };
      }),
    bytes: layers.reduce((sum, { problem, state }) => sum + bytesOf(problem, state), 0),
  };
}

async function openLayer(
  matrix: Matrix,
  lambdas: readonly number[],
  options: DogeOptions,
  kernels: Kernels,
  context: Context,
): Promise<Layer> {
  const { name, rows, columns, taus } = matrix;
  const { projection, modification } = options;
  const divisor = modification === "expert" ? taus.length : options.subspace;
  const basis = await sharedBasis(taus, rows, columns, divisor, kernels, context);
  const isBound = projection !== "none" && basis.length > 0;
  const coefficients = modification === "expert" ? lambdas : [lambdas.reduce((sum, value) => sum + value, 0)];
  const mix = kernels.alloc(rows * columns);
  kernels.weightedSum(mix, taus, lambdas);
  const gaps = gapsOf(matrix, mix);
  const arrays = () => coefficients.map(() => new Float32Array(rows * columns));
  return {
    name,
    rows,
    columns,
    rank: basis.length / rows,
    energy: taus.map((tau) => energyInside(basis, tau, rows, columns, kernels)),
    lambdas,
    basis,
    problem: {
      rows,
      columns,
      taus,
      gaps,
      coefficients,
      isInside: projection === "inside",
      ...(isBound && { basis }),
    },
    state: { deltas: arrays(), first: arrays(), second: arrays(), steps: 0 },
    losses: [],
  };
}

/** Σ_columns τⱼ ⊙ (τⱼ − M₀), by expert and row: what of the loss's errors does not depend on Δ. */
function gapsOf({ rows, columns, taus }: Matrix, mix: Float32Array): Float64Array {
  const gaps = new Float64Array(taus.length * rows);
  taus.forEach((tau, j) => {
    for (let r = 0; r < rows; r++) {
      const begin = r * columns;
      const row = tau.subarray(begin, begin + columns);
      gaps[j * rows + r] = dot(tau, begin, row, columns) - dot(mix, begin, row, columns);
    }
  });
  return gaps;
}

function bytesOf({ basis, gaps }: Descent, { deltas }: DescentState): number {
  const moments = 3 * deltas.reduce((sum, delta) => sum + delta.byteLength, 0);
  return moments + gaps.byteLength + (basis?.byteLength ?? 0);
}
