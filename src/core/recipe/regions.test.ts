import { describe, expect, it } from "vitest";
import { quietContext } from "../context.ts";
import { createMerger } from "../merge/run.ts";
import { twin } from "../tensor/twin.ts";
import { card, library } from "../testing/small-merge.ts";
import { defaultRecipe } from "./default.ts";
import { setExpertEnabled, setExpertStep, setExpertWeight, setLambda, setSparsifierParam } from "./edit.ts";
import { scaleVectors } from "./edit-vectors.ts";
import { recipeKey } from "./key.ts";
import { graftsOf, regionOf, regionsOnly } from "./regions.ts";

const recipe = setSparsifierParam(defaultRecipe(card, "localize-and-stitch"), 0, "density", 0.1);

async function kept(of: typeof recipe): Promise<number[]> {
  const counts: number[] = [];
  for await (const { rows } of createMerger(library, twin).vectors(of, quietContext))
    rows.forEach((row, k) => {
      counts[k] = (counts[k] ?? 0) + row.filter((value) => value !== 0).length;
    });
  return counts;
}

describe("regions as recipes", () => {
  it("a region alone keeps what it keeps among others", async () => {
    const together = await kept(recipe);
    expect(await kept(graftsOf(recipe, "b").region)).toEqual([together[1]]);
  });

  it("base and whole expert keep nothing and everything", async () => {
    const { base, expert } = graftsOf(recipe, "b");
    expect(base.experts).toEqual([]);
    expect(await kept(expert)).toEqual(
      await kept({ ...regionOf(recipe, "b", "magnitude", 1), sparsifiers: [] }),
    );
  });

  it("other weights, λ and disabled experts change no region; steps and densities do", () => {
    const key = recipeKey(regionsOnly(recipe));
    const same = setLambda(setExpertWeight(recipe, "a", 0.3), 0.7);
    expect(recipeKey(regionsOnly(same))).toBe(key);
    expect(recipeKey(regionsOnly(setExpertStep(recipe, "a", 10)))).not.toBe(key);
    expect(recipeKey(regionsOnly(setExpertEnabled(recipe, "a", false)))).not.toBe(key);
    expect(recipeKey(graftsOf(setExpertEnabled(recipe, "a", false), "b").region)).toBe(
      recipeKey(graftsOf(recipe, "b").region),
    );
  });

  it("a random region of a density meets it on average, at the recipe's seed", async () => {
    const random = regionOf(recipe, "b", "random", 0.5);
    const [count = 0] = await kept(random);
    const [all = 0] = await kept(regionOf(recipe, "b", "magnitude", 1));
    expect(count / all).toBeGreaterThan(0.4);
    expect(count / all).toBeLessThan(0.6);
    expect(recipeKey(regionOf({ ...recipe, seed: 7 }, "b", "random", 0.5))).not.toBe(recipeKey(random));
  });
});

describe("a recipe of scaled task vectors", () => {
  it("has the given weights and λ, and nothing else that changes the sum", () => {
    const scaled = scaleVectors(recipe, new Map([["b", -1]]), 0.35);
    expect(scaled).toMatchObject({
      method: { id: "task-arithmetic" },
      sparsifiers: [],
      rules: [],
      lambda: 0.35,
    });
    expect(scaled.experts.map(({ id, enabled, weight }) => [id, enabled && weight])).toEqual([
      ["a", false],
      ["b", -1],
      ["c", false],
    ]);
  });

  it("brings in experts that the recipe does not have", () => {
    const without = { ...recipe, experts: recipe.experts.slice(0, 1) };
    expect(scaleVectors(without, new Map([["c", 1]]), 0.3).experts.at(-1)).toEqual({
      id: "c",
      enabled: true,
      weight: 1,
    });
  });
});
