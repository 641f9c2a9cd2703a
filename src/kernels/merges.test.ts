import { describe, expect, test } from "vitest";
import { quietContext } from "#core/context.ts";
import { createMerger } from "#core/merge/run.ts";
import { methods } from "#core/methods/index.ts";
import { defaultRecipe } from "#core/recipe/default.ts";
import * as edit from "#core/recipe/edit.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { sparsifiers } from "#core/sparsifiers/index.ts";
import { twin } from "#core/tensor/twin.ts";
import { moved, noisy, smallLibrary } from "#core/testing/small-library.ts";
import { simdKernels } from "./simd.ts";

const base = [
  noisy("embed.weight", [64, 40], 1),
  noisy("blocks.0.attn.qkv.weight", [96, 64], 2),
  noisy("blocks.0.mlp.fc1.weight", [70, 33], 3),
  noisy("norm.weight", [37], 4),
];
const library = smallLibrary(base, {
  a: { 1: moved(base, 11, 0.02) },
  b: { 1: moved(base, 22) },
});
const card = { base: library.base, experts: [{ id: "a" }, { id: "b" }] };

/** Methods that need neither measurements nor a graph. */
const ids = methods
  .filter(({ needs, params, output }) => output !== "routed" && !needs?.(params.parse({})))
  .map(({ id }) => id);

function recipeOf(method: string): Recipe {
  const recipe = defaultRecipe(card, method);
  return method === "doge" ? edit.setMethodParam(recipe, "steps", 5) : recipe;
}

async function merged(recipe: Recipe, kernels = twin) {
  const rows = new Map<string, readonly Uint32Array[]>();
  for await (const { spec, rows: values } of createMerger(library, kernels).full(recipe, quietContext)) {
    rows.set(
      spec.name,
      values.map((row) => new Uint32Array(row.buffer, row.byteOffset, row.length)),
    );
  }
  return rows;
}

describe("a merge has the same bits, plain and by SIMD,", () => {
  test.each(ids)("with %s", async (id) => {
    const recipe = recipeOf(id);
    expect(await merged(recipe, simdKernels())).toEqual(await merged(recipe));
  });

  test.each(sparsifiers.filter(({ needs }) => !needs).map(({ id }) => id))("after %s", async (id) => {
    const recipe = edit.addSparsifier({ ...recipeOf("task-arithmetic"), sparsifiers: [] }, id);
    expect(await merged(recipe, simdKernels())).toEqual(await merged(recipe));
  });
});

test("merges that run beside each other on one module give the bits of merges alone", async () => {
  const kernels = simdKernels();
  const recipes = ids.map(recipeOf);
  const alone = [];
  for (const recipe of recipes) alone.push(await merged(recipe));
  const breathing = recipes.map((recipe) => merged(recipe, kernels));
  expect(await Promise.all(breathing)).toEqual(alone);
});
