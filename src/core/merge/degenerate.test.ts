/** What every method and every sparsifier must do with tensors and numbers at the edge, through the whole engine. */
import { describe, expect, test } from "vitest";
import { quietContext } from "../context.ts";
import { EvidenceStore } from "../evidence/store.ts";
import { methods } from "../methods/index.ts";
import type { EvidenceKind } from "../model/evidence.ts";
import { completeParams } from "../recipe/complete.ts";
import { defaultRecipe } from "../recipe/default.ts";
import type { Params, Recipe } from "../recipe/schema.ts";
import { sparsifiers } from "../sparsifiers/index.ts";
import { twin } from "../tensor/twin.ts";
import { witness } from "../testing/small-evidence.ts";
import { moved, noise, type SmallTensor, smallLibrary } from "../testing/small-library.ts";
import { createMerger } from "./run.ts";

const shared = noise(12 * 8, 7);
const base: readonly SmallTensor[] = [
  { name: "embed.weight", shape: [12, 8], values: shared },
  { name: "layers.0.weight", shape: [8, 8], values: noise(64, 1) },
  { name: "layers.0.gain", shape: [1], values: [0.5] },
  { name: "scale", shape: [], values: [2] },
  { name: "empty", shape: [0, 4], values: [] },
  { name: "flat", shape: [40], values: new Float32Array(40).fill(0.25) },
  { name: "head.weight", shape: [12, 8], values: shared },
  { name: "steps", shape: [3], dtype: "i64", values: [1, 2, 3] },
];
/** Moves all of a tensor by the same number, so that every magnitude is equal. */
const shifted = (tensors: readonly SmallTensor[]) =>
  tensors.map((tensor) =>
    tensor.name === "flat"
      ? { ...tensor, values: Float32Array.from(tensor.values, (v) => v + 0.125) }
      : tensor,
  );
/** Both halves of the tie get the first one's values. */
const tied = (tensors: readonly SmallTensor[]) =>
  tensors.map((tensor) =>
    tensor.name === "head.weight" ? { ...tensor, values: tensors[0].values } : tensor,
  );
/** Counters that went on: a and b have other numbers than the base, and than each other. */
const counted = (tensors: readonly SmallTensor[], seed: number) =>
  tensors.map((tensor) => (tensor.dtype === "i64" ? { ...tensor, values: [seed, seed, seed] } : tensor));
const expert = (seed: number) => ({ 0: counted(tied(shifted(moved(base, seed))), seed) });

const store = new EvidenceStore();
const library = smallLibrary(
  base,
  { a: expert(11), b: expert(22), still: { 0: base }, idle: { 0: base } },
  store,
);
const kinds: readonly EvidenceKind[] = ["mask", "fisher", "gram", "sensitivity"];
const evidence = await Promise.all(
  kinds.flatMap((kind, k) =>
    ["a", "b", "still", "idle"].map(async (id, e) => ({
      kind,
      expert: id,
      id: await witness(library, store, kind, id, 10 * k + e),
    })),
  ),
);
const card = { base: library.base, experts: [{ id: "a" }, { id: "b" }] };

function recipeOf(
  method: string,
  chain: readonly { readonly id: string; readonly params?: Params }[],
  ids = ["a", "b"],
): Recipe {
  const recipe = defaultRecipe({ ...card, experts: ids.map((id) => ({ id })) }, method);
  const use = chain.map(({ id, params = {} }) => {
    const owner = sparsifiers.find((one) => one.id === id)!;
    return { id, enabled: true, params: { ...completeParams(owner, params, id) } };
  });
  return { ...recipe, sparsifiers: use, evidence: evidence.filter((one) => ids.includes(one.expert)) };
}

/** Merged rows by tensor. */
async function merge(recipe: Recipe) {
  const merged = new Map<string, { readonly rows: readonly Float32Array[]; readonly fromBase: boolean }>();
  for await (const { spec, rows, fromBase } of createMerger(library, twin).full(recipe, quietContext)) {
    merged.set(spec.name, { rows, fromBase });
  }
  return merged;
}

type Merged = Awaited<ReturnType<typeof merge>>;

function expectSound(merged: Merged, rows: number): void {
  expect([...merged.keys()]).toEqual(base.map(({ name }) => name));
  for (const { name, values, dtype } of base) {
    const found = merged.get(name)!;
    expect(found.rows, name).toHaveLength(rows);
    for (const row of found.rows) {
      expect(row.length, name).toBe(values.length);
      expect(row.every(Number.isFinite), name).toBe(true);
    }
    if (dtype === "i64") expect(found.fromBase, name).toBe(true);
  }
}

