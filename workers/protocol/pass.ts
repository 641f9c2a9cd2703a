/**
 * What crosses the workers' borders for a method's long pass (merge/pass.ts): made in the optimise worker from copies of
 * what the models worker has, and handed back to it. Types only.
 */
import type { Recipe } from "#core/recipe/schema.ts";

/** A recipe's long pass, before it is made. */
export interface PassCard {
  /** Everything that what it makes depends on. */
  readonly key: string;
  /** The same but for the steps: a run with this key goes on to more steps. */
  readonly runKey: string;
  /** What it makes is in the models worker already. */
  readonly isKnown: boolean;
  /** How many steps it takes. */
  readonly steps: number;
}

/** What is optimised of one tensor, as a matrix. */
export interface LayerReport {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** Directions of the subspace that the experts share; 0 = nothing is constrained. */
  readonly rank: number;
  /** Share of each expert's change inside that subspace, 0…1. */
  readonly energy: readonly number[];
  /** How strongly each expert's change is taken. */
  readonly lambdas: readonly number[];
}

/** A run that is ready to step. */
export interface OpenedPass {
  readonly key: string;
  readonly runKey: string;
  readonly layers: readonly LayerReport[];
  /** Loss before each step that has been taken: none, or those of the run that it goes on from. */
  readonly losses: readonly number[];
  /** What the run holds: copies of all task vectors, and its state. */
  readonly bytes: number;
}

/** The pass of a recipe; asked of the models worker over the port between the two. Arrays are moved. */
export interface PassApi {
  /** @throws AppError model/no-base, recipe/…; Error where the recipe has no long pass */
  passCard(recipe: Recipe): Promise<PassCard>;
  /** Begins to read what the pass needs; an earlier reading ends. */
  openPass(recipe: Recipe): Promise<void>;
  /** The next tensor, copied; undefined after the last. */
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

/** What was made of tensors, by name. */
export type PassMade = ReadonlyMap<string, readonly Float32Array<ArrayBuffer>[]>;
