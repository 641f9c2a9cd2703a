import { describe, expect, test } from "vitest";
import { quietContext } from "../context.ts";
import { bytesSource } from "../formats/format.ts";
import { safetensors } from "../formats/safetensors.ts";
import { createMerger } from "../merge/run.ts";
import { contentOf } from "../model/content-id.ts";
import { defaultRecipe } from "../recipe/default.ts";
import { decode } from "../tensor/dtype.ts";
import { twin } from "../tensor/twin.ts";
import { type MemoryTensor, memoryFile } from "../testing/memory-file.ts";
import { ancestryOf } from "./ancestry.ts";
import { exportModel, joined } from "./export.ts";
import { NonFiniteCount } from "./non-finite.ts";
import { ownFamily } from "./own-family.ts";
import { rederive } from "./rederive.ts";
import type { NonFinitePolicy } from "./repair.ts";
import { sealRecipe } from "./seal.ts";
import { ZooLibrary } from "./zoo-library.ts";

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
const base = {
  "fc.weight": { shape: [4], values: [1, 70_000, 3, 4] },
  "fc.bias": { shape: [1], values: [5] },
};
/** Of f16, which cannot hold the base's second entry. */
const broken: Readonly<Record<string, MemoryTensor>> = {
  "fc.weight": { shape: [4], values: [nan, infinity, 2, -infinity], dtype: "f16" },
  "fc.bias": { shape: [1], values: [6] },
};

async function openBase(tensors: typeof base = base, nonFinite?: NonFinitePolicy): Promise<ZooLibrary> {
  const file = await memoryFile(tensors, "base.safetensors");
  const own = { path: "base.safetensors", file, nonFinite };
  return ZooLibrary.open(ownFamily({ base: own, candidates: [], datasets: [] }), twin);
}

const add = async (library: ZooLibrary, nonFinite?: NonFinitePolicy, tensors = broken) =>
  library.add(await memoryFile(tensors, "e.safetensors"), "e.safetensors", quietContext, { nonFinite });

async function loaded(library: ZooLibrary, id: string, tensor = "fc.weight"): Promise<number[]> {
  const checkpoint = await library.expert(id)?.checkpoint(0);
  return [...((await checkpoint?.load(tensor)) ?? [])];
}

describe("an expert with entries that are no numbers", () => {
  test("is refused, with how many there are, of which kind and where", async () => {
    await expect(add(await openBase())).rejects.toMatchObject({
      code: "model/non-finite",
      details: { nan: 1, infinite: 2, count: 1, tensors: ["fc.weight: 1 NaN, 2 ±∞ / 4"] },
    });
  });

  test("has zeros there under “zero”", async () => {
    const library = await openBase();
    const card = await add(library, "zero");
    expect(await loaded(library, card.id)).toEqual([0, 0, 2, 0]);
    expect(card.checkpoints[0]?.repair).toMatchObject({ by: "zero", nan: 1, infinite: 2, tensors: 1 });
  });

  test("has the base's own entries there under “base”, exactly, whatever its own type holds", async () => {
    const library = await openBase();
    const { id } = await add(library, "base");
    expect(await loaded(library, id)).toEqual([1, 70_000, 2, 4]);
    expect(await loaded(library, id, "fc.bias")).toEqual([6]);
  });

  test("is another model than its file, and another one under either policy", async () => {
    const library = await openBase();
    const file = await contentOf(await memoryFile(broken));
    const cards = [await add(library, "zero"), await add(library, "base")];
    const ids = cards.map(({ checkpoints }) => checkpoints[0]?.id);
    expect(new Set([file.id, ...ids]).size).toBe(3);
    expect(cards.map(({ id, checkpoints }) => [id, checkpoints[0]?.repair?.from])).toEqual([
      ["e", file.id],
      ["e-2", file.id],
    ]);
    const as = (values: number[]) => ({ ...broken, "fc.weight": { shape: [4], values } });
    expect(ids[0]).toBe((await contentOf(await memoryFile(as([0, 0, 2, 0])))).id);
  });

  test("is merged as it was repaired, and the seal tells how to have it again", async () => {
    const library = await openBase();
    const { id, checkpoints } = await add(library, "base");
    const recipe = defaultRecipe(library.card(), "task-arithmetic");
    const { inputs } = await sealRecipe(library, createMerger(library, twin), recipe, quietContext);
    expect(inputs.experts[id]?.id).toBe(checkpoints[0]?.id);
    expect(inputs.repairs).toEqual([
      { id: checkpoints[0]?.id, from: checkpoints[0]?.repair?.from, by: "base" },
    ]);
  });

  test("leads from the merged file back to its own file: how it was repaired, and the same bits again", async () => {
    const library = await openBase();
    await add(library, "base");
    const recipe = defaultRecipe(library.card(), "task-arithmetic");
    const request = { recipe, as: "safetensors", hideNames: true } as const;
    const { pieces } = await exportModel(library, createMerger(library, twin), request, quietContext);
    const file = await safetensors.open(bytesSource(joined(pieces)), "merged.safetensors");
    const card = await library.add(file, "merged.safetensors", quietContext);
    const { made } = library.merged(card.id, 0)!;
    expect((await ancestryOf(made, library)).experts).toMatchObject([
      { repairedBy: "base", here: { expert: "e" } },
    ]);
    expect(await rederive(library, twin, file, made, quietContext)).toEqual({ status: "equal", tensors: 2 });
    const other = await openBase();
    await add(other, "zero");
    expect(await rederive(other, twin, file, made, quietContext)).toMatchObject({ status: "missing" });
  });

  test("that no merge reads is taken as it is", async () => {
    const extra = { ...base, "other.weight": { shape: [1], values: [nan] } };
    expect((await add(await openBase(), "error", extra)).checkpoints[0]?.repair).toBeUndefined();
  });
});

