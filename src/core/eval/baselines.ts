/** Predictions that later reports are compared with. */
import type { Predictions } from "./metrics.ts";
import type { Split } from "./report.ts";

/** "expert": the last checkpoint of the task's own expert. */
export type Baseline = "base" | "average" | "expert";

export type BaselinePredictions = { readonly [kind in Baseline]?: Predictions };

interface Kept {
  readonly recipeKey: string;
  readonly predictions: Predictions;
}

export class Baselines {
  readonly #kept = new Map<string, Kept>();

  /** Keeps predictions of a task's first rows; of one recipe the longest, of two the newer. */
  keep(kind: Baseline, recipeKey: string, split: Split, task: string, predictions: Predictions): void {
    const key = `${kind}.${split}.${task}`;
    const kept = this.#kept.get(key);
    if (kept?.recipeKey === recipeKey && kept.predictions.length > predictions.length) return;
    this.#kept.set(key, { recipeKey, predictions });
  }

  /** Returns those that cover at least the first n rows; the average only if it is this recipe's. */
  covering(split: Split, task: string, n: number, averageKey: string | undefined): BaselinePredictions {
    const base = this.#covering("base", split, task, n);
    const average = this.#covering("average", split, task, n, averageKey);
    const expert = this.#covering("expert", split, task, n);
    return { ...(base && { base }), ...(average && { average }), ...(expert && { expert }) };
  }

  #covering(
    kind: Baseline,
    split: Split,
    task: string,
    n: number,
    recipeKey?: string,
  ): Predictions | undefined {
    const kept = this.#kept.get(`${kind}.${split}.${task}`);
    if (!kept || kept.predictions.length < n) return undefined;
    return recipeKey === undefined || kept.recipeKey === recipeKey ? kept.predictions : undefined;
  }
}
