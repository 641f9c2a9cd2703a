/** Out and in again: over the whole exact subset, what comes back merges to the same weights. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { quietContext } from "../context.ts";
import { createMerger } from "../merge/run.ts";
import { roleOf } from "../model/roles.ts";
import { completeParams } from "../recipe/complete.ts";
import { builtIn, findMethod, findSparsifier } from "../recipe/registry.ts";
import { type Params, type Recipe, recipe as recipeSchema } from "../recipe/schema.ts";
import { sizeOf } from "../tensor/tensor.ts";
import { twin } from "../tensor/twin.ts";
import { moved, noisy, smallLibrary } from "../testing/small-library.ts";
import { exportMergekit } from "./export.ts";
import { importMergekit } from "./import.ts";

const small = [
  noisy("embed.weight", [12, 10], 1),
  noisy("layers.0.weight", [12, 10], 2),
  noisy("layers.0.weight.scale", [30], 3),
  noisy("layers.1.weight", [14, 11], 4),
  noisy("layers.10.weight", [8, 5], 5),
  noisy("norm.weight", [100], 6),
];
const library = smallLibrary(small, {
  a: { 1: moved(small, 7) },
  b: { 1: moved(small, 8) },
  c: { 1: moved(small, 9) },
});
const specs = [...library.base.tensors.values()];
const cards = specs.map((spec) => ({ ...spec, role: roleOf(spec), count: sizeOf(spec.shape) }));

interface Kind {
  readonly method: string;
  readonly params: Params;
  readonly chain?: { readonly id: string; readonly params: Params };
  readonly experts: number;
  /** Rules may set these. */
  readonly keys: readonly string[];
  readonly hasLambda: boolean;
}

const mixers: readonly Omit<Kind, "chain" | "keys" | "experts">[] = [
  { method: "task-arithmetic", params: { normalize: false }, hasLambda: true },
  { method: "task-arithmetic", params: { normalize: true }, hasLambda: true },
  { method: "ties", params: { average: "weights" }, hasLambda: true },
  { method: "ties", params: { average: "none" }, hasLambda: true },
];
const chains = [
  { id: "dare", params: { rescale: "l1" }, keys: [] },
  { id: "dare", params: { rescale: "none" }, keys: [] },
  { id: "breadcrumbs", params: { small: "drop", gamma: 0.02 }, keys: ["breadcrumbs.gamma"] },
  { id: "della", params: { rescale: "l1", epsilon: 0.1 }, keys: ["della.epsilon"] },
];
const kinds: readonly Kind[] = [
  { method: "linear", params: { normalize: true }, experts: 3, keys: ["weight"], hasLambda: false },
  { method: "linear", params: { normalize: false }, experts: 2, keys: ["weight"], hasLambda: false },
  {
    method: "slerp",
    params: { of: "weights", along: "tensor" },
    experts: 2,
    keys: ["weight"],
    hasLambda: false,
  },
  {
    method: "slerp",
    params: { of: "weights", along: "rows" },
    experts: 2,
    keys: ["weight"],
    hasLambda: false,
  },
  {
    method: "slerp",
    params: { of: "deltas", along: "columns" },
    experts: 2,
    keys: ["weight"],
    hasLambda: false,
  },
  { method: "model-stock", params: { rows: true }, experts: 3, keys: [], hasLambda: false },
  ...mixers.map((mixer) => ({ ...mixer, experts: 3, keys: ["weight"] })),
  ...mixers
    .filter(({ method }) => method === "ties")
    .map((mixer) => ({
      ...mixer,
      experts: 3,
      keys: ["weight", "density"],
      chain: { id: "magnitude", params: {} },
    })),
  ...mixers.flatMap((mixer) =>
    chains.map(({ keys, ...chain }) => ({
      ...mixer,
      experts: 2,
      chain,
      keys: ["weight", "density", ...keys],
    })),
  ),
];