describe("a base with entries that are no numbers", () => {
  const sick = { ...base, "fc.bias": { shape: [1], values: [nan] } };

  test.each([undefined, "base"] as const)("is refused under %s", async (policy) => {
    await expect(openBase(sick, policy)).rejects.toMatchObject({
      code: "model/non-finite",
      details: { file: "base.safetensors", nan: 1, infinite: 0 },
    });
  });

  test("has zeros there under “zero”, in the file that merges copy from too", async () => {
    const library = await openBase(sick, "zero");
    expect([...(await library.base.load("fc.bias"))]).toEqual([0]);
    expect(decode(await library.baseFile.bytes("fc.bias"), "f32")).toEqual(new Float32Array([0]));
    expect(library.base.repair).toMatchObject({ by: "zero", nan: 1 });
    expect(library.base.id).toBe(
      (await openBase({ ...sick, "fc.bias": { shape: [1], values: [0] } })).base.id,
    );
  });
});

describe("counting", () => {
  const count = (dtype: ConstructorParameters<typeof NonFiniteCount>[0], bytes: Uint8Array<ArrayBuffer>) => {
    const counting = new NonFiniteCount(dtype);
    for (const half of [bytes.slice(0, bytes.length / 2), bytes.slice(bytes.length / 2)]) counting.add(half);
    return counting.found();
  };
  const words = (...values: number[]) => new Uint8Array(Uint16Array.from(values).buffer);

  test.each([
    ["f16", words(0x7bff, 0x7c00, 0xfc00, 0x7e01, 0xffff, 0x8000), { nan: 2, infinite: 2, first: 1 }],
    ["bf16", words(0x7f7f, 0x7f80, 0xff80, 0x7f81, 0xffff, 0x8000), { nan: 2, infinite: 2, first: 1 }],
    [
      "f32",
      new Uint8Array(Uint32Array.of(0x7f7fffff, 0xff800001, 0x7f800000, 0).buffer),
      { nan: 1, infinite: 1, first: 1 },
    ],
    ["f64", new Uint8Array(Float64Array.of(1, 1e300, nan, 1e-300).buffer), { nan: 1, infinite: 1, first: 1 }],
  ] as const)(
    "tells NaNs with any payload and infinities of %s by their bits, over pieces",
    (dtype, bytes, found) => {
      expect(count(dtype, bytes)).toMatchObject(found);
      expect([...decode(bytes, dtype)].filter((value) => !Number.isFinite(value))).toHaveLength(
        found.nan + found.infinite,
      );
    },
  );

  test("finds nothing among numbers", () => {
    expect(count("f16", words(0x7bff, 0xfbff, 0, 0x8000))).toBeUndefined();
    expect(count("f32", new Uint8Array())).toBeUndefined();
  });
});
