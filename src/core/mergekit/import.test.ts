/** What a configuration means, clause by clause of mergekit's reader; and what hostile or broken text comes to. */
import { describe, expect, it } from "vitest";
import { AppError } from "../errors.ts";
import { roleOf } from "../model/roles.ts";
import { resolveRecipe } from "../recipe/resolve.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import { importMergekit } from "./import.ts";

const spec = (name: string): TensorSpec => ({ name, dtype: "f32", shape: [4, 4] });
const tensors = [
  spec("embed.weight"),
  ...[0, 1, 2].flatMap((i) => [spec(`layers.${i}.self_attn.weight`), spec(`layers.${i}.mlp.weight`)]),
  spec("norm.weight"),
];
const matchable = tensors.map((tensor) => ({ name: tensor.name, role: roleOf(tensor) }));
const ids = ["a", "b", "c"];

const read = (text: string) =>
  importMergekit(text, {
    base: `sha256:${"0".repeat(64)}`,
    tensors,
    expert: (model) => (model === "base" ? "base" : ids.includes(model) ? { id: model } : undefined),
  });
const said = (text: string, severity: string) =>
  read(text)
    .findings.filter((finding) => finding.severity === severity)
    .map(({ line, message }) => `${line}: ${message}`);

/** What every tensor gets: λ, and each expert's weight and density. */
function table(text: string) {
  const { recipe, findings } = read(text);
  if (!recipe) throw new Error(JSON.stringify(findings));
  const usual = recipe.sparsifiers[0]?.params.density;
  return Object.fromEntries(
    resolveRecipe(recipe, matchable).tensors.map(({ name, lambda, sites }) => [
      name.replace(/\.weight$/, ""),
      { lambda, weights: sites.map((s) => s.weight), densities: sites.map((s) => s.density ?? usual) },
    ]),
  );
}

const models = "models: [{model: a, parameters: {weight: 1}}, {model: b, parameters: {weight: 1}}]\n";