const values: Readonly<Record<string, readonly number[]>> = {
  weight: [0, 0.25, 0.5, 1.5, -1],
  density: [0.2, 0.25, 0.5, 0.8],
  lambda: [0, 0.3, 1, -0.5],
  "breadcrumbs.gamma": [0, 0.01, 0.1],
  "della.epsilon": [0.05, 0.15],
};

const rule = (kind: Kind) =>
  fc
    .record({
      names: fc.subarray(
        small.map(({ name }) => name),
        { minLength: 1 },
      ),
      who: fc.subarray(["a", "b", "c"].slice(0, kind.experts), { minLength: 1 }),
      key: fc.constantFrom(...kind.keys, ...(kind.hasLambda ? ["lambda", "keep"] : [])),
      pick: fc.nat(100),
    })
    .map(({ names, who, key, pick }) => {
      const all = values[key] ?? [0];
      const match = { names };
      if (key === "keep") return { match, set: {}, keep: "base" };
      const set = { [key]: all[pick % all.length] ?? 0 };
      return { match, set, ...(key !== "lambda" && { experts: who }) };
    });

const recipes = fc.constantFrom(...kinds).chain((kind) =>
  fc
    .record({
      rules:
        kind.keys.length + Number(kind.hasLambda) === 0
          ? fc.constant([])
          : fc.array(rule(kind), { maxLength: 3 }),
      weights: fc.array(fc.constantFrom(0.25, 0.5, 1), { minLength: 3, maxLength: 3 }),
      lambda: fc.constantFrom(1, 0.3, 0.6),
      density: fc.constantFrom(0.3, 0.5, 1),
      outDtype: fc.constantFrom("base", "bf16", "f32"),
    })
    .map(({ rules, weights, lambda, density, outDtype }): Recipe => {
      const { chain } = kind;
      const isWeighted = kind.keys.includes("weight");
      return recipeSchema.parse({
        version: 1,
        base: library.base.id,
        seed: 0,
        outDtype,
        method: {
          id: kind.method,
          params: completeParams(findMethod(builtIn, kind.method), kind.params, "method"),
        },
        sparsifiers: chain
          ? [
              {
                id: chain.id,
                enabled: true,
                params: completeParams(
                  findSparsifier(builtIn, chain.id),
                  { ...chain.params, density },
                  "chain",
                ),
              },
            ]
          : [],
        experts: ["a", "b", "c"]
          .slice(0, kind.experts)
          .map((id, k) => ({ id, enabled: true, weight: isWeighted ? weights[k] : 1 })),
        lambda: kind.hasLambda ? lambda : 1,
        rules,
      });
    }),
);

async function merged(recipe: Recipe) {
  const out = new Map<string, Float32Array>();
  const summary = await createMerger(library, twin).merge(
    recipe,
    "image",
    (name, [row]) => row && out.set(name, row),
    quietContext,
  );
  return { out, summary };
}

test("import(export(recipe)) merges to what the recipe merges to", async () => {
  await fc.assert(
    fc.asyncProperty(recipes, async (recipe) => {
      const first = await merged(recipe);
      const { yaml, findings } = exportMergekit(recipe, {
        summary: first.summary,
        tensors: cards,
        basePath: "base",
        path: (id) => id,
        provenance: { recipe },
      });
      expect(
        findings.filter(({ severity }) => severity === "error"),
        JSON.stringify(recipe),
      ).toEqual([]);
      const back = importMergekit(yaml ?? "", {
        base: recipe.base,
        tensors: specs,
        expert: (model) => (model === "base" ? "base" : { id: model }),
      });
      expect(back.recipe, JSON.stringify(back.findings)).toBeDefined();
      if (!back.recipe) return;
      expect(back.recipe.outDtype).toBe(recipe.outDtype);
      const again = await merged(back.recipe);
      for (const { name } of small) {
        // Weights of SLERP come back as shares: the last bits may differ.
        expect(again.out.get(name), `${name}\n${yaml}`).toBeAllclose(first.out.get(name) ?? [], {
          rtol: 1e-2 * Number(recipe.outDtype === "bf16") + 1e-5,
          atol: 1e-6,
        });
      }
    }),
    { numRuns: 30 },
  );
});
