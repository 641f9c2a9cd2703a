import { expect, test } from "vitest";
import { quietContext } from "../context.ts";
import { defaultRecipe } from "../recipe/default.ts";
import * as edit from "../recipe/edit.ts";
import { twin } from "../tensor/twin.ts";
import { countingKernels } from "../testing/counting-kernels.ts";
import { smallLibrary } from "../testing/small-library.ts";
import { describeTensor } from "./describe.ts";
import { createMerger } from "./run.ts";

const spec = { name: "w", dtype: "f32", shape: [4] } as const;
const row = (...values: number[]) => Float32Array.from(values);

test("norms, relative size, histogram, cosine and sign conflict of two experts, by hand", () => {
  const stats = describeTensor(spec, ["a", "b"], [row(3, 0, -4, 0), row(3, 1, 4, 0)], row(0, 6, 8, 0), twin);
  expect(stats.experts[0]).toMatchObject({ expert: "a", norm: 5, relative: 0.5, max: 4 });
  expect(stats.experts[0].histogram).toHaveLength(48);
  expect(stats.experts[0].histogram[0]).toBe(2);
  expect(stats.experts[0].histogram[36]).toBe(1);
  expect(stats.experts[0].histogram[47]).toBe(1);
  expect(stats.cosine).toBeCloseTo((9 - 16) / (5 * Math.sqrt(26)), 12);
  expect(stats.conflict).toBe(0.5);
});

test("is never NaN: one expert, no change, a base of zeros, no entries", () => {
  const zeros = describeTensor(spec, ["a", "b"], [row(0, 0, 0, 0), row(1, 0, 0, 0)], row(0, 0, 0, 0), twin);
  expect(zeros).toMatchObject({ cosine: 0, conflict: 0 });
  expect(zeros.experts.map(({ relative }) => relative)).toEqual([0, 0]);
  expect(describeTensor(spec, ["a"], [row(1, 0, 0, 0)], row(1, 0, 0, 0), twin)).toMatchObject({ cosine: 0 });
  const empty = describeTensor({ ...spec, shape: [0] }, ["a", "b"], [row(), row()], row(), twin);
  expect(JSON.stringify(empty)).not.toContain("null");
});

test("describes floating tensors of the enabled experts that have them, and remembers", async () => {
  const tensor = (name: string, ...values: number[]) => ({ name, shape: [values.length], values });
  const ids = { name: "ids", shape: [1], dtype: "i64", values: [7] } as const;
  const library = smallLibrary([tensor("w", 0, 1), ids, tensor("v", 1, 1)], {
    a: { 1: [tensor("w", 1, 1), tensor("v", 1, 3)], 2: [tensor("w", 2, 1), tensor("v", 1, 4)] },
    b: { 1: [tensor("w", 1, 2)] },
  });
  const recipe = defaultRecipe({ base: library.base, experts: [{ id: "a" }, { id: "b" }] }, "ties");
  const counting = countingKernels(twin);
  const merger = createMerger(library, counting.kernels);
  const stats = await merger.describe(recipe, quietContext);
  expect(stats.map(({ name, experts }) => [name, experts.map(({ expert, norm }) => [expert, norm])])).toEqual(
    [
      [
        "w",
        [
          ["a", 2],
          ["b", Math.SQRT2],
        ],
      ],
      ["v", [["a", 3]]],
    ],
  );
  counting.reset();
  expect(await merger.describe(edit.setLambda(recipe, 0.1), quietContext)).toEqual(stats);
  expect(counting.calls.size).toBe(0);
  const earlier = await merger.describe(edit.setExpertStep(recipe, "a", 1), quietContext);
  expect(earlier[0].experts[0].norm).toBe(1);
});
