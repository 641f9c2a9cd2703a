import { describe, expect, test } from "vitest";
import { memoryFile } from "../testing/memory-file.ts";
import { openParts, openSharded } from "./sharded.ts";

const files = {
  "model-2.safetensors": memoryFile({ b: { shape: [2], values: [3, 4] }, old: { shape: [1], values: [9] } }),
  "model-1.safetensors": memoryFile({ a: { shape: [1], values: [1] } }),
};
const open = (map: unknown) =>
  openSharded("model.safetensors.index.json", JSON.stringify({ metadata: {}, weight_map: map }), (shard) =>
    shard in files ? files[shard as keyof typeof files] : Promise.resolve(undefined),
  );

describe("a model in several files", () => {
  test("is one, in the order of its shards, without what the index does not list", async () => {
    const model = await open({ b: "model-2.safetensors", a: "model-1.safetensors" });
    expect([...model.tensors.keys()]).toEqual(["a", "b"]);
    expect([...(await model.load("b"))]).toEqual([3, 4]);
    expect((await model.bytes("a")).byteLength).toBe(4);
  });

  test("is refused when a shard lacks what it should hold, or lies elsewhere", async () => {
    await expect(open({ c: "model-1.safetensors" })).rejects.toMatchObject({ code: "file/malformed" });
    await expect(open({ a: "../model-1.safetensors" })).rejects.toMatchObject({ code: "file/malformed" });
    await expect(openSharded("x", "{", () => files["model-1.safetensors"])).rejects.toMatchObject({
      code: "file/malformed",
    });
  });

  test("is refused when a shard is missing, and says which", async () => {
    await expect(open({ a: "model-1.safetensors", c: "model-3.safetensors" })).rejects.toMatchObject({
      code: "file/unreadable",
      details: { missing: "model-3.safetensors" },
    });
  });

  test("is refused when two shards hold one tensor", async () => {
    const twice = {
      "x.safetensors": files["model-1.safetensors"],
      "y.safetensors": files["model-1.safetensors"],
    };
    const both = { a: "x.safetensors", b: "y.safetensors" };
    const opening = openSharded("index", JSON.stringify({ weight_map: both }), async (shard) =>
      shard in twice ? twice[shard as keyof typeof twice] : undefined,
    );
    await expect(opening).rejects.toThrow(/holds a once more/);
  });

  test("without an index is one all the same, in the order of its parts, when all are there", async () => {
    const [one, two] = [await files["model-1.safetensors"], await files["model-2.safetensors"]];
    const parts = new Map([
      ["m-00002-of-00002.safetensors", two],
      ["m-00001-of-00002.safetensors", one],
    ]);
    const model = openParts("m", parts);
    expect([...model.tensors.keys()]).toEqual(["a", "b", "old"]);
    expect([...(await model.load("b"))]).toEqual([3, 4]);
    parts.delete("m-00001-of-00002.safetensors");
    expect(() => openParts("m", parts)).toThrow(/m-00001-of-00002\.safetensors is missing/);
  });
});
