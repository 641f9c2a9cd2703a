import { beforeAll, describe, expect, test } from "vitest";
import { quietContext } from "../context.ts";
import { bytesSource, type ModelFile } from "../formats/format.ts";
import { safetensors } from "../formats/safetensors.ts";
import { createMerger } from "../merge/run.ts";
import { defaultRecipe } from "../recipe/default.ts";
import type { Recipe } from "../recipe/schema.ts";
import { twin } from "../tensor/twin.ts";
import { memoryFile } from "../testing/memory-file.ts";
import { noise } from "../testing/small-library.ts";
import { ancestorsToText } from "./ancestors.ts";
import { ancestryOf } from "./ancestry.ts";
import { exportModel, joined } from "./export.ts";
import { ownFamily } from "./own-family.ts";
import { readProvenance } from "./provenance.ts";
import { rederive } from "./rederive.ts";
import { ZooLibrary } from "./zoo-library.ts";

const network = (seed: number, name: string) =>
  memoryFile(
    {
      "layers.0.weight": { shape: [12, 9], values: noise(108, seed) },
      "norm.weight": { shape: [9], values: noise(9, seed + 1) },
    },
    name,
  );

/** A library with experts of these names, made of seeds. */
async function open(experts: Readonly<Record<string, number>>): Promise<ZooLibrary> {
  const base = { path: "base.safetensors", file: await network(1, "base.safetensors") };
  const library = await ZooLibrary.open(ownFamily({ base, candidates: [], datasets: [] }), twin);
  for (const [name, seed] of Object.entries(experts)) {
    await library.add(await network(seed, `${name}.safetensors`), `${name}.safetensors`, quietContext);
  }
  return library;
}

let library: ZooLibrary;

beforeAll(async () => {
  library = await open({ cats: 10, dogs: 20 });
});

/** The recipe's merged file as it is read back, and as an expert of a library. */
async function merged(
  recipe: Recipe,
  options: { readonly hideNames?: boolean; readonly task?: string } = {},
) {
  const { pieces } = await exportModel(
    library,
    createMerger(library, twin),
    { recipe, as: "safetensors", ...options },
    quietContext,
  );
  return safetensors.open(bytesSource(joined(pieces)), "merged.safetensors");
}

async function added(file: ModelFile, to = library) {
  const card = await to.add(file, "merged.safetensors", quietContext);
  const found = to.merged(card.id, 0);
  to.forget(card.id);
  if (!found) throw new Error("the file does not say that it is a merge");
  return { card, ...found, again: () => rederive(to, twin, found.file, found.made, quietContext) };
}

const recipeOf = (method: string) => defaultRecipe(library.card(), method);
const dare = (): Recipe => ({
  ...recipeOf("task-arithmetic"),
  sparsifiers: [{ id: "dare", enabled: true, params: {} }],
});

describe("a merged file", () => {
  test.each(["linear", "ties", "localize-and-stitch"])(
    "of %s is computed again bit for bit",
    async (method) => {
      const { card, again } = await added(await merged(recipeOf(method)));
      expect(card.checkpoints[0]?.mergedBy).toBe(method);
      expect(await again()).toEqual({ status: "equal", tensors: 2 });
    },
  );

  test("of one task is computed again as that task's", async () => {
    const { again, made } = await added(await merged(recipeOf("emr"), { task: "dogs" }));
    expect(made).toMatchObject({ expert: "dogs", task: "dogs" });
    expect(await again()).toEqual({ status: "equal", tensors: 2 });
  });

  test("finds its parents by content, whatever they are called", async () => {
    const other = await open({ lions: 10, wolves: 20, bears: 30 });
    const { again, made } = await added(await merged(dare()), other);
    expect(await again()).toEqual({ status: "equal", tensors: 2 });
    const { experts } = await ancestryOf(made, other);
    expect(experts.map(({ id, file, here }) => [id, file, here?.expert])).toEqual([
      ["cats", "cats.safetensors", "lions"],
      ["dogs", "dogs.safetensors", "wolves"],
    ]);
  });

  test("says which parents are not here", async () => {
    const { again } = await added(await merged(recipeOf("ties")), await open({ lions: 10 }));
    expect(await again()).toEqual({
      status: "missing",
      experts: ["dogs"],
      isBaseMissing: false,
      canBeMade: [],
    });
  });

  test("without names tells none, and is computed again unless names drew its masks", async () => {
    const plain = await merged(recipeOf("ties"), { hideNames: true });
    expect([...plain.metadata.values()].join()).not.toMatch(/cats|dogs|base\.safetensors/);
    expect(await (await added(plain)).again()).toEqual({ status: "equal", tensors: 2 });
    const random = await merged(dare(), { hideNames: true });
    expect(await (await added(random)).again()).toEqual({ status: "unrepeatable" });
  });

  test("that was changed differs, at the first element", async () => {
    const { pieces } = await exportModel(
      library,
      createMerger(library, twin),
      { recipe: recipeOf("ties"), as: "safetensors" },
      quietContext,
    );
    const bytes = joined(pieces);
    const at = bytes.length - 4 * 9 + 4 * 2; // third entry of norm.weight, the last tensor
    new DataView(bytes.buffer).setFloat32(at, 5, true);
    const { again } = await added(await safetensors.open(bytesSource(bytes), "changed.safetensors"));
    expect(await again()).toMatchObject({ status: "differs", tensor: "norm.weight", index: 2, stored: 5 });
  });

  test("whose metadata is damaged is an expert all the same, with a warning", async () => {
    const file = await merged(recipeOf("ties"));
    const metadata = new Map([...file.metadata, ["kintsugi.recipe", "{"]]);
    const card = await library.add({ ...file, metadata }, "damaged.safetensors", quietContext);
    expect(card.warnings.join()).toMatch(/recipe is no JSON/);
    expect(library.merged(card.id, 0)).toBeUndefined();
    library.forget(card.id);
  });
});

