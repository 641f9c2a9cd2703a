/** Mask logits S: their step, and the masks that they end in. The soft mask itself is train/mask-logits.ts. */
import type { WeightValues } from "../train/gradients.ts";
import { sigmoid } from "../train/mask-logits.ts";
import { chosen, largest, type Mask, sizeOfAll } from "./mask.ts";

export interface LogitStep {
  /** Step per unit of the gradient. */
  readonly rate: number;
  /** λ: not multiplied by the rate, as in the official code. */
  readonly strength: number;
  /** Which way the regulariser pushes: all logits down, or each to its own side. */
  readonly regulariser: "paper" | "official";
}

/**
 * Moves logits in place by one step: S ← S − rate · gradient − regulariser.
 *
 * @param gradient of the loss by the logits: (G ⊙ τ) ⊙ σ′(S)
 * Source: arXiv:2408.13656 §3 ("paper": − λσ′ everywhere); localize_utils.py ("official": + λσ′ where S > 0)
 */
export function applyStep(logits: Float32Array, gradient: ArrayLike<number>, step: LogitStep): void {
  const { rate, strength, regulariser } = step;
  for (let i = 0; i < logits.length; i++) {
    const soft = sigmoid(logits[i]);
    const sign = regulariser === "official" && logits[i] > 0 ? 1 : -1;
    logits[i] += sign * strength * soft * (1 - soft) - rate * gradient[i];
  }
}

/** Marks the positive logits; of more than `limit` only the largest, ties at the lower index. */
export function maskOf(logits: WeightValues, limit = Number.POSITIVE_INFINITY): Mask {
  const positive: Mask = new Map(
    [...logits].map(([name, values]) => [name, Uint8Array.from(values, (value) => (value > 0 ? 1 : 0))]),
  );
  return chosen(positive) <= limit ? positive : strongest(logits, limit);
}

/** Marks the k largest logits, whatever their sign. */
export function strongest(logits: WeightValues, k: number): Mask {
  let least = Number.POSITIVE_INFINITY;
  for (const values of logits.values())
    for (let i = 0; i < values.length; i++) least = Math.min(least, values[i]);
  const aboveLeast = new Map(
    [...logits].map(([name, values]) => [name, values.map((value) => value - least)]),
  );
  return largest(aboveLeast, Math.min(k, sizeOfAll(logits)));
}
