/**
 * What crosses the workers' borders for a method's long pass (merge/pass.ts): made in the optimise worker from copies of
 * what the models worker has, and handed back to it. Types only.
 */
import type { LayerReport } from "#core/doge/run.ts";
import type { LongPass } from "#core/merge/merger.ts";
import type { Recipe } from "#core/recipe/schema.ts";

export type { LongPass };

/** A run that is ready to step. */
export interface OpenedPass {
  readonly layers: readonly LayerReport[];
  /** Loss before each step that has been taken: none, or those of the run that it goes on from. */
  readonly losses: readonly number[];
  /** What the run holds: copies of all task vectors, and its state. */
  readonly bytes: number;
}

/** The pass of a recipe; asked of the models worker over the port between the two. Arrays are moved. */
export interface PassApi {
  /** Undefined where the recipe has no long pass. @throws AppError model/no-base, recipe/… */
  longPass(recipe: Recipe): Promise<LongPass | undefined>;
  /** Begins to read what the pass needs; an earlier reading ends. */
  openPass(recipe: Recipe): Promise<void>;
  /** The next tensor that is optimised, copied; undefined after the last. */
  nextInput(): Promise<PassTensor | undefined>;
  /** Takes what was made: the following merges of the recipe use it. */
  givePass(recipe: Recipe, made: PassMade): Promise<void>;
}

/** One tensor as the pass sees it. */
export interface PassTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** One per enabled expert. */
  readonly rows: readonly Float32Array<ArrayBuffer>[];
  readonly weights: readonly number[];
}

/** What was made of tensors, by name: one array, or one per expert. */
type PassMade = ReadonlyMap<string, readonly Float32Array<ArrayBuffer>[]>;
