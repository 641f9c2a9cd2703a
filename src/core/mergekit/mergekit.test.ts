import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { presets } from "../catalog.ts";
import { quietContext } from "../context.ts";
import { AppError } from "../errors.ts";
import { createMerger } from "../merge/run.ts";
import { roleOf } from "../model/roles.ts";
import { defaultRecipe } from "../recipe/default.ts";
import { resolveRecipe } from "../recipe/resolve.ts";
import type { Recipe } from "../recipe/schema.ts";
import { sizeOf, type TensorSpec } from "../tensor/tensor.ts";
import { twin } from "../tensor/twin.ts";
import { moved, noisy, smallLibrary } from "../testing/small-library.ts";
import { exportMergekit } from "./export.ts";
import { importMergekit } from "./import.ts";

const base = `sha256:${"0".repeat(64)}`;
const spec = (name: string, shape: readonly number[] = [4, 4]): TensorSpec => ({ name, dtype: "f32", shape });
const tensors = [
  spec("embed.weight"),
  ...[0, 1, 2, 3, 10].flatMap((i) => [spec(`layers.${i}.attn.weight`), spec(`layers.${i}.mlp.weight`)]),
  spec("norm.weight", [4]),
];
const matchable = tensors.map((tensor) => ({ name: tensor.name, role: roleOf(tensor) }));

const context = {
  base,
  tensors,
  expert: (model: string) =>
    model === "./base" ? ("base" as const) : /^\.\/[ab]$/.test(model) ? { id: model.slice(2) } : undefined,
};

const read = (text: string) => importMergekit(text, context);
const errors = (text: string) =>
  read(text)
    .findings.filter(({ severity }) => severity === "error")
    .map(({ line, message }) => `${line}: ${message}`);

/** Weight and density that a recipe gives an expert at a tensor. */
function at(recipe: Recipe | undefined, expert: string, name: string) {
  if (!recipe) throw new Error("no recipe");
  const tensor = resolveRecipe(recipe, matchable).tensors.find((one) => one.name === name);
  const site = tensor?.sites.find((one) => one.expert === expert);
  return { weight: site?.weight, density: site?.density ?? recipe.sparsifiers[0]?.params.density };
}

describe("import", () => {
  it("reads TIES with mergekit's defaults", () => {
    const { recipe, findings } = read(`
merge_method: ties
base_model: ./base
models:
  - {model: ./a, parameters: {weight: 1, density: 0.5}}
  - {model: ./b, parameters: {weight: 0.5, density: 0.5}}
dtype: bfloat16
tokenizer_source: union
`);
    expect(recipe).toMatchObject({
      method: { id: "ties", params: { average: "weights", vote: "weighted", tie: "plus" } },
      sparsifiers: [{ id: "magnitude", params: { density: 0.5, scope: "tensor", count: "exact" } }],
      experts: [
        { id: "a", weight: 1 },
        { id: "b", weight: 0.5 },
      ],
      lambda: 1,
      outDtype: "bf16",
      rules: [],
    });
    expect(findings.find(({ path }) => path === "tokenizer_source")).toMatchObject({
      severity: "ignored",
      line: 8,
    });
  });

  it("takes the first filter that is part of a name, traps of substrings included", () => {
    const { recipe } = read(`
merge_method: ties
base_model: ./base
models:
  - model: ./a
    parameters:
      weight: 1
      density:
        - {filter: layers.1.attn, value: 0.74}
        - {filter: layers.1, value: 0.5}
        - {value: 0.62}
`);
    expect(at(recipe, "a", "layers.1.attn.weight").density).toBe(0.74);
    expect(at(recipe, "a", "layers.1.mlp.weight").density).toBe(0.5);
    expect(at(recipe, "a", "layers.10.mlp.weight").density).toBe(0.5);
    expect(at(recipe, "a", "layers.2.mlp.weight").density).toBe(0.62);
  });

  it("spreads a gradient over the layers, flat before and after them", () => {
    const { recipe } = read(`
merge_method: task_arithmetic
base_model: ./base
models:
  - {model: ./a, parameters: {weight: [0, 1, 0.5]}}
`);
    const weights = ["embed", "layers.0.attn", "layers.1.attn", "layers.2.attn", "layers.10.attn", "norm"];
    expect(weights.map((name) => at(recipe, "a", `${name}.weight`).weight)).toEqual([0, 0, 0.5, 1, 0.5, 0.5]);
  });

  it("reads each known method", () => {
    for (const id of [
      "linear",
      "dare_linear",
      "dare_ties",
      "breadcrumbs",
      "breadcrumbs_ties",
      "della",
      "della_linear",
      "nuslerp",
      "model_stock",
    ]) {
      const { recipe, findings } = read(`
merge_method: ${id}
base_model: ./base
models:
  - {model: ./a, parameters: {weight: 0.5, density: 0.6}}
  - {model: ./b, parameters: {weight: 0.5, density: 0.6}}
`);
      expect(
        findings.filter(({ severity }) => severity === "error"),
        id,
      ).toEqual([]);
      expect(recipe?.experts, id).toHaveLength(2);
    }
    const slerp = read(
      "merge_method: slerp\nbase_model: ./b\nmodels: [{model: ./a}, {model: ./b}]\nparameters: {t: 0.25}",
    );
    expect(slerp.recipe?.experts.map(({ id, weight }) => [id, weight])).toEqual([
      ["b", 0.75],
      ["a", 0.25],
    ]);
  });

  it("says with the line what it cannot do", () => {
    expect(errors("merge_method: sce\nmodels: []")).toEqual([
      expect.stringMatching(/^1: sce has no counterpart here; known are linear, /),
    ]);
    expect(errors("merge_method: ties\nbase_model: ./base\nmodels:\n  - model: ./c\n")).toEqual([
      "4: No expert of the library is called ./c.",
    ]);
    expect(errors("merge_method: ties\nmodels:\n  - model: ./a\n")).toEqual([
      "undefined: ties needs base_model.",
    ]);
    expect(
      errors(
        "merge_method: linear\nslices:\n  - sources: [{model: ./a, layer_range: [0, 2]}]\n  - sources: [{model: ./a, layer_range: [1, 3]}]\n",
      ),
    ).toEqual(["3: Only one slice over all 5 layers can be merged here: others may change a model's depth."]);
  });

  it("tells of filters that hit nothing and parameters that nobody reads", () => {
    const { findings } = read(`
merge_method: ties
base_model: ./base
models:
  - model: ./a
    parameters: {density: [{filter: lyers, value: 0.1}, {value: 0.5}], gamma: 0.1}
`);
    expect(findings.filter(({ severity }) => severity === "ignored").map(({ message }) => message)).toEqual([
      "The filter “lyers” is part of no tensor's name.",
      "ties has no parameter gamma.",
    ]);
  });

  it("refuses what is no configuration, with line and path", () => {
    expect(() => read("merge_method: [")).toThrow(AppError);
    expect(() => read("models: 3\nmerge_method: ties")).toThrow(/Line 1: models/);
    expect(() => read("")).toThrow(AppError);
    expect(() => read("merge_method: ties\nmodels: &a [*a]")).toThrow(AppError);
  });
});

