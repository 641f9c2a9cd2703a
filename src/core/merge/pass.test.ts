import { describe, expect, it } from "vitest";
import { quietContext } from "../context.ts";
import { layerOf, type Matrix } from "../doge/layers.ts";
import { openDoge } from "../doge/run.ts";
import { dogeOptions } from "../methods/doge.ts";
import { defaultRecipe } from "../recipe/default.ts";
import * as edit from "../recipe/edit.ts";
import type { Recipe } from "../recipe/schema.ts";
import { twin } from "../tensor/twin.ts";
import { countingKernels } from "../testing/counting-kernels.ts";
import { arithmetic, card, library, mergeFresh, mergeInto } from "../testing/small-merge.ts";
import type { Merger } from "./merger.ts";
import { createMerger } from "./run.ts";

const recipe = edit.setMethodParam(defaultRecipe(card, "doge"), "steps", 6);

/** The pass as whoever asks for its inputs would make it. */
async function makeElsewhere(merger: Merger, of: Recipe) {
  const matrices: Matrix[] = [];
  for await (const input of merger.passInputs(of, quietContext)) {
    const layer = layerOf({ ...input, rows: input.rows.map((row) => row.slice()) });
    if (layer) matrices.push(layer);
  }
  const run = await openDoge(matrices, dogeOptions(of.method.params), twin, quietContext);
  await run.advanceTo(Number(of.method.params.steps), quietContext);
  return run.deltas();
}

const weighted = (weights: readonly number[], from = recipe) =>
  card.experts.reduce((made, { id }, k) => edit.setExpertWeight(made, id, weights[k]), from);

describe("a long pass", () => {
  it("that is made elsewhere gives the bits of the one made here, without being made again", async () => {
    const counting = countingKernels(twin);
    const merger = createMerger(library, counting.kernels);
    expect(await merger.longPass(recipe)).toMatchObject({ isKnown: false, steps: 6 });
    await merger.givePass(recipe, await makeElsewhere(merger, recipe), quietContext);
    expect(await merger.longPass(recipe)).toMatchObject({ isKnown: true });
    const { image } = await mergeInto(merger, recipe);
    expect(counting.calls.has("descend")).toBe(false);
    expect(image).toEqual((await mergeFresh(recipe)).image);
  });

  it("is known once a merge has made it", async () => {
    const merger = createMerger(library, twin);
    await mergeInto(merger, recipe);
    expect(await merger.longPass(recipe)).toMatchObject({ isKnown: true });
  });

  it("is none where the method has none", async () => {
    const merger = createMerger(library, twin);
    expect(await merger.longPass(arithmetic)).toBeUndefined();
    for await (const input of merger.passInputs(arithmetic, quietContext)) expect(input).toBeUndefined();
  });

  it("is another for other steps, which the same run leads to; for λ and the kept share it is the same", async () => {
    const merger = createMerger(library, twin);
    const card1 = await merger.longPass(recipe);
    const longer = await merger.longPass(edit.setMethodParam(recipe, "steps", 9));
    expect(longer?.key).not.toBe(card1?.key);
    expect(longer?.runKey).toBe(card1?.runKey);
    const cheap = edit.setLambda(edit.setMethodParam(recipe, "keep", 0.6), 0.4);
    expect(await merger.longPass(cheap)).toEqual(card1);
    const other = await merger.longPass(edit.setMethodParam(recipe, "eta", 0.5));
    expect(other?.runKey).not.toBe(card1?.runKey);
  });
});

describe("DOGE's vectors as coefficients' own", () => {
  const alone = ["modification", "strengths"].reduce(
    (made, name, i) => edit.setMethodParam(made, name, ["expert", "weights"][i]),
    recipe,
  );

  it("have one pass whatever the weights", async () => {
    const merger = createMerger(library, twin);
    const key = (await merger.longPass(alone))?.key;
    expect((await merger.longPass(weighted([0, 0.4, 2], alone)))?.key).toBe(key);
    expect((await merger.longPass(weighted([0, 0.4, 2])))?.key).not.toBe(
      (await merger.longPass(recipe))?.key,
    );
  });

  it("add up to the merge, one by one", async () => {
    const merger = createMerger(library, twin);
    const updateOf = async (weights: readonly number[]) => {
      const rows = new Map<string, Float32Array>();
      for await (const { spec, row } of merger.updates(weighted(weights, alone), quietContext))
        rows.set(spec.name, row.slice());
      return rows;
    };
    const parts = [await updateOf([1, 0, 0]), await updateOf([0, 1, 0]), await updateOf([0, 0, 1])];
    const whole = await updateOf([0.5, 0.2, 0.7]);
    for (const [name, row] of whole) {
      const sum = row.map((_, i) =>
        [0.5, 0.2, 0.7].reduce((total, weight, k) => total + weight * (parts[k].get(name)?.[i] ?? 0), 0),
      );
      expect(row).toBeAllclose([...sum], { rtol: 1e-5, atol: 1e-8 });
    }
    expect(parts[0].get("blocks.0.mlp.weight")?.some((value) => value !== 0)).toBe(true);
  });
});
