/** Predictions that are still known: of recipes seen lately, and of the suite's baselines. */
import type { Predictions } from "./metrics.ts";
import type { RetentionReport, Split } from "./report.ts";

/** Which arithmetic made them: constant weights are folded and packed, so logits differ in the last bits. */
export type SessionKind = "inputs" | "external";

export interface Known {
  readonly predictions: Predictions;
  readonly session: SessionKind;
  /** Whether the recipe gives one model, or one per task. */
  readonly output: RetentionReport["output"];
}

/** Tasks × splits × recipes to remember; at 2,000 examples each that is 16 MB. */
const DEFAULT_LIMIT = 8192;

/** Least recently used are forgotten first. */
export class PredictionStore {
  readonly #entries = new Map<string, Known>();
  readonly #limit: number;

  constructor(limit = DEFAULT_LIMIT) {
    this.#limit = limit;
  }

  /** Returns what is known of a recipe on one split of one task, its first rows. */
  get(recipeKey: string, split: Split, task: string): Known | undefined {
    const key = keyOf(recipeKey, split, task);
    const known = this.#entries.get(key);
    if (!known) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, known);
    return known;
  }

  /** Remembers predictions, unless more rows are known already. */
  offer(recipeKey: string, split: Split, task: string, offered: Known): void {
    const key = keyOf(recipeKey, split, task);
    const known = this.#entries.get(key);
    if (known && known.predictions.length > offered.predictions.length) return;
    this.#entries.delete(key);
    this.#entries.set(key, offered);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#limit) break;
      this.#entries.delete(oldest);
    }
  }

  clear(): void {
    this.#entries.clear();
  }
}

/**
 * Tells how many first rows a new evaluation need not repeat. Predictions by constant weights serve both kinds of
 * session; those by weights as inputs only their own, so that a settled evaluation is one arithmetic throughout.
 */
export function reusableRows(known: Known | undefined, session: SessionKind): number {
  if (!known || (known.session === "inputs" && session === "external")) return 0;
  return known.predictions.length;
}

function keyOf(recipeKey: string, split: Split, task: string): string {
  return `${recipeKey}\n${split}\n${task}`;
}
