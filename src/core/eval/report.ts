/** The numbers that the page shows of a merge. Every one carries its n and a 95 % interval. */

import type { OutputKind } from "../methods/method.ts";

/** k successes of n with its Wilson 95 % interval, 0…1; n = 0 gives low 0, high 1. */
export interface Proportion {
  readonly k: number;
  readonly n: number;
  readonly low: number;
  readonly high: number;
}

/** A derived number (a ratio, a mean over tasks) with its paired bootstrap 95 % interval; n = examples behind it. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

export type Split = "validation" | "test";
/** quick: first 256 per task of validation. full: the whole split. */
export type Subset = "quick" | "full";
/** What hard means: highest EL2N within task and split, or learned late along the expert's own training. */
export type HardKind = "el2n" | "late";

export interface HardOptions {
  readonly kind: HardKind;
  /** Share of the split called hard under "el2n"; default 0.1. */
  readonly fraction: number;
  /** First step that counts as late under "late"; default 640. */
  readonly lateStep: number;
}

/** Who else was measured on the same examples; what has not been measured yet is absent. */
export interface References {
  readonly base?: Proportion;
  /** The simple average of the recipe's experts at the recipe's stop steps. */
  readonly average?: Proportion;
  /** The expert's last checkpoint, whatever the recipe's stop step. */
  readonly expert?: Proportion;
}

export interface DifficultyBin {
  /** 0…1 quantiles of difficulty, easiest first. */
  readonly from: number;
  readonly to: number;
  /** P(merged right | reference right) inside the bin. */
  readonly retention: Proportion;
  /** Accuracy of merged and of the reference inside the bin. */
  readonly merged: Proportion;
  readonly expert: Proportion;
}

export interface TaskReport {
  readonly task: string;
  readonly n: number;
  /** Accuracy of guessing, 1 / classes. */
  readonly chance: number;
  readonly merged: Proportion;
  readonly references: References;
  /** P(merged right | reference right). */
  readonly retention?: Proportion;
  /** merged ÷ reference accuracy. */
  readonly normalised?: Estimate;
  /** Retention on the hard examples, and on the easier half. */
  readonly hard?: Proportion;
  readonly easy?: Proportion;
  /** Deciles where n ≥ 1,000, else halves. */
  readonly bins?: readonly DifficultyBin[];
}

/** Means over tasks, each task with equal weight; intervals by bootstrap within tasks. */
export interface MeanReport {
  readonly merged: Estimate;
  readonly base?: Estimate;
  readonly average?: Estimate;
  readonly expert?: Estimate;
  readonly retention?: Estimate;
  readonly normalised?: Estimate;
  readonly hard?: Estimate;
  /** Tasks that the last three are means over; absent where that is all of them. */
  readonly withReference?: number;
}

export interface RetentionReport {
  readonly recipeKey: string;
  readonly suite: string;
  readonly split: Split;
  readonly subset: Subset;
  /**
   * "per-task": each task was measured with its own merged model; "routed": one model for all, in which every input
   * chooses among experts. Never compare either silently with "single".
   */
  readonly output: OutputKind;
  readonly hard: HardOptions;
  readonly tasks: readonly TaskReport[];
  readonly mean: MeanReport;
}

/** Paired comparison of two recipes on the same examples of one task. */
export interface PairedComparison {
  readonly task: string;
  readonly n: number;
  /** Right now and wrong under the other, and the reverse. */
  readonly won: number;
  readonly lost: number;
  /** Exact McNemar, two-sided. */
  readonly p: number;
}

/** One example that an edit won or lost. */
export interface Flip {
  readonly task: string;
  readonly row: number;
  readonly kind: "won" | "lost";
  readonly label: string;
  readonly before: string;
  readonly after: string;
  /** Absent where nobody has measured it. */
  readonly el2n?: number;
  readonly example: ShownExample;
}

/** An example as a person sees it. */
export type ShownExample =
  /** u8, channels (1 or 3) × height × width. */
  | {
      readonly kind: "image";
      readonly pixels: Uint8Array<ArrayBuffer>;
      readonly shape: readonly [channels: number, height: number, width: number];
    }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "values"; readonly values: readonly number[] };
