/**
 * The steps of DOGE on one layer: Adam on modifications Δ of the merged task vector M, so that M stays close to each
 * expert's own in the direction that matters to it.
 *
 *   M = Σ λᵢ τᵢ + Σ cₘ Δₘ,   L = Σⱼ Σ_rows ( Σ_columns τⱼ ⊙ (τⱼ − M) )²
 *
 * All modifications share one gradient up to their coefficients: ∂L/∂Δₘ = cₘ G, G = −2 Σⱼ eⱼ τⱼ. What is in the shared
 * subspace of the task vectors (its columns' space) is taken off G, or all but that.
 * Source: arXiv:2501.01230, 3; tanganke/fusion_bench, method/doge_ta/doge_ta.py.
 */
import { matmul } from "../linalg/matmul.ts";

/** What does not change with the steps; arrays are read-only. */
export interface Descent {
  readonly rows: number;
  readonly columns: number;
  /** One per expert, rows × columns, row-major. */
  readonly taus: readonly Float32Array[];
  /** Experts × rows: Σ_columns τⱼ ⊙ (τⱼ − Σ λᵢ τᵢ). */
  readonly gaps: Float64Array;
  /** One per modification. */
  readonly coefficients: readonly number[];
  /** Orthonormal columns (rows × rank, row-major) of the shared subspace; absent = the gradient is not projected. */
  readonly basis?: Float32Array;
  /** Keep what is inside the subspace, not what is outside. */
  readonly isInside: boolean;
}

/** Where the optimisation stands: one array of rows × columns per modification, changed in place. */
export interface DescentState {
  readonly deltas: readonly Float32Array<ArrayBuffer>[];
  /** Adam's moments. */
  readonly first: readonly Float32Array<ArrayBuffer>[];
  readonly second: readonly Float32Array<ArrayBuffer>[];
  steps: number;
}

/** Adam's constants, as PyTorch has them. */
export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** What depends on the number of the step alone: the learning rate and √v's divisor, both corrected for Adam's start. */
export function stepScales(step: number, learningRate: number): readonly [rate: number, root: number] {
  return [learningRate / (1 - ADAM.beta1 ** step), Math.sqrt(1 - ADAM.beta2 ** step)];
}

/**
 * Takes so many steps and returns the loss before each. Products over columns are exact and summed in f64 as
 * tensor/kernels.ts lays down; everything else is f32, each operation rounded, sums over experts and modifications in
 * their order.
 */
export function descend(
  problem: Descent,
  state: DescentState,
  steps: number,
  learningRate: number,
): Float64Array<ArrayBuffer> {
  const { rows, columns, coefficients } = problem;
  const losses = new Float64Array(steps);
  const gradient = new Float32Array(rows * columns);
  for (let s = 0; s < steps; s++) {
    losses[s] = differentiate(problem, state.deltas, gradient);
    project(problem, gradient);
    state.steps++;
    const [rate, root] = stepScales(state.steps, learningRate).map(Math.fround);
    coefficients.forEach((coefficient, m) => {
      adam({ delta: state.deltas[m], first: state.first[m], second: state.second[m] }, gradient, {
        coefficient: Math.fround(coefficient),
        rate,
        root,
      });
    });
  }
  return losses;
}

/** Fills G, and returns the loss. */
export function differentiate(
  { rows, columns, taus, gaps, coefficients }: Descent,
  deltas: readonly Float32Array[],
  gradient: Float32Array,
): number {
  const scales = coefficients.map(Math.fround);
  const change = new Float32Array(columns);
  let loss = 0;
  gradient.fill(0);
  for (let r = 0, begin = 0; r < rows; r++, begin += columns) {
    change.fill(0);
    for (let m = 0; m < deltas.length; m++) addScaled(change, 0, deltas[m], begin, columns, scales[m]);
    for (let j = 0; j < taus.length; j++) {
      const error = gaps[j * rows + r] - dot(taus[j], begin, change, columns);
      loss += error * error;
      addScaled(gradient, begin, taus[j], begin, columns, Math.fround(-2 * error));
    }
  }
  return loss;
}

/** g − Q Qᵀ g, or Q Qᵀ g: never builds the projector. */
export function project({ rows, columns, basis, isInside }: Descent, gradient: Float32Array): void {
  if (!basis) return;
  const rank = basis.length / rows;
  const coordinates = new Float32Array(rank * columns);
  const inside = new Float32Array(gradient.length);
  const q = { data: basis, rows, columns: rank };
  matmul(coordinates, { ...q, transposed: true }, { data: gradient, rows, columns });
  matmul(inside, q, { data: coordinates, rows: rank, columns });
  for (let i = 0; i < gradient.length; i++) gradient[i] = isInside ? inside[i] : gradient[i] - inside[i];
}

const BETA1 = Math.fround(ADAM.beta1);
const BETA2 = Math.fround(ADAM.beta2);
const REST1 = Math.fround(1 - ADAM.beta1);
const REST2 = Math.fround(1 - ADAM.beta2);
const EPSILON = Math.fround(ADAM.epsilon);
const { fround } = Math;

interface Moving {
  readonly delta: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/** Δ −= rate · m / (√v / root + ε), as PyTorch's Adam. */
function adam(
  { delta, first, second }: Moving,
  gradient: Float32Array,
  { coefficient, rate, root }: { readonly coefficient: number; readonly rate: number; readonly root: number },
): void {
  for (let i = 0; i < delta.length; i++) {
    const g = fround(coefficient * gradient[i]);
    const m = fround(fround(BETA1 * first[i]) + fround(REST1 * g));
    const v = fround(fround(BETA2 * second[i]) + fround(fround(REST2 * g) * g));
    first[i] = m;
    second[i] = v;
    delta[i] -= fround(fround(rate * m) / fround(fround(fround(Math.sqrt(v)) / root) + EPSILON));
  }
}

/** out[at + i] += scale · x[begin + i], product and sum rounded. */
function addScaled(
  out: Float32Array,
  at: number,
  x: Float32Array,
  begin: number,
  count: number,
  scale: number,
): void {
  for (let i = 0; i < count; i++) out[at + i] += fround(scale * x[begin + i]);
}

/** Σ x · y over one row, in f64: four partial sums by i mod 4. */
export function dot(x: Float32Array, begin: number, y: Float32Array, count: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const whole = count & ~3;
  for (let i = 0; i < whole; i += 4) {
    s0 += x[begin + i] * y[i];
    s1 += x[begin + i + 1] * y[i + 1];
    s2 += x[begin + i + 2] * y[i + 2];
    s3 += x[begin + i + 3] * y[i + 3];
  }
  if (whole < count) s0 += x[begin + whole] * y[whole];
  if (whole + 1 < count) s1 += x[begin + whole + 1] * y[whole + 1];
  if (whole + 2 < count) s2 += x[begin + whole + 2] * y[whole + 2];
  return s0 + s1 + (s2 + s3);
}
