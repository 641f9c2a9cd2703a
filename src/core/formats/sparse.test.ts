import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isAppError } from "../errors.ts";
import { encode, type WritableDType } from "../tensor/dtype.ts";
import { bytesSource, type ModelFile } from "./format.ts";
import { safetensors } from "./safetensors.ts";
import { writeSafetensors } from "./safetensors-write.ts";
import { isSparse, overBase, readSparse, type SparseTensor, writeSparse } from "./sparse.ts";

const id = `sha256:${"a".repeat(64)}`;
const about = { base: id, expert: "digits", parameters: 12 };

async function opened(pieces: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<ModelFile> {
  const parts: number[] = [];
  for await (const piece of pieces) parts.push(...piece);
  return safetensors.open(bytesSource(Uint8Array.from(parts)), "a.safetensors");
}

/** A file of f32 unless told, by name; i32 from whole numbers. */
function fileOf(
  tensors: Readonly<Record<string, readonly number[]>>,
  metadata: Readonly<Record<string, string>> = {},
  dtypes: Readonly<Record<string, "f16" | "bf16" | "i32">> = {},
): Promise<ModelFile> {
  const specs = Object.entries(tensors).map(
    ([name, values]) => ({ name, dtype: dtypes[name] ?? "f32", shape: [values.length] }) as const,
  );
  return opened(
    writeSafetensors(specs, new Map(Object.entries(metadata)), ({ name }) => {
      const dtype = dtypes[name] ?? "f32";
      const values = tensors[name] ?? [];
      if (dtype === "i32") return new Uint8Array(Int32Array.from(values).buffer);
      return encode(Float32Array.from(values), dtype).bytes;
    }),
  );
}

function region(
  name: string,
  entries: Readonly<Record<number, number>>,
  dtype: WritableDType = "f32",
): SparseTensor {
  const values = encode(Float32Array.from(Object.values(entries)), dtype).bytes;
  return { name, dtype, indices: Int32Array.from(Object.keys(entries).map(Number)), values };
}

const base = () => fileOf({ w: [1, -0, 3, 4], v: [5, 6], ids: [7, 8] }, {}, { v: "f16", ids: "i32" });

async function failure(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (isAppError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "passed";
}

describe("a region over its base", () => {
  it("replaces entries and leaves everything else bit for bit", async () => {
    const file = await opened(
      writeSparse([region("w", { 0: -1, 3: 0.1 }), region("v", { 1: 2 }, "f16")], about),
    );
    expect(isSparse(file)).toBe(true);
    const expert = overBase(readSparse(file), await base(), id);
    expect([...expert.tensors.values()].map(({ name, dtype }) => [name, dtype])).toEqual([
      ["w", "f32"],
      ["ids", "i32"],
      ["v", "f16"],
    ]);
    expect([...(await expert.load("w"))]).toEqual([-1, -0, 3, Math.fround(0.1)]);
    expect([...(await expert.load("v"))]).toEqual([5, 2]);
    expect(await expert.bytes("ids")).toEqual(await (await base()).bytes("ids"));
  });

  it("gives back any expert from the entries that differ, whatever the dtypes", async () => {
    const dtype = fc.constantFrom("f32", "f16", "bf16" as const);
    const value = fc.float({ noNaN: true });
    const pairs = fc.array(fc.tuple(value, value, fc.boolean()), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(pairs, dtype, dtype, async (entries, ofBase, ofExpert) => {
        const stored = (values: readonly number[], as: WritableDType) =>
          fileOf({ w: values }, {}, as === "f32" ? {} : { w: as });
        const from = await stored(
          entries.map(([a]) => a),
          ofBase,
        );
        const own = await from.load("w");
        const other = await (
          await stored(
            entries.map(([, b]) => b),
            ofExpert,
          )
        ).load("w");
        const kept = Object.fromEntries(entries.flatMap(([, b, differs], i) => (differs ? [[i, b]] : [])));
        const file = await opened(writeSparse([region("w", kept, ofExpert)], about));
        const given = await overBase(readSparse(file), from, id).load("w");
        expect([...given]).toEqual(entries.map(([, , differs], i) => (differs ? other : own)[i]));
      }),
      { numRuns: 50 },
    );
  });

  it("says how much of the model it is", async () => {
    const { metadata } = await opened(writeSparse([region("w", { 0: 1, 2: 1, 3: 1 })], about));
    expect(Object.fromEntries(metadata)).toMatchObject({
      entries: "3",
      parameters: "12",
      fraction: "0.250000",
    });
  });
});

describe("refuses", () => {
  const ours = { format: "kintsugi-sparse", version: "1", base: id };
  const i32 = { "w.indices": "i32" } as const;

  it.each([
    ["another version", fileOf({}, { ...ours, version: "2" }), "file/unsupported"],
    ["no base", fileOf({}, { format: "kintsugi-sparse", version: "1" }), "which base"],
    ["values without indices", fileOf({ "w.values": [1] }, ours), "has no indices"],
    ["a tensor that is no pair", fileOf({ w: [1] }, ours), "has no indices"],
    ["indices without values", fileOf({ "w.indices": [1] }, ours, i32), "has no list of values"],
    ["indices that are no integers", fileOf({ "w.indices": [1], "w.values": [1] }, ours), "I32"],
    [
      "pairs of two lengths",
      fileOf({ "w.indices": [0], "w.values": [1, 2] }, ours, i32),
      "1 indices and 2 values",
    ],
  ])("%s", async (_, file, message) => {
    const sparse = await file;
    expect(await failure(() => readSparse(sparse))).toContain(message);
  });

  it.each([
    ["an index beyond the tensor", [0, 4], "lies beyond its 4 entries"],
    ["an index twice", [1, 1], "out of order"],
    ["a negative index", [-1, 1], "out of order"],
    ["more entries than the tensor has", [0, 1, 2, 3, 4], "no 5 floating entries"],
  ])("%s", async (_, indices, message) => {
    const pair = { "w.indices": indices, "w.values": indices };
    const sparse = readSparse(await fileOf(pair, ours, i32));
    const from = await base();
    expect(await failure(() => overBase(sparse, from, id).bytes("w"))).toContain(message);
  });

  it("another base, and tensors that the base does not have", async () => {
    const from = await base();
    const file = readSparse(await opened(writeSparse([region("ids", { 0: 1 })], about)));
    expect(await failure(() => overBase(file, from, id))).toContain("no 1 floating entries");
    expect(await failure(() => overBase(file, from, id.replace("a", "b")))).toContain("model/no-base");
  });
});
