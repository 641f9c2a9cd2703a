import { describe, expect, test } from "vitest";
import { memoryFile } from "../testing/memory-file.ts";
import { openSharded } from "./sharded.ts";

const files = {
  "model-2.safetensors": memoryFile({ b: { shape: [2], values: [3, 4] }, old: { shape: [1], values: [9] } }),
  "model-1.safetensors": memoryFile({ a: { shape: [1], values: [1] } }),
};
const open = (map: unknown) =>
  openSharded("model.safetensors.index.json", JSON.stringify({ metadata: {}, weight_map: map }), (shard) =>
    shard in files
      ? files[shard as keyof typeof files]
      : Promise.reject(new Error(`asked for ${shard}, which is not there`)),
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
});