describe("slerp", () => {
  it("takes t by filters and gradients, as its best-known configurations do", () => {
    const at = table(`
merge_method: slerp
base_model: a
slices:
  - sources:
      - {model: a, layer_range: [0, 3]}
      - {model: b, layer_range: [0, 3]}
parameters:
  t:
    - {filter: self_attn, value: [0, 0.5, 1]}
    - {filter: mlp, value: [1, 0.25]}
    - {value: 0.5}
`);
    const weights = (name: string) => at[name]?.weights;
    expect([0, 1, 2].map((i) => weights(`layers.${i}.self_attn`))).toEqual([
      [1, 0],
      [0.5, 0.5],
      [0, 1],
    ]);
    expect([0, 1, 2].map((i) => weights(`layers.${i}.mlp`)?.[1])).toEqual([1, 0.625, 0.25]);
    expect([weights("embed"), weights("norm")]).toEqual([
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
  });

  it("takes no weights, two models, and starts at one of them", () => {
    const slerp = (more: string) => `merge_method: slerp\nbase_model: a\n${more}`;
    expect(said(slerp(`${models}parameters: {t: 0.5}`), "ignored")).toEqual([
      "3: slerp has no parameter weight.",
      "3: slerp has no parameter weight.",
    ]);
    expect(said(slerp(models), "error")).toEqual(["undefined: slerp needs the parameter t."]);
    expect(said(slerp("models: [{model: a}]\nparameters: {t: 0.5}"), "error")).toEqual([
      "3: slerp takes exactly 2 models beside the base.",
    ]);
    expect(
      said(
        "merge_method: slerp\nbase_model: c\nmodels: [{model: a}, {model: b}]\nparameters: {t: 0.5}",
        "error",
      ),
    ).toEqual(["2: slerp starts at base_model, one of its models."]);
  });
});

describe("nuslerp", () => {
  const along = (parameters: string) =>
    read(`merge_method: nuslerp\n${models}parameters: {${parameters}}`).recipe?.method.params;

  it("goes over the whole tensor, along rows, or along columns", () => {
    expect(along("")).toEqual({ of: "weights", along: "tensor" });
    expect(along("nuslerp_row_wise: true")).toEqual({ of: "weights", along: "tensor" });
    expect(along("nuslerp_flatten: false")).toEqual({ of: "weights", along: "rows" });
    expect(along("nuslerp_flatten: false, nuslerp_row_wise: true")).toEqual({
      of: "weights",
      along: "columns",
    });
  });

  it("goes between task vectors where there is a base, also where the base is listed", () => {
    const { recipe } = read(
      "merge_method: nuslerp\nbase_model: base\nmodels: [{model: base}, {model: a, parameters: {weight: 0.5}}, {model: b, parameters: {weight: 1.5}}]",
    );
    expect(recipe?.method.params.of).toBe("deltas");
    expect(recipe?.experts.map(({ weight }) => weight)).toEqual([0.5, 1.5]);
  });
});

describe("precedence", () => {
  it("is model, slice, whole merge; a list without a fitting filter says nothing", () => {
    const at = table(`
merge_method: ties
base_model: base
slices:
  - sources:
      - model: a
        layer_range: [0, 3]
        parameters: {density: [{filter: mlp, value: 0.25}]}
      - {model: b, layer_range: [0, 3]}
    parameters: {density: [{filter: self_attn, value: 0.5}], lambda: 0.75}
parameters: {density: 0.75, weight: 0.5, lambda: 0.25}
`);
    expect(at["layers.1.mlp"]).toEqual({ lambda: 0.75, weights: [0.5, 0.5], densities: [0.25, 0.75] });
    expect(at["layers.1.self_attn"]?.densities).toEqual([0.5, 0.5]);
    expect(at.norm?.densities).toEqual([0.75, 0.75]);
  });

  it("reads lambda, normalize and the like of the whole merge only", () => {
    const text = `merge_method: ties\nbase_model: base\nmodels: [{model: a, parameters: {weight: 1, lambda: 0.5}}]`;
    expect(said(text, "ignored")).toEqual([
      "3: mergekit reads lambda of the whole merge only, not of one model.",
    ]);
    expect(read(text).recipe?.lambda).toBe(1);
  });
});

describe("lambda", () => {
  it("may follow the depth or the name", () => {
    const at = table(
      `merge_method: task_arithmetic\nbase_model: base\n${models}parameters:\n  lambda: [{filter: mlp, value: [0, 1]}, {value: 0.3}]`,
    );
    expect([0, 1, 2].map((i) => at[`layers.${i}.mlp`]?.lambda)).toEqual([0, 0.5, 1]);
    expect([at["layers.2.self_attn"]?.lambda, at.embed?.lambda]).toEqual([0.3, 0.3]);
  });
});

describe("model_stock", () => {
  it("has no weights and asks for two experts", () => {
    const { recipe, findings } = read(
      `merge_method: model_stock\nbase_model: base\n${models.replaceAll("weight: 1", "weight: 0.5")}`,
    );
    expect(recipe?.experts.map(({ weight }) => weight)).toEqual([1, 1]);
    expect(findings.map(({ message }) => message)).toContain("model_stock has no parameter weight.");
    expect(
      findings.some(
        ({ severity, message }) => severity === "differs" && message.includes("stays at the base"),
      ),
    ).toBe(true);
    expect(said("merge_method: model_stock\nbase_model: base\nmodels: [{model: a}]", "error")).toEqual([
      "3: model_stock takes at least 2 models beside the base.",
    ]);
  });
});

describe("what mergekit would do otherwise", () => {
  it("is told: types to compute in, weights that it asks for, six decimals", () => {
    expect(said(`merge_method: linear\n${models}dtype: bfloat16`, "differs")).toEqual([
      "3: mergekit computes in bfloat16; here it is float32, and only the result is rounded.",
    ]);
    expect(said("merge_method: linear\nmodels:\n  - model: a", "differs")).toEqual([
      "3: mergekit stops where a has no weight; here it is 1.",
    ]);
    const density =
      "merge_method: ties\nbase_model: base\nmodels:\n  - {model: a, parameters: {weight: 1, density: 0.49999999}}";
    expect(said(density, "differs")).toContain(
      "4: A recipe holds six decimals of a density: in 8 tensors that is another number of entries.",
    );
  });

  it("is an error where no recipe can say it", () => {
    const ties = (more: string) => `merge_method: ties\nbase_model: base\n${models}${more}`;
    expect(said(ties("parameters: {normalize: [0, 1]}"), "error")).toEqual([
      "4: normalize must be one value; gradients and filters of it cannot be said here.",
    ]);
    expect(said(ties("parameters: {rescale: true}"), "error")).toEqual([
      "4: ties with rescale cannot be said here.",
    ]);
    expect(said(ties("dtype: int8"), "error")).toEqual(["4: int8 is no type that can be saved."]);
    expect(said(`merge_method: linear\n${models.replace("weight: 1", "weight: 3")}`, "error")).toEqual([
      "2: weight is 3; a recipe holds numbers from -2 to 2.",
    ]);
    expect(said("merge_method: linear\nmodels:\n  - model: a\n  - model: a", "error")).toEqual([
      "4: a is an expert that stands in the list already.",
    ]);
    expect(said("merge_method: linear\nmodels:\n  - model: base\n  - model: a", "error")).toEqual([
      "3: linear takes the base as an expert; here the base takes no part.",
    ]);
    expect(said("merge_method: passthrough\nslices: []", "error")[0]).toMatch(
      /^1: passthrough has no counterpart here/,
    );
    expect(
      said(
        "merge_method: linear\nslices:\n  - {base_model: base, residual_weight: 1, sources: [{model: a, layer_range: [0, 3]}]}",
        "error",
      ),
    ).toEqual([
      "3: base_model of a slice cannot be said here.",
      "3: residual_weight of a slice cannot be said here.",
    ]);
    expect(
      said("merge_method: linear\nslices:\n  - sources: [{model: a, layer_range: [0, 2]}]", "error")[0],
    ).toMatch(/^3: Only one slice over all 3 layers/);
    expect(said("merge_method: linear\nmodules: {text: {models: [{model: a}]}}", "error")[0]).toMatch(
      /^2: modules/,
    );
  });
});

describe("YAML", () => {
  it("is read as mergekit reads it: yes and no, anchors, merge keys", () => {
    const { recipe } = read(`
merge_method: ties
base_model: base
models:
  - model: a
    parameters: &usual {weight: 0.5, density: 0.5}
  - model: b
    parameters: {<<: *usual, weight: 0.25}
parameters: {normalize: no, int8_mask: yes}
`);
    expect(recipe?.method.params.average).toBe("none");
    expect(recipe?.experts.map(({ weight }) => weight)).toEqual([0.5, 0.25]);
    expect(recipe?.sparsifiers[0]?.params.density).toBe(0.5);
  });

  it.each([
    ["the same key twice", "merge_method: ties\nmerge_method: linear", /Line 2: Map keys must be unique/],
    ["tabs", "merge_method: ties\nparameters:\n\tnormalize: true", /Line 3: /],
    ["an unknown alias", "merge_method: *nobody", /aliases cannot be followed.*nobody/],
    [
      "aliases that multiply",
      `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefgh"
        .split("")
        .map((k, i) => `${k}: &${k} [${Array(9).fill(`*${"abcdefgh"[i]}`)}]`)
        .join("\n")}\nmerge_method: ties`,
      /aliases cannot be followed.*count/,
    ],
    ["nesting without end", `merge_method: ${"[".repeat(20_000)}`, /Line 1|nested too deeply/],
    [
      "numbers beyond all bounds",
      "merge_method: linear\nmodels:\n  - {model: a, parameters: {weight: 1e999}}",
      /Line 3: models\.0\.parameters\.weight/,
    ],
    ["no number", "merge_method: linear\nmodels:\n  - {model: a, parameters: {weight: .nan}}", /Line 3/],
    [
      "words for numbers",
      "merge_method: linear\nmodels:\n  - {model: a, parameters: {weight: much}}",
      /Line 3/,
    ],
    [
      "a lone filter, which mergekit refuses too",
      "merge_method: ties\nparameters: {density: {filter: mlp, value: 1}}",
      /Line 2/,
    ],
    ["a list where a text belongs", "merge_method: [ties]", /Line 1: merge_method/],
    ["several documents", "merge_method: ties\n---\nmerge_method: linear", /documents/],
    ["too much text", " ".repeat(4_000_001), /too long/],
  ])("with %s is refused in one clear sentence", (_, text, words) => {
    expect(() => read(text)).toThrow(AppError);
    expect(() => read(text)).toThrow(words);
  });

  it("cannot reach into prototypes", () => {
    const { recipe } = read(
      `merge_method: linear\n${models}__proto__: {polluted: 1}\nparameters: {__proto__: 1, constructor: 1}`,
    );
    expect(recipe).toBeDefined();
    expect("polluted" in {}).toBe(false);
  });
});