describe("export", () => {
  const small = [
    noisy("layers.0.weight", [12, 10], 1),
    noisy("layers.0.weight.scale", [30, 9], 2),
    noisy("layers.1.weight", [14, 11], 3),
    noisy("norm.weight", [100], 4),
  ];
  const library = smallLibrary(small, { a: { 1: moved(small, 5) }, b: { 1: moved(small, 6) } });
  const card = { base: { id: library.base.id }, experts: [{ id: "a" }, { id: "b" }] };

  async function exported(id: string, change: (recipe: Recipe) => Recipe = (recipe) => recipe) {
    const preset = presets.find((one) => one.id === id)!;
    const recipe = change(defaultRecipe(card, preset));
    const merger = createMerger(library, twin);
    const summary = await merger.merge(recipe, "image", () => {}, quietContext);
    const cards = [...library.base.tensors.values()].map((tensor) => ({
      ...tensor,
      role: roleOf(tensor),
      count: sizeOf(tensor.shape),
    }));
    const counts = new Map(cards.map(({ name, count }) => [name, count]));
    const result = exportMergekit(recipe, {
      summary,
      tensors: cards,
      basePath: "./base",
      path: (expert, step) => `./${expert}${step === undefined ? "" : `/${step}`}`,
      provenance: { recipe },
    });
    return { recipe, summary, counts, ...result };
  }

  it("writes TADrop before TIES as densities that keep the same entries", async () => {
    const { yaml, summary, counts } = await exported("tadrop-ties");
    const config = parse(yaml ?? "");
    expect(config.merge_method).toBe("ties");
    for (const tensor of summary.tensors) {
      for (const [k, site] of tensor.sites.entries()) {
        const { density } = config.models[k].parameters;
        const entry = Array.isArray(density)
          ? density.find(({ filter }: { filter?: string }) => !filter || tensor.name.includes(filter)).value
          : density;
        const n = counts.get(tensor.name) ?? 0;
        expect(Math.trunc(entry * n)).toBe(site.kept);
      }
    }
  });

  it.each(["average", "task-arithmetic", "ties-mergekit", "dare-linear", "dare-ties"])(
    "of %s comes back as it was",
    async (id) => {
      const { yaml, recipe } = await exported(id, (one) => ({
        ...one,
        sparsifiers: one.sparsifiers.map((use) =>
          use.id === "dare" ? { ...use, params: { ...use.params, rescale: "l1" } } : use,
        ),
      }));
      const back = importMergekit(yaml ?? "", {
        base: recipe.base,
        tensors: library.base.tensors.values(),
        expert: (model) => (model === "./base" ? "base" : { id: model.slice(2) }),
      });
      expect(back.recipe).toMatchObject({
        method: recipe.method,
        experts: recipe.experts,
        lambda: id === "average" ? 1 : recipe.lambda,
        rules: [],
      });
      expect(back.recipe?.sparsifiers.filter(({ enabled }) => enabled)).toEqual(
        recipe.sparsifiers.filter(({ enabled }) => enabled),
      );
    },
  );

  it("says what mergekit cannot do", async () => {
    const { yaml, findings } = await exported("tadrop-task-arithmetic");
    expect(yaml).toBeUndefined();
    expect(findings[0].message).toBe(
      "mergekit has no method for tadrop → task-arithmetic: save the merged weights instead.",
    );
  });

  it("says what mergekit computes otherwise", async () => {
    const { findings } = await exported("dare-linear");
    expect(findings.map(({ severity }) => severity)).toEqual(["differs", "differs"]);
    expect(findings[1].message).toMatch(/same sum of magnitudes/);
  });
});