function expectTied(merged: Merged): void {
  expect(merged.get("head.weight")?.rows).toEqual(merged.get("embed.weight")?.rows);
}

function expectBase(merged: Merged, tolerance = { rtol: 1e-6, atol: 1e-7 }): void {
  for (const { name, values } of base) {
    const { rows } = merged.get(name)!;
    expect(rows.length, name).toBeGreaterThan(0);
    for (const row of rows) expect(row, name).toBeAllclose(Float32Array.from(values), tolerance);
  }
}

const exactly = { rtol: 0, atol: 0 };

const names = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);
const rowsOf = (id: string, experts: number) =>
  methods.find((one) => one.id === id)?.output === "per-task" ? experts : 1;

const weighted = (recipe: Recipe, weights: readonly number[]): Recipe => ({
  ...recipe,
  experts: recipe.experts.map((one, k) => ({ ...one, weight: weights[k]! })),
});

describe.each(names(methods))("the method %s", (id) => {
  test("takes tensors without entries, of one entry, of integers; tied ones stay tied", async () => {
    const merged = await merge(recipeOf(id, []));
    expectSound(merged, rowsOf(id, 2));
    expectTied(merged);
  });

  test.each([[["still"]], [["still", "idle"]]])("gives the base where none of %j has moved", async (ids) => {
    const merged = await merge(recipeOf(id, [], ids));
    expectSound(merged, rowsOf(id, ids.length));
    expectBase(merged);
  });

  test("takes an expert that has not moved beside one that has", async () => {
    expectSound(await merge(recipeOf(id, [], ["a", "still"])), rowsOf(id, 2));
  });

  test.each([
    [0, 1],
    [1, 0],
    [1, -1],
  ])("takes weights of %d and %d", async (...weights) => {
    expectSound(await merge(weighted(recipeOf(id, []), weights)), rowsOf(id, 2));
  });

  test("leaves the base bit for bit where all weights are 0", async () => {
    const merged = await merge(weighted(recipeOf(id, []), [0, 0]));
    expectSound(merged, rowsOf(id, 2));
    expectBase(merged, exactly);
  });
});

describe.each(names(sparsifiers))("the sparsifier %s", (id) => {
  const has = (key: string) => key in (sparsifiers.find((one) => one.id === id)?.params.shape ?? {});
  const densities = has("density")
    ? [{ density: 0 }, { density: 0.5 }, { density: 1 }]
    : [{ sMax: 0 }, {}, { sMax: 1 }];
  const variants = densities.flatMap((params) => [
    { params },
    ...(has("scope")
      ? [{ params: { ...params, scope: "model" } }, { params: { ...params, scope: "tensor" } }]
      : []),
    ...(id === "tadrop" ? [{ params: { ...params, budget: true } }] : []),
    ...(id === "localize" ? ["trained", "random"].map((masks) => ({ params: { ...params, masks } })) : []),
  ]);

  test.each(variants)("is sound with $params, and tied tensors stay tied", async ({ params }) => {
    const merged = await merge(recipeOf("task-arithmetic", [{ id, params }]));
    expectSound(merged, 1);
    expectTied(merged);
  });

  test.each(variants)("leaves an expert that has not moved at the base, with $params", async ({ params }) => {
    expectBase(await merge(recipeOf("task-arithmetic", [{ id, params }], ["still"])));
  });

  const scopes = has("scope") ? [{ scope: "tensor" }, { scope: "model" }] : [{}];
  test.skipIf(!has("density")).each(scopes)(
    "keeps nothing at density 0 but single entries, and everything as it is at 1, with %j",
    async (scope) => {
      const at = (density: number) =>
        merge(recipeOf("task-arithmetic", [{ id, params: { ...scope, density } }]));
      const [none, all, whole] = [await at(0), await at(1), await merge(recipeOf("task-arithmetic", []))];
      for (const { name, values } of base) {
        const wanted = Float32Array.from(values);
        if (values.length !== 1) expect(none.get(name)?.rows[0], name).toBeAllclose(wanted, exactly);
        expect(all.get(name)?.rows[0], name).toBeAllclose(whole.get(name)!.rows[0], exactly);
      }
    },
  );
});
