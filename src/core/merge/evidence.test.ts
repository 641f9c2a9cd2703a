/** Merges that read evidence, regions that come and go, and how much they share. */
import { describe, expect, test } from "vitest";
import { quietContext } from "../context.ts";
import { EvidenceStore } from "../evidence/store.ts";
import { overlapOf } from "../localise/overlap.ts";
import { defaultRecipe } from "../recipe/default.ts";
import * as edit from "../recipe/edit.ts";
import { setEvidence } from "../recipe/edit-evidence.ts";
import { setTensorDensity } from "../recipe/edit-tensors.ts";
import type { Recipe } from "../recipe/schema.ts";
import { twin } from "../tensor/twin.ts";
import { countingKernels } from "../testing/counting-kernels.ts";
import { witness } from "../testing/small-evidence.ts";
import { moved, smallLibrary } from "../testing/small-library.ts";
import { base, floats, mergeFresh, mergeInto } from "../testing/small-merge.ts";
import { describeMasks } from "./overlap.ts";
import { createMerger } from "./run.ts";

const store = new EvidenceStore();
const experts = {
  a: { 10: moved(base, 11, 0.02), 20: moved(base, 12) },
  b: { 20: moved(base, 22) },
  c: { 20: moved(base, 32) },
};
const library = smallLibrary(base, experts, store);
const card = { base: library.base, experts: [{ id: "a" }, { id: "b" }, { id: "c" }] };
const dataless = edit.setSparsifierParam(defaultRecipe(card, "localize-and-stitch"), 0, "density", 0.1);
const trained = edit.setSparsifierParam(dataless, 0, "masks", "trained");

async function heard(recipe: Recipe, kind: "mask" | "fisher" | "sensitivity", ids = ["a", "b", "c"]) {
  let named = recipe;
  for (const id of ids) named = setEvidence(named, kind, id, await witness(library, store, kind, id, 1));
  return named;
}

const bits = (row: Float32Array) => [...new Int32Array(row.buffer, row.byteOffset, row.length)];

describe("stitching", () => {
  test.each(["dataless", "random", "trained"])("touches no bit outside the %s regions", async (masks) => {
    const recipe = edit.setSparsifierParam(await heard(dataless, "mask"), 0, "masks", masks);
    const merger = createMerger(library, twin);
    const { image } = await mergeInto(merger, recipe);
    let untouched = 0;
    for await (const { spec, rows } of merger.vectors(recipe, quietContext)) {
      const from = bits(await library.base.load(spec.name));
      const merged = bits(image.get(spec.name)?.[0] ?? new Float32Array());
      for (let i = 0; i < from.length; i++) {
        if (rows.some((row) => row[i] !== 0)) continue;
        untouched++;
        expect(merged[i]).toBe(from[i]);
      }
    }
    expect(untouched).toBeGreaterThan(100);
  });

  test("tells the realised density of every region, tensor by tensor", async () => {
    const { summary } = await mergeFresh(dataless, library);
    const total = floats.reduce((sum, _, t) => sum + base[t].values.length, 0);
    for (let k = 0; k < 3; k++) {
      const kept = summary.tensors.reduce((sum, { sites }) => sum + (sites[k]?.kept ?? 0), 0);
      expect(kept).toBe(Math.floor(0.1 * total));
    }
    const own = await mergeFresh(await heard(trained, "mask"), library);
    expect(own.summary.tensors[0].sites).toMatchObject([
      { by: "evidence" },
      { by: "evidence" },
      { by: "evidence" },
    ]);
  });

  test("without a task is as if it had never been there, and with it again as before", async () => {
    for (const recipe of [dataless, await heard(trained, "mask")]) {
      const merger = createMerger(library, twin);
      const { image } = await mergeInto(merger, recipe);
      const whole = new Map(image);
      const two = await mergeFresh(edit.removeExpert(recipe, "c"), library);
      await mergeInto(merger, edit.removeExpert(recipe, "c"), image);
      for (const name of floats) expect(image.get(name)).toEqual(two.image.get(name));
      await mergeInto(merger, recipe, image);
      for (const name of floats) expect(image.get(name)).toEqual(whole.get(name));
      await mergeInto(merger, edit.setExpertEnabled(recipe, "c", false), image);
      for (const name of floats) expect(image.get(name)).toEqual(two.image.get(name));
    }
  });

  test("leaves the other tasks' regions alone when one comes or goes", async () => {
    const counting = countingKernels(twin);
    const merger = createMerger(library, counting.kernels);
    await mergeInto(merger, edit.setExpertEnabled(dataless, "c", false));
    counting.reset();
    await mergeInto(merger, dataless);
    expect(counting.calls.get("selectPool")).toBe(1);
    expect(counting.calls.get("delta")).toBe(4);
    expect(counting.calls.get("trim")).toBe(4);
    counting.reset();
    await mergeInto(merger, edit.removeExpert(dataless, "b"));
    expect(["selectPool", "delta", "trim"].filter((name) => counting.calls.has(name))).toEqual([]);
  });
});

