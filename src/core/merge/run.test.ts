import { describe, expect, test } from "vitest";
import { quietContext } from "../context.ts";
import { defaultRecipe } from "../recipe/default.ts";
import * as edit from "../recipe/edit.ts";
import * as tensors from "../recipe/edit-tensors.ts";
import { builtIn } from "../recipe/registry.ts";
import type { Recipe } from "../recipe/schema.ts";
import { twin } from "../tensor/twin.ts";
import { moved, smallLibrary } from "../testing/small-library.ts";
import {
  arithmetic,
  base,
  card,
  floats,
  library,
  mergeFresh,
  mergeInto,
  ties,
} from "../testing/small-merge.ts";
import { createMerger } from "./run.ts";

function sameBits(rows: readonly Float32Array[] | undefined, values: Float32Array): boolean {
  const bits = (array: Float32Array) => new Int32Array(array.buffer, array.byteOffset, array.length);
  const expected = bits(values);
  return (
    (rows ?? []).every((row) => bits(row).every((word, i) => word === expected[i])) && rows !== undefined
  );
}

describe("the result", () => {
  test("is the base bit for bit at λ = 0, for every method that has a λ", async () => {
    for (const method of builtIn.methods.filter(({ lambda }) => lambda !== "none")) {
      const { image } = await mergeFresh(edit.setLambda(defaultRecipe(card, method.id), 0));
      for (const name of floats) expect(sameBits(image.get(name), await library.base.load(name))).toBe(true);
    }
  });

  test("is a lone expert within an ulp of the larger of the two, at λ = 1 with nothing dropped", async () => {
    for (const id of ["task-arithmetic", "ties", "linear", "emr"]) {
      const alone = { base: library.base, experts: [{ id: "b" }] };
      const bare = { ...edit.setLambda(defaultRecipe(alone, id), 1), sparsifiers: [] };
      const { image } = await mergeFresh(bare);
      const expert = await library.expert("b")?.checkpoint(20);
      for (const name of floats) {
        const [from, to] = [await library.base.load(name), (await expert?.load(name)) ?? new Float32Array()];
        const [row] = image.get(name) ?? [];
        const worst = row.map((value, i) => {
          const ulp = 2 ** (Math.floor(Math.log2(Math.max(Math.abs(from[i]), Math.abs(to[i]), 1e-30))) - 23);
          return Math.abs(value - to[i]) / ulp;
        });
        expect(Math.max(...worst), `${id} ${name}`).toBeLessThanOrEqual(1);
      }
    }
  });

  test("is λ · Σ weight · τ for task arithmetic", async () => {
    const recipe = edit.setExpertWeight(edit.setLambda(arithmetic, 0.5), "b", 2);
    const { image } = await mergeFresh(recipe);
    const name = "blocks.0.mlp.weight";
    const from = await library.base.load(name);
    const checkpoints = await Promise.all(["a", "b", "c"].map((id) => library.expert(id)?.checkpoint(20)));
    const rows = await Promise.all(checkpoints.map((checkpoint) => checkpoint?.load(name)));
    const expected = from.map((value, i) => {
      const [a, b, c] = rows.map((row) => (row?.[i] ?? 0) - value);
      return value + 0.5 * (a + 2 * b + c);
    });
    expect(image.get(name)?.[0]).toBeAllclose(expected, { rtol: 1e-5, atol: 1e-6 });
  });

  test("leaves tensors that a rule keeps as they are, bit for bit, whatever the output's dtype", async () => {
    let recipe = tensors.setTensorKeep(edit.setOutDtype(ties, "bf16"), ["embed.weight"], "base");
    recipe = tensors.setTensorKeep(recipe, ["blocks.0.mlp.weight"], "a");
    recipe = edit.setExpertStep(edit.setExpertEnabled(recipe, "a", false), "a", 10);
    const { image, summary } = await mergeFresh(recipe);
    expect(sameBits(image.get("embed.weight"), await library.base.load("embed.weight"))).toBe(true);
    const checkpoint = await library.expert("a")?.checkpoint(10);
    const kept = (await checkpoint?.load("blocks.0.mlp.weight")) ?? new Float32Array();
    expect(sameBits(image.get("blocks.0.mlp.weight"), kept)).toBe(true);
    expect(summary.tensors.map(({ keep }) => keep)).toEqual(["base", undefined, "a", undefined, "base"]);
    const spec = new Map<string, unknown>();
    for await (const tensor of createMerger(library, twin).full(recipe, quietContext)) {
      spec.set(tensor.spec.name, [tensor.spec.dtype, tensor.fromBase]);
    }
    expect(Object.fromEntries(spec)).toEqual({
      "embed.weight": ["f32", true],
      "blocks.0.attn.weight": ["bf16", false],
      "blocks.0.mlp.weight": ["f32", false],
      "norm.weight": ["bf16", false],
      position_ids: ["i64", true],
    });
  });

  test("is the base, with a warning, when no expert is switched on", async () => {
    const off = ["a", "b", "c"].reduce((recipe, id) => edit.setExpertEnabled(recipe, id, false), ties);
    const { image, summary } = await mergeFresh(off);
    for (const name of floats) expect(sameBits(image.get(name), await library.base.load(name))).toBe(true);
    expect(summary.warnings.map(({ code }) => code)).toContain("no-experts");
  });

  test("is rounded to the output's dtype, and entries too large for it are counted", async () => {
    const large = base.map((tensor) => ({
      ...tensor,
      values: Float32Array.from(tensor.values, (v) => v * 1e6),
    }));
    const wide = smallLibrary(large, { a: { 1: large } });
    const recipe = edit.setOutDtype(
      defaultRecipe({ base: wide.base, experts: [{ id: "a" }] }, "linear"),
      "f16",
    );
    const { summary, image } = await mergeFresh(recipe, wide);
    expect(summary.warnings.map(({ code }) => code)).toEqual(["overflow"]);
    expect(image.get("norm.weight")?.[0][0]).toSatisfy((x: number) => !Number.isFinite(x) || x % 1 === 0);
  });

  test("that is no number is counted", async () => {
    const broken = moved(base, 5).map((tensor, t) =>
      t === 1
        ? { ...tensor, values: Float32Array.from(tensor.values, (v, i) => (i < 2 ? Number.NaN : v)) }
        : tensor,
    );
    const from = smallLibrary(base, { a: { 1: broken } });
    const recipe = defaultRecipe({ base: from.base, experts: [{ id: "a" }] }, "task-arithmetic");
    const { summary } = await mergeFresh(recipe, from);
    expect(summary.warnings).toMatchObject([{ code: "non-finite", details: { entries: 2, tensors: 1 } }]);
  });

  test("stays at base where an expert lacks the tensor or has another shape", async () => {
    const odd = moved(base, 5).flatMap((tensor) => {
      if (tensor.name === "embed.weight") return [];
      return [tensor.name === "blocks.0.mlp.weight" ? { ...tensor, shape: [10, 20] } : tensor];
    });
    const from = smallLibrary(base, { a: { 1: moved(base, 6) }, b: { 1: odd } });
    const recipe = defaultRecipe({ base: from.base, experts: [{ id: "a" }, { id: "b" }] }, "linear");
    const { summary, image } = await mergeFresh(recipe, from);
    expect(sameBits(image.get("embed.weight"), await from.base.load("embed.weight"))).toBe(true);
    expect(summary.tensors.map(({ keep }) => keep)).toEqual(["base", undefined, "base", undefined, "base"]);
    expect(summary.warnings).toMatchObject([
      { code: "expert/missing-tensors", details: { expert: "b", tensors: 2, first: "embed.weight" } },
    ]);
  });

  test("has one row per expert for methods that give each task its own model", async () => {
    const merger = createMerger(library, twin);
    const recipe = edit.setExpertEnabled(defaultRecipe(card, "emr"), "b", false);
    const { image } = await mergeInto(merger, tensors.setTensorKeep(recipe, ["norm.weight"], "base"));
    for (const name of floats) expect(image.get(name)).toHaveLength(2);
    expect(merger.rowTasks(recipe)).toEqual(["a-task", "c-task"]);
    expect(merger.rowTasks(ties)).toBeUndefined();
    const { emitted } = await mergeInto(merger, tensors.setTensorKeep(ties, ["norm.weight"], "base"), image);
    expect(emitted).toEqual(floats);
    expect(image.get("norm.weight")).toHaveLength(1);
  });
});

