/**
 * DOGE on one layer: Adam on a modification Δ that all experts share, so that the merged task vector M stays close to
 * each expert's own in the direction that matters to it.
 *
 *   M = Σ λᵢ τᵢ + (Σ λᵢ) Δ,   L = Σⱼ Σ_rows ( Σ_columns τⱼ ⊙ (τⱼ − M) )²
 *
 * The gradient is taken off the shared subspace of the task vectors (its columns' space) before each step.
 * Source: arXiv:2501.01230, 3; tanganke/fusion_bench, method/doge_ta/doge_ta.py.
 */
import type { Kernels } from "../tensor/kernels.ts";

export interface Layer {
  readonly rows: number;
  readonly columns: number;
  /** One per expert, rows × columns, row-major. Read-only. */
  readonly taus: readonly Float32Array[];
  readonly lambdas: readonly number[];
  /** Orthonormal columns (rows × rank) of the shared subspace; undefined = not constrained. */
  readonly basis: Float32Array | undefined;
}

/** Which part of the gradient moves Δ: what is outside the shared subspace (the official code), inside it, or all. */
export type Projection = "complement" | "inside" | "none";

/** Where the optimisation of a layer stands; arrays of rows × columns. */
export interface LayerState {
  readonly delta: Float32Array<ArrayBuffer>;
  readonly first: Float32Array<ArrayBuffer>;
  readonly second: Float32Array<ArrayBuffer>;
  steps: number;
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** One layer ready for steps: what of the loss does not depend on Δ is computed once. */
export class LayerProblem {
  readonly #layer: Layer;
  readonly #kernels: Kernels;
  readonly #projection: Projection;
  readonly #lambda: number;
  /** T × rows: Σ_columns τⱼ ⊙ (τⱼ − Σ λᵢ τᵢ). */
  readonly #gaps: Float64Array;
  readonly #gradient: Float32Array<ArrayBuffer>;

  constructor(layer: Layer, projection: Projection, kernels: Kernels) {
    this.#layer = layer;
    this.#kernels = kernels;
    this.#projection = layer.basis && layer.basis.length > 0 ? projection : "none";
    this.#lambda = layer.lambdas.reduce((sum, value) => sum + value, 0);
    const mix = kernels.alloc(layer.taus[0].length);
    kernels.weightedSum(mix, layer.taus, layer.lambdas);
    this.#gaps = gapsOf(layer, mix);
    this.#gradient = kernels.alloc(mix.length);
  }

  start(): LayerState {
    const alloc = () => this.#kernels.alloc(this.#gradient.length);
    return { delta: alloc(), first: alloc(), second: alloc(), steps: 0 };
  }

  /** One Adam step. Returns the loss before it. */
  step(state: LayerState, learningRate: number): number {
    const loss = this.#differentiate(state.delta);
    this.#project();
    adam(state, this.#gradient, learningRate);
    return loss;
  }

  /** Loss and projected gradient at Δ, for checks; the gradient is the problem's own array. */
  evaluate(delta: Float32Array): { readonly loss: number; readonly gradient: Float32Array } {
    const loss = this.#differentiate(delta);
    this.#project();
    return { loss, gradient: this.#gradient };
  }

  /** Fills the gradient: row by row, each expert adds −2 e τ Σλ. */
  #differentiate(delta: Float32Array): number {
    const { rows, columns, taus } = this.#layer;
    const gradient = this.#gradient;
    gradient.fill(0);
    let loss = 0;
    for (let j = 0; j < taus.length; j++) {
      const tau = taus[j];
      for (let r = 0, begin = 0; r < rows; r++, begin += columns) {
        const error = this.#gaps[j * rows + r] - this.#lambda * dot(tau, delta, begin, columns);
        loss += error * error;
        const factor = -2 * error * this.#lambda;
        for (let i = begin, end = begin + columns; i < end; i++) gradient[i] += factor * tau[i];
      }
    }
    return loss;
  }

  /** g − Q Qᵀ g, Q Qᵀ g, or g: never builds the projector. */
  #project(): void {
    const { rows, columns, basis } = this.#layer;
    if (this.#projection === "none" || !basis) return;
    const rank = basis.length / rows;
    const data = this.#gradient;
    const coordinates = this.#kernels.alloc(rank * columns);
    const inside = this.#kernels.alloc(data.length);
    const q = { data: basis, rows, columns: rank };
    this.#kernels.matmul(coordinates, { ...q, transposed: true }, { data, rows, columns });
    this.#kernels.matmul(inside, q, { data: coordinates, rows: rank, columns });
    if (this.#projection === "inside") data.set(inside);
    else this.#kernels.delta(data, data, inside);
  }
}

function gapsOf({ rows, columns, taus }: Layer, mix: Float32Array): Float64Array {
  const gaps = new Float64Array(taus.length * rows);
  taus.forEach((tau, j) => {
    for (let r = 0; r < rows; r++) {
      const begin = r * columns;
      gaps[j * rows + r] = dot(tau, tau, begin, columns) - dot(tau, mix, begin, columns);
    }
  });
  return gaps;
}

/** PyTorch's Adam; moments are stored in f32. */
function adam(state: LayerState, gradient: Float32Array, learningRate: number): void {
  const { delta, first, second } = state;
  state.steps++;
  const rate = learningRate / (1 - BETA1 ** state.steps);
  const root = Math.sqrt(1 - BETA2 ** state.steps);
  for (let i = 0; i < delta.length; i++) {
    const g = gradient[i];
    const m = BETA1 * first[i] + (1 - BETA1) * g;
    const v = BETA2 * second[i] + (1 - BETA2) * g * g;
    first[i] = m;
    second[i] = v;
    delta[i] -= (rate * m) / (Math.sqrt(v) / root + EPSILON);
  }
}

/** Σ a · b over one row, in f64. */
function dot(a: Float32Array, b: Float32Array, begin: number, count: number): number {
  let s0 = 0;
  let s1 = 0;
  const end = begin + count;
  let i = begin;
  for (; i + 1 < end; i += 2) {
    s0 += a[i] * b[i];
    s1 += a[i + 1] * b[i + 1];
  }
  if (i < end) s0 += a[i] * b[i];
  return s0 + s1;
}
