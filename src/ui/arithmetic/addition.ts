/** Measured sums of task vectors, by the experts that they are of. */
import type { ExpertSet } from "#app/expert-sets.ts";
import type { Measured } from "#app/slices/arithmetic.ts";
import type { ExpertId } from "#core/recipe/schema.ts";
import type { AdditionPoint, AdditionResult } from "#core/talos/addition.ts";

export type Addition = Measured<AdditionPoint, AdditionResult>;

/** One measured set of experts with its name. */
export interface NamedAddition {
  readonly name: string;
  readonly addition: Addition;
}

/** The name of a set of experts; undefined for experts of several sets. */
export function nameOf(experts: readonly ExpertId[], sets: readonly ExpertSet[]): string | undefined {
  return sets.length < 2
    ? undefined
    : sets.find((set) => experts.every((id) => set.experts.includes(id)))?.label || undefined;
}
