/** Splits labelled examples into few-shot, validation and test, class by class, by a seed. */
import { coin, coinKey } from "../random.ts";
import type { Part } from "./raw-examples.ts";

export interface Splits {
  /** Positions among the examples, each at most once over all three. */
  readonly fewShot: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

/** Sizes as a zoo's: few-shot per class, the others in all. */
const MAX_FEW_SHOT = 64;
const MAX_VALIDATION = 1000;
const MAX_TEST = 2000;
/** Of a class without a training part of its own. */
const FEW_SHOT_SHARE = 0.2;

/**
 * Returns the splits, each in an order in which every beginning holds the classes in proportion.
 *
 * Where some examples were meant for training and others not, the few shots come from the first and the rest from the
 * second; otherwise a fifth of each class (at most 64) is few-shot, and the rest goes half and half.
 */
export function splitExamples(
  classes: Uint8Array,
  parts: readonly (Part | undefined)[],
  seed: number,
  task: string,
): Splits {
  const isParted = parts.includes("train") && parts.some((part) => part !== "train");
  const fewShot: number[][] = [];
  const validation: number[][] = [];
  const test: number[][] = [];
  for (const rows of shuffledByClass(classes, seed, task)) {
    const forTraining = isParted ? rows.filter((row) => parts[row] === "train") : rows;
    const few = isParted
      ? forTraining.slice(0, MAX_FEW_SHOT)
      : rows.slice(0, Math.min(MAX_FEW_SHOT, Math.floor(FEW_SHOT_SHARE * rows.length)));
    const rest = isParted ? rows.filter((row) => parts[row] !== "train") : rows.slice(few.length);
    const half = Math.ceil(rest.length / 2);
    fewShot.push(few);
    validation.push(rest.slice(0, half));
    test.push(rest.slice(half));
  }
  return {
    fewShot: interleaved(fewShot),
    validation: interleaved(validation).slice(0, MAX_VALIDATION),
    test: interleaved(test).slice(0, MAX_TEST),
  };
}

/** Each class's rows in an order that depends on seed, task and row only. */
function shuffledByClass(classes: Uint8Array, seed: number, task: string): readonly number[][] {
  const key = coinKey(seed, task, "split");
  const byClass: number[][] = [];
  for (const [row, label] of classes.entries()) {
    byClass[label] ??= [];
    byClass[label].push(row);
  }
  const drawn = Uint32Array.from(classes, (_, row) => coin(key, row));
  return byClass
    .filter((rows) => rows !== undefined)
    .map((rows) => rows.sort((a, b) => drawn[a] - drawn[b] || a - b));
}

/** One list in which the k-th of a class of n stands at (k + ½) / n; equal places by class. */
function interleaved(lists: readonly (readonly number[])[]): Uint32Array {
  const placed = lists.flatMap((rows) => rows.map((row, k) => ({ row, place: (k + 0.5) / rows.length })));
  // The sort is stable, and the lists come in the classes' order.
  return Uint32Array.from(placed.sort((a, b) => a.place - b.place).map(({ row }) => row));
}