describe("a merge of merges", () => {
  /** TIES of a first merge and cats, over the library with that merge in it. */
  async function second(hideNames = false) {
    const own = await open({ cats: 10, dogs: 20 });
    const first = await merged(recipeOf("linear"), { hideNames });
    await own.add(first, "first.safetensors", quietContext);
    const card = own.card();
    const recipe = defaultRecipe(
      { ...card, experts: card.experts.filter(({ id }) => id !== "dogs") },
      "ties",
    );
    const request = { recipe, as: "safetensors", hideNames } as const;
    const { pieces } = await exportModel(own, createMerger(own, twin), request, quietContext);
    return { own, first, file: await safetensors.open(bytesSource(joined(pieces)), "second.safetensors") };
  }

  test("tells of its parents' parents, and of theirs in a third merge", async () => {
    const { file } = await second();
    const other = await open({ lions: 10, wolves: 20 });
    const { made } = await added(file, other);
    const { experts } = await ancestryOf(made, other);
    const first = experts.find(({ id }) => id === "first");
    expect(first?.here).toBeUndefined();
    expect(first?.made?.recipe.method.id).toBe("linear");
    expect(first?.made?.experts.map(({ file: name, here }) => [name, here?.expert])).toEqual([
      ["cats.safetensors", "lions"],
      ["dogs.safetensors", "wolves"],
    ]);

    await other.add(file, "second.safetensors", quietContext);
    const recipe = defaultRecipe(other.card(), "linear");
    const request = { recipe, as: "safetensors" } as const;
    const { pieces } = await exportModel(other, createMerger(other, twin), request, quietContext);
    const third = await safetensors.open(bytesSource(joined(pieces)), "third.safetensors");
    const told = await ancestryOf((await added(third)).made, library);
    const tree = (one: typeof told): unknown[] =>
      one.experts.map(({ id, made: own }) => (own ? [id, ...tree(own)] : id));
    expect(tree(told)).toEqual(["lions", "wolves", ["second", "cats", ["first", "cats", "dogs"]]]);
  });

  test("says what must be made first, and is computed again when it is there", async () => {
    const { file, first } = await second();
    expect(await (await added(file)).again()).toEqual({
      status: "missing",
      experts: ["first"],
      isBaseMissing: false,
      canBeMade: ["first"],
    });
    const other = await open({ lions: 10 });
    expect(await (await added(file, other)).again()).toMatchObject({ experts: ["first"], canBeMade: [] });
    await other.add(first, "a-merge.safetensors", quietContext);
    expect(await (await added(file, other)).again()).toEqual({ status: "equal", tensors: 2 });
  });

  test("hides its ancestors' names with its own", async () => {
    const { file } = await second(true);
    expect([...file.metadata.values()].join()).not.toMatch(/cats|dogs|first|base\.safetensors/);
    expect((await ancestryOf((await added(file)).made, library)).experts[1]?.made?.experts).toHaveLength(2);
  });

  test("does not go round in circles that a file claims, nor stop at what it cannot read", async () => {
    const { file } = await second();
    const { made } = await added(file);
    const id = made.inputs.experts.first!.id;
    const own = made.ancestors!.get(id)!;
    const round = { ...own, inputs: { ...own.inputs, experts: { x: { step: 0, id } } } };
    const text = ancestorsToText(new Map([[id, round]]));
    const metadata = new Map([...file.metadata, ["kintsugi.ancestors", `${text.slice(0, -1)},{"id":3}]`]]);
    const told = await ancestryOf(readProvenance(metadata)!, library);
    expect(told.experts[1]?.made?.experts[0]).toMatchObject({ id: "x", content: id });
    expect(told.experts[1]?.made?.experts[0]?.made).toBeUndefined();
    for (const broken of ["{", "3", "x".repeat(3_000_000)]) {
      const found = readProvenance(new Map([...file.metadata, ["kintsugi.ancestors", broken]]));
      expect(found?.ancestors?.size).toBe(0);
    }
  });
});
