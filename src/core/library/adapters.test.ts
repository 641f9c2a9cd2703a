import { describe, expect, test } from "vitest";
import { quietContext } from "../context.ts";
import { bytesSource } from "../formats/format.ts";
import { type LoraUpdate, loraConfigText, writeLora } from "../formats/lora-write.ts";
import { safetensors } from "../formats/safetensors.ts";
import { writeSparse } from "../formats/sparse.ts";
import { twin } from "../tensor/twin.ts";
import { joined, memoryFile } from "../testing/memory-file.ts";
import { type FamilyFiles, parseZooJson, zooFamily } from "../zoo.ts";
import { ZooLibrary } from "./zoo-library.ts";

const update: LoraUpdate = {
  module: "fc1",
  dtype: "f32",
  A: Float32Array.of(1, 2),
  shapeA: [1, 2],
  B: Float32Array.of(10, 100),
  shapeB: [2, 1],
  alpha: 0.5,
};
const config = loraConfigText([update], { isRankStabilised: false });
const fileOf = async (pieces: AsyncIterable<Uint8Array<ArrayBuffer>>, name: string) =>
  safetensors.open(bytesSource(await joined(pieces)), name);
const baseFile = () =>
  memoryFile({
    "fc1.weight": { shape: [2, 2], values: [0, 0, 0, 0] },
    "fc2.weight": { shape: [2], values: [3, 4] },
  });

async function openFamily(...checkpoints: readonly Readonly<Record<string, unknown>>[]) {
  const family = parseZooJson(
    zooFamily,
    JSON.stringify({
      version: 1,
      id: "toy",
      name: "Toy",
      skeleton: "skeleton.onnx",
      base: "base",
      input: { kind: "values", name: "x", shape: [2] },
      logits: "logits",
      tasks: [
        { id: "t", label: "T", classes: ["a", "b"], n: { fewShot: 0, validation: 0, quick: 0, test: 0 } },
      ],
      experts: [{ id: "e", label: "E", task: "t", checkpoints }],
    }),
    "family.json",
  );
  const base = await baseFile();
  const files: FamilyFiles = {
    family,
    bytes: async (path) => {
      expect(path).toBe("e/adapter_config.json");
      return new TextEncoder().encode(config);
    },
    async open(path) {
      if (path === "base") return base;
      if (path === "e/lora") return fileOf(writeLora([update]), path);
      const region = {
        name: "fc2.weight",
        dtype: "f32",
        indices: Int32Array.of(1),
        values: new Uint8Array(Float32Array.of(9).buffer),
      } as const;
      const about = { base: library.base.id, expert: "e", parameters: 6 };
      return fileOf(writeSparse([region], about), path);
    },
  };
  const library: ZooLibrary = await ZooLibrary.open(files, twin);
  return library;
}

describe("adapters as experts", () => {
  test("of a zoo are opened over the base, and hand out the base's own arrays where they say nothing", async () => {
    const library = await openFamily(
      { step: 1, file: "e/lora", format: "lora" },
      { step: 2, file: "e/sparse", format: "sparse" },
    );
    const lora = await library.expert("e")!.checkpoint(1);
    expect([...(await lora.load("fc1.weight"))]).toEqual([5, 10, 50, 100]);
    expect(await lora.load("fc2.weight")).toBe(await library.base.load("fc2.weight"));
    expect(await lora.factors?.("fc1.weight")).toMatchObject({ rank: 1, scale: 0.5 });
    const sparse = await library.expert("e")!.checkpoint(2);
    expect([...(await sparse.load("fc2.weight"))]).toEqual([3, 9]);
    expect(await sparse.load("fc1.weight")).toBe(await library.base.load("fc1.weight"));
    expect(sparse.id).not.toBe(lora.id);
  });

  test("must be what their family says", async () => {
    const library = await openFamily({ step: 1, file: "e/lora" });
    await expect(library.expert("e")!.checkpoint(1)).rejects.toMatchObject({ code: "file/malformed" });
  });

  test("that are dropped need the configuration beside them", async () => {
    const library = await openFamily({ step: 1, file: "e/lora", format: "lora" });
    const path = "ja/checkpoint-20/adapter_model.safetensors";
    const file = await fileOf(writeLora([update]), path);
    await expect(library.add(file, path, quietContext)).rejects.toThrow("adapter_config.json is missing");
    const text = { file: "ja/checkpoint-20/adapter_config.json", text: config };
    const card = await library.add(file, path, quietContext, { config: text });
    expect(card).toMatchObject({ id: "ja", checkpoints: [{ step: 20 }], warnings: [] });
    const checkpoint = await library.expert("ja")!.checkpoint(20);
    expect([...(await checkpoint.load("fc1.weight"))]).toEqual([5, 10, 50, 100]);
  });
});