describe("a density set by hand", () => {
  const count = (values: Float32Array | undefined) => values?.reduce((sum, x) => sum + (x === 0 ? 0 : 1), 0);

  test("trims by magnitude where no sparsifier is on", async () => {
    const bare = edit.setMethod(ties, "task-arithmetic");
    const { summary } = await mergeFresh(tensors.setTensorDensity(bare, ["embed.weight"], ["a"], 0.25));
    expect(summary.tensors[0].sites).toMatchObject([
      { expert: "a", density: 0.25, aim: 0.25, kept: 32, by: "rule", rule: 0 },
      { expert: "b", density: 1, kept: 128, by: "none" },
      { expert: "c", density: 1, kept: 128, by: "none" },
    ]);
  });

  test("leaves the pool that the others share", async () => {
    const pooled = edit.setSparsifierParam(ties, 0, "scope", "model");
    const { summary } = await mergeFresh(tensors.setTensorDensity(pooled, ["embed.weight"], undefined, 1));
    const [embed, ...others] = summary.tensors.filter(({ sites }) => sites.length > 0);
    expect(embed.sites.map(({ kept, by }) => [kept, by])).toEqual(Array(3).fill([128, "rule"]));
    for (let k = 0; k < 3; k++) {
      const kept = others.reduce((sum, { sites }) => sum + sites[k].kept, 0);
      expect(kept).toBe(Math.floor(0.2 * (144 + 200 + 1)));
    }
  });

  test("that keeps nothing warns, once per expert", async () => {
    const { summary, image } = await mergeFresh(tensors.setTensorDensity(arithmetic, floats, ["b"], 0.001));
    expect(summary.warnings).toMatchObject([
      { code: "density/zero", details: { expert: "b", tensors: 3, first: "embed.weight" } },
    ]);
    expect(count(image.get("embed.weight")?.[0])).toBeGreaterThan(0);
  });
});

