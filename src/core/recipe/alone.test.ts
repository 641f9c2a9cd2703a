import { describe, expect, it } from "vitest";
import { quietContext } from "../context.ts";
import { createMerger } from "../merge/run.ts";
import { twin } from "../tensor/twin.ts";
import { arithmetic, floats, library, ties } from "../testing/small-merge.ts";
import { aloneOf, hasOwnVectors, isWeightedSum } from "./alone.ts";
import { addSparsifier, setExpertWeight, setMethodParam } from "./edit.ts";
import type { Recipe } from "./schema.ts";

const sparse = addSparsifier(arithmetic, "dare");
const weighted: Recipe = {
  ...setExpertWeight(setExpertWeight(sparse, "a", 0.5), "b", -0.25),
  lambda: 1,
  outDtype: "f32",
  rules: [
    { match: { names: [floats[1]] }, experts: ["c"], set: { weight: 0.75, "dare.density": 0.5 } },
    { match: { names: [floats[2]] }, set: { lambda: 0.5 }, keep: "a" },
  ],
};

async function updates(recipe: Recipe): Promise<Map<string, Float32Array>> {
  const found = new Map<string, Float32Array>();
  const merger = createMerger(library, twin);
  for await (const { spec, row } of merger.updates(recipe, quietContext)) found.set(spec.name, row);
  return found;
}

describe("an expert's part of a merge", () => {
  it("can be taken alone where the merge is a weighted sum", () => {
    expect([arithmetic, sparse, ties].map((recipe) => isWeightedSum(recipe))).toEqual([true, true, false]);
    expect(isWeightedSum(setMethodParam(arithmetic, "normalize", true))).toBe(false);
    expect([arithmetic, sparse, ties].map((recipe) => hasOwnVectors(recipe))).toEqual([false, true, false]);
  });

  it("adds up to the whole, and leaves alone what is kept from somebody", async () => {
    const whole = await updates(weighted);
    const parts = await Promise.all(["a", "b", "c"].map((id) => updates(aloneOf(weighted, id))));
    const weights = (name: string) => [0.5, -0.25, name === floats[1] ? 0.75 : 1];
    for (const name of [floats[0], floats[1], floats[3]]) {
      const sum = Array.from(whole.get(name) ?? [], (_, i) =>
        parts.reduce((total, part, k) => total + weights(name)[k] * (part.get(name)?.[i] ?? 0), 0),
      );
      expect([...(whole.get(name) ?? [])]).toBeAllclose(sum, { rtol: 1e-5, atol: 1e-7 });
    }
    expect(whole.has(floats[2])).toBe(true);
    expect(parts.map((part) => part.has(floats[2]))).toEqual([false, false, false]);
  });
});
