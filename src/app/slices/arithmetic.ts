import type { StateCreator } from "zustand/vanilla";
import type { ExpertId, Recipe } from "#core/recipe/schema.ts";
import type { AdditionPoint, AdditionResult } from "#core/talos/addition.ts";
import type { DisentanglementPoint } from "#core/talos/disentanglement.ts";
import type { NegationPoint, NegationResult } from "#core/talos/negation.ts";
import type { AppState } from "../store.ts";
import type { Failure } from "./work.ts";

/** A measurement of scaled task vectors: what is known so far, and how it ended. */
export interface Measured<Point, Result = undefined> {
  readonly state: "running" | "done" | "stopped" | "failed";
  readonly experts: readonly ExpertId[];
  /** The sum of the measured task vectors, at the stop steps that were measured. */
  readonly recipe: Recipe;
  /** On the quick subset; what is measured on all of validation replaces it point by point. */
  readonly quick: readonly Point[];
  readonly points: readonly Point[];
  readonly progress: { readonly done: number; readonly total: number };
  /** Chosen on validation, measured once on test; absent until it is done. */
  readonly result: Result | undefined;
  readonly failure: Failure | undefined;
}

export interface ArithmeticSlice {
  readonly addition: Measured<AdditionPoint, AdditionResult> | undefined;
  /** Of other experts than the recipe's, for comparison. */
  readonly otherAddition: Measured<AdditionPoint, AdditionResult> | undefined;
  /** The first expert is the one to forget, the others' tasks are the controls. */
  readonly negation: Measured<NegationPoint, NegationResult> | undefined;
  readonly disentanglement: Measured<DisentanglementPoint> | undefined;
  patchArithmetic(patch: Partial<Omit<ArithmeticSlice, "patchArithmetic">>): void;
}

export const createArithmeticSlice: StateCreator<AppState, [], [], ArithmeticSlice> = (set) => ({
  addition: undefined,
  otherAddition: undefined,
  negation: undefined,
  disentanglement: undefined,
  patchArithmetic: (patch) => set(patch),
});
