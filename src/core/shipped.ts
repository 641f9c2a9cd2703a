/** What a zoo ships beside its weights, so that the first charts are there before any worker answers. */
import type { PairedComparison, Proportion, RetentionReport } from "./eval/report.ts";
import type { Recipe } from "./recipe/schema.ts";
import type { LibraryCard, MergeSummary, TensorStats } from "./summary.ts";

/** `results.json` of a zoo family; written by `zoo/measure.ts` with the code that the page runs. */
export interface ShippedResults {
  readonly version: 1;
  readonly library: LibraryCard;
  readonly recipe: Recipe;
  readonly summary: MergeSummary;
  readonly stats: readonly TensorStats[];
  /** The recipe on all of validation. */
  readonly report: RetentionReport;
  /** The recipe against the simple average of the same experts, on the same examples. */
  readonly againstAverage: readonly PairedComparison[];
  /** Each expert alone on validation, by expert id and step. */
  readonly own: Readonly<Record<string, Readonly<Record<number, Proportion>>>>;
  /** The recipe with all experts at each step, on validation. */
  readonly steps: readonly { readonly step: number; readonly tasks: Readonly<Record<string, Proportion>> }[];
}

/** The preset that a new project starts with: per-tensor drop rates are on screen from the first minute. */
export const FIRST_PRESET = "tadrop-task-arithmetic";
