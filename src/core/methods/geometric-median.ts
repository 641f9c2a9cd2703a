/** Geometric median: the point with the smallest sum of distances to the experts, tensor by tensor. */
import { z } from "zod";
import type { Kernels } from "../tensor/kernels.ts";
import { defineMethod } from "./method.ts";
import { shares } from "./shares.ts";

const params = z.object({
  steps: z.int().min(1).max(200).default(50).meta({
    label: "Steps",
    help: "Weiszfeld steps at most; it stops earlier when the weights no longer move.",
    advanced: true,
  }),
});

/** Steps end when no expert's share moves by more; pulls that differ by less are equal. */
const STILL = 1e-9;

export const geometricMedian = defineMethod<z.infer<typeof params>>({
  id: "geometric-median",
  label: "Geometric median",
  summary: "An average that an expert far from the others can pull only so much.",
  formula: String.raw`\theta = \arg\min_x \sum_t w_t\,\lVert x - \theta_t \rVert_2`,
  source: {
    paper: "doi:10.1007/s10479-008-0352-z",
    section: "Weiszfeld's algorithm",
    deviations: [
      "Found per tensor, by Weiszfeld steps on the experts' shares; a median that is an expert itself is returned as it is.",
      "Negative weights count as zero; where none is positive, the experts count alike.",
    ],
  },
  space: "weight",
  output: "single",
  lambda: "none",
  params,
  revision: 2,

  merge({ rows, weights, out, base }, { steps }, _state, kernels) {
    const positive = weights.map((weight) => Math.max(0, weight));
    const own = positive.some((weight) => weight > 0) ? positive : weights.map(() => 1);
    kernels.weightedSum(out[0], rows, medianShares(gramOf(rows, base, kernels), own, steps));
  },
});

/** Inner products of the experts' distances from the base: differences of weights lose too many digits. */
function gramOf(rows: readonly Float32Array[], base: Float32Array, kernels: Kernels): Float64Array {
  const deltas = rows.map((row) => {
    const delta = kernels.alloc(row.length);
    kernels.delta(delta, row, base);
    return delta;
  });
  return kernels.gram(deltas);
}

/** The median as shares of the experts (they add up to 1), from inner products alone. */
function medianShares(gram: Float64Array, weights: readonly number[], steps: number): readonly number[] {
  const n = weights.length;
  const alone = (at: number) => weights.map((_, k) => (k === at ? 1 : 0));
  const excess = weights.map((weight, k) => (weight > 0 ? excessPull(gram, weights, k, n) : Infinity));
  // Steps come near an expert that is the median, but never quite there.
  const median = excess.findIndex((value) => value < -STILL);
  if (median >= 0) return alone(median);
  let share = shares(weights);
  for (let step = 0; step < steps; step++) {
    const distances = weights.map((_, k) => Math.sqrt(Math.max(0, squaredDistance(gram, share, k, n))));
    const at = distances.findIndex((distance, k) => distance === 0 && excess[k] <= STILL);
    if (at >= 0) return alone(at);
    const next = shares(weights.map((weight, k) => (distances[k] === 0 ? 0 : weight / distances[k])));
    const moved = Math.max(...next.map((value, k) => Math.abs(value - share[k])));
    if (!next.every(Number.isFinite) || next.every((value) => value === 0)) return share;
    share = next;
    if (moved < STILL) break;
  }
  return share;
}

/** ‖Σ share τ − τ_k‖². */
function squaredDistance(gram: Float64Array, share: readonly number[], k: number, n: number): number {
  let sum = gram[k * n + k];
  for (let a = 0; a < n; a++) {
    sum -= 2 * share[a] * gram[a * n + k];
    for (let b = 0; b < n; b++) sum += share[a] * share[b] * gram[a * n + b];
  }
  return sum;
}

/**
 * How much more the others' unit pulls at expert k add up to than the weight of all who stand there: below 0 it alone is
 * the median, at 0 it is one of several.
 */
function excessPull(gram: Float64Array, weights: readonly number[], k: number, n: number): number {
  let own = 0;
  const unit = weights.map((weight, a) => {
    const distance = Math.sqrt(Math.max(0, gram[a * n + a] + gram[k * n + k] - 2 * gram[a * n + k]));
    if (distance === 0) own += weight;
    return distance === 0 ? 0 : weight / distance;
  });
  const total = unit.reduce((sum, value) => sum + value, 0);
  const pull = unit.map((value, a) => (a === k ? -total : value));
  let length = 0;
  for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) length += pull[a] * pull[b] * gram[a * n + b];
  return Math.sqrt(Math.max(0, length)) - own;
}