test("a sparsifier's parameter set by a rule gives those tensors a pool of their own", async () => {
  const pooled = edit.setSparsifierParam(ties, 0, "scope", "model");
  const rule = { match: { glob: "blocks.**" }, set: { "magnitude.density": 0.5 } };
  const { summary } = await mergeFresh(edit.addRule(pooled, rule));
  const kept = summary.tensors.map(({ sites }) => sites[0]?.kept ?? 0);
  expect(kept[1] + kept[2]).toBe((144 + 200) / 2);
  expect(kept[0] + kept[3]).toBe(Math.floor(0.2 * 129));
});

test("a locked tensor keeps its own rate when a budget is matched", async () => {
  const dropped = edit.addSparsifier(arithmetic, "tadrop");
  const budget = edit.setSparsifierParam(
    edit.setSparsifierParam(dropped, 0, "budget", true),
    0,
    "target",
    0.2,
  );
  const merger = createMerger(library, twin);
  const free = await mergeInto(merger, dropped);
  const open = await mergeInto(merger, budget);
  const locked = await mergeInto(merger, tensors.setLocked(budget, ["embed.weight"], true));
  const keptOf = ({ summary }: typeof free) => summary.tensors[0].sites.map(({ kept }) => kept);
  expect(keptOf(locked)).toEqual(keptOf(free));
  expect(keptOf(open)).not.toEqual(keptOf(free));
});

test("a cache too small for anything changes no bit", async () => {
  const recipe = edit.addSparsifier(edit.setSparsifierParam(ties, 0, "scope", "model"), "dare");
  const roomy = await mergeFresh(recipe);
  const tight = await mergeInto(createMerger(library, twin, { budget: 0 }), recipe);
  for (const name of floats) expect(tight.image.get(name)).toEqual(roomy.image.get(name));
  expect(tight.summary.tensors).toEqual(roomy.summary.tensors);
});

test("emitted arrays belong to the receiver: taking their memory away harms nothing", async () => {
  const merger = createMerger(library, twin);
  const recipe = defaultRecipe(card, "linear");
  const take = (_: string, rows: readonly Float32Array<ArrayBuffer>[]) => {
    structuredClone(rows, { transfer: rows.map((row) => row.buffer) });
  };
  await merger.merge(recipe, "live", take, quietContext);
  await merger.merge(edit.setLambda(ties, 0), "live", take, quietContext);
  const { image } = await mergeInto(merger, recipe);
  const expected = await mergeFresh(recipe);
  expect(image).toEqual(expected.image);
});

test("two merges into one image take turns, so the later recipe has the last word", async () => {
  const merger = createMerger(library, twin);
  const image = new Map<string, readonly Float32Array[]>();
  const [, last] = await Promise.all([mergeInto(merger, ties, image), mergeInto(merger, arithmetic, image)]);
  const fresh = await mergeFresh(arithmetic);
  expect(image).toEqual(fresh.image);
  expect(last.summary.revision).toBe(2);
});

describe("refuses", () => {
  const merger = createMerger(library, twin);
  const refused = (recipe: Recipe) => merger.merge(recipe, "live", () => {}, quietContext);

  test("a recipe for another base", async () => {
    await expect(refused({ ...ties, base: `sha256:${"f".repeat(64)}` })).rejects.toMatchObject({
      code: "recipe/wrong-base",
    });
  });

  test("an expert that is not open, unless it is switched off", async () => {
    const other = edit.addExpert(ties, "zz");
    await expect(refused(other)).rejects.toMatchObject({ code: "recipe/unknown-expert" });
    await refused(edit.setExpertEnabled(other, "zz", false));
  });

  test("an unknown method", async () => {
    await expect(refused({ ...ties, method: { id: "nope", params: {} } })).rejects.toMatchObject({
      code: "recipe/unknown-method",
    });
  });
});