describe("evidence that is missing", () => {
  test("is named: its kind, whose it is, and what to do", async () => {
    const half = await heard(trained, "mask", ["a", "c"]);
    await expect(mergeFresh(half, library)).rejects.toMatchObject({
      code: "recipe/missing-evidence",
      message: "The recipe has no trained mask for “b”. Compute it, or drop its file.",
      details: { kind: "mask", expert: "b" },
    });
    const gone = setEvidence(half, "mask", "b", `sha256:${"e".repeat(64)}`);
    await expect(mergeFresh(gone, library)).rejects.toThrow(
      "What the recipe names is not here: trained mask",
    );
    const [other] = (await heard(dataless, "fisher", ["b"])).evidence;
    await expect(mergeFresh(setEvidence(half, "mask", "b", other.id), library)).rejects.toMatchObject({
      code: "recipe/missing-evidence",
    });
  });

  test("is not missed for experts that are off, nor where nothing reads it", async () => {
    const half = await heard(trained, "mask", ["a", "c"]);
    await mergeFresh(edit.setExpertEnabled(half, "b", false), library);
    await mergeFresh(dataless, library);
  });
});

test("evidence of another step is used, and said; that of the base belongs to every step", async () => {
  const recipe = edit.setExpertStep(await heard(trained, "mask"), "a", 10);
  const { summary } = await mergeFresh(recipe, library);
  expect(summary.warnings).toMatchObject([
    { code: "evidence/other-step", details: { kind: "mask", expert: "a", step: 20 } },
  ]);
  const sensitive = edit.addSparsifier(edit.setMethod(dataless, "task-arithmetic"), "sensitivity");
  const felt = await mergeFresh(edit.setExpertStep(await heard(sensitive, "sensitivity"), "a", 10), library);
  expect(felt.summary.warnings).toEqual([]);
  expect(felt.summary.tensors[0].sites[0].by).toBe("pool");
});

describe("how much regions share", () => {
  const row = (...values: number[]) => Float32Array.from(values);

  test("is counted by how many hold an entry, and pair by pair", () => {
    const { both, times } = overlapOf([row(1, 2, 0, 0, 5), row(10, 0, 30, 0, 50), row(100, 200, -0, 0, 0)]);
    expect(times).toEqual([1, 1, 2, 1]);
    expect(both).toEqual([
      [3, 2, 2],
      [2, 3, 1],
      [2, 1, 2],
    ]);
  });

  test("adds up over tensors, roles and blocks", async () => {
    const merger = createMerger(library, twin);
    const { tensors, roles, blocks, overlap, jaccard, ...rest } = await describeMasks(
      merger,
      dataless,
      quietContext,
    );
    const total = tensors.reduce((sum, { entries }) => sum + entries, 0);
    expect(overlap.reduce((sum, count) => sum + count, 0)).toBe(total);
    for (const parts of [roles, blocks, tensors]) {
      expect(parts.reduce((sum, { entries }) => sum + entries, 0)).toBe(total);
      for (let k = 0; k < 3; k++) {
        expect(parts.reduce((sum, { kept }) => sum + kept[k], 0)).toBe(Math.floor(0.1 * total));
      }
    }
    expect(blocks.map(({ name }) => name)).toEqual(["", "blocks.0"]);
    expect(jaccard.map((shares, k) => shares[k])).toEqual([1, 1, 1]);
    expect(jaccard[0][1]).toBe(jaccard[1][0]);
    expect(rest).toEqual({
      experts: ["a", "b", "c"],
      modelBytes: 4 * total,
      regionBytes: Array(3).fill(8 * Math.floor(0.1 * total)),
    });
  });

  test("follows the recipe: a tensor set to nothing by hand holds nothing", async () => {
    const merger = createMerger(library, twin);
    const none = setTensorDensity(dataless, floats, undefined, 0);
    const { overlap, jaccard } = await describeMasks(merger, none, quietContext);
    // A tensor of one entry is kept whole whatever its density.
    expect(overlap.slice(1)).toEqual([0, 0, 1]);
    expect(jaccard[0][1]).toBe(1);
  });
});
