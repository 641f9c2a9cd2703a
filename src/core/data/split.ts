/** Splits labelled examples into few-shot, validation and test, class by class, by a seed. */
import { coin, coinKey } from "../random.ts";
import type { Part } from "./raw-examples.ts";

export interface Splits {
  /** Positions among the examples, each at most once over the three that follow. */
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
  /** The part of `train` that is used where a few examples of each class are enough. */
  readonly fewShot: Uint32Array;
}

/** Sizes as a zoo's: few-shot per class, the others in all. */
const MAX_FEW_SHOT = 64;
const MAX_VALIDATION = 1000;
const MAX_TEST = 2000;

/**
 * What examples without a training part of their own are mainly for. Those that come with models are to measure them:
 * a fifth of each class is for training. Those that come alone are a task to learn: half.
 */
export type SplitPurpose = "measure" | "learn";

/**
 * Returns the splits, each in an order in which every beginning holds the classes in proportion.
 *
 * Where some examples were meant for training and others not, training takes the first, and the rest goes half and half
 * to validation and test. Otherwise training takes its share of each class (when learning is the purpose, one example
 * at least), and what the largest validation and test splits leave over.
 */
export function splitExamples(
  classes: Uint8Array,
  parts: readonly (Part | undefined)[],
  seed: number,
  task: string,
  purpose: SplitPurpose = "measure",
): Splits {
  const isParted = parts.includes("train") && parts.some((part) => part !== "train");
  const lists = shuffledByClass(classes, seed, task).map((rows) => {
    const own = isParted
      ? rows.filter((row) => parts[row] === "train")
      : rows.slice(0, trainingCount(rows.length, purpose));
    const rest = isParted ? rows.filter((row) => parts[row] !== "train") : rows.slice(own.length);
    const half = Math.ceil(rest.length / 2);
    return { own, seen: rest.slice(0, half), held: rest.slice(half) };
  });
  const validation = interleaved(lists.map(({ seen }) => seen)).slice(0, MAX_VALIDATION);
  const test = interleaved(lists.map(({ held }) => held)).slice(0, MAX_TEST);
  const taken = new Set([...validation, ...test]);
  const spare = (rows: readonly number[]) => (isParted ? [] : rows.filter((row) => !taken.has(row)));
  return {
    train: interleaved(lists.map(({ own, seen, held }) => [...own, ...spare(seen), ...spare(held)])),
    validation,
    test,
    fewShot: interleaved(lists.map(({ own }) => own.slice(0, MAX_FEW_SHOT))),
  };
}

/** How many of a class's n examples train. */
function trainingCount(n: number, purpose: SplitPurpose): number {
  return purpose === "learn" ? Math.ceil(n / 2) : Math.min(MAX_FEW_SHOT, Math.floor(n / 5));
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
