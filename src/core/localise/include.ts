/** Which tensors a localisation works on. */
import { roleOf } from "../model/roles.ts";
import { createMatcher } from "../recipe/match.ts";
import type { Rule } from "../recipe/schema.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import type { WeightValues } from "../train/gradients.ts";

/** Names of the tensors that a match chooses, in the given order; an empty match chooses all. */
export function included(tensors: readonly TensorSpec[], match: Rule["match"] = {}): readonly string[] {
  const matchables = tensors.map((tensor) => ({ name: tensor.name, role: roleOf(tensor) }));
  return createMatcher(matchables)(match).map((index) => tensors[index].name);
}

/** The task vector expert − base of these tensors, f32; the caller owns it. */
export function deltaOf(
  base: WeightValues,
  expert: WeightValues,
  names: readonly string[],
): Map<string, Float32Array<ArrayBuffer>> {
  return new Map(
    names.map((name) => {
      const from = base.get(name);
      const to = expert.get(name);
      if (!from || to?.length !== from.length) throw new Error(`deltaOf: ${name} is not in both models`);
      return [name, Float32Array.from(to, (value, i) => value - from[i])];
    }),
  );
}
