import { describe, expect, test } from "vitest";
import { readLora } from "../formats/lora.ts";
import { readLoraConfig } from "../formats/lora-config.ts";
import { type MemoryTensor, memoryFile } from "../testing/memory-file.ts";
import { loraOverBase } from "./lora-over-base.ts";

const tensor = (shape: readonly number[], ...values: number[]): MemoryTensor => ({ shape, values });
const count = (shape: readonly number[]): MemoryTensor =>
  tensor(shape, ...Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i));

/** Opens factors of rank 1, α 2 over a base. */
async function open(
  base: Readonly<Record<string, MemoryTensor>>,
  adapter: Readonly<Record<string, MemoryTensor>>,
  more: Readonly<Record<string, unknown>> = {},
) {
  const config = readLoraConfig(
    JSON.stringify({ peft_type: "LORA", r: 1, lora_alpha: 2, target_modules: ["fc"], ...more }),
    "adapter_config.json",
  );
  const file = await memoryFile(adapter, "adapter_model.safetensors");
  return loraOverBase(readLora(file, config), await memoryFile(base));
}

const fc = {
  "base_model.model.fc.lora_A.weight": tensor([1, 3], 1, 10, 100),
  "base_model.model.fc.lora_B.weight": tensor([2, 1], 1, -1),
};

describe("an adapter over its base", () => {
  test("is base + s · B · A, and the base where it says nothing", async () => {
    const expert = await open({ "fc.weight": count([2, 3]), "fc.bias": tensor([2], 7, 8) }, fc);
    expect([...(await expert.load("fc.weight"))]).toEqual([2, 21, 202, 1, -16, -195]);
    expect([...(await expert.load("fc.bias"))]).toEqual([7, 8]);
    expect([...expert.touched]).toEqual(["fc.weight"]);
    expect(await expert.factors?.("fc.weight")).toMatchObject({ rank: 1, rows: 2, columns: 3, scale: 2 });
    expect(await expert.factors?.("fc.bias")).toBeUndefined();
  });

  test("is turned over where the base stores in × out", async () => {
    const expert = await open({ "fc.weight": count([3, 2]) }, fc, { fan_in_fan_out: true });
    expect([...(await expert.load("fc.weight"))]).toEqual([2, -1, 22, -17, 204, -195]);
  });

  test("turns square weights over when it is told to, or when all others are", async () => {
    const square = {
      "base_model.model.q.lora_A.weight": tensor([1, 2], 1, 10),
      "base_model.model.q.lora_B.weight": tensor([2, 1], 1, 2),
    };
    const zeros = tensor([2, 2], 0, 0, 0, 0);
    const load = async (...args: Parameters<typeof open>) => [
      ...(await (await open(...args)).load("q.weight")),
    ];
    expect(await load({ "q.weight": zeros }, square)).toEqual([2, 20, 4, 40]);
    expect(await load({ "q.weight": zeros }, square, { fan_in_fan_out: true })).toEqual([2, 4, 20, 40]);
    expect(await load({ "q.weight": zeros, "fc.weight": count([3, 2]) }, { ...square, ...fc })).toEqual([
      2, 4, 20, 40,
    ]);
    expect(await load({ "q.weight": zeros, "fc.weight": count([2, 3]) }, { ...square, ...fc })).toEqual([
      2, 20, 4, 40,
    ]);
  });

  test("adapts embeddings and convolutions", async () => {
    const expert = await open(
      { "emb.weight": count([3, 2]), "conv.weight": count([1, 1, 1, 2]) },
      {
        "base_model.model.emb.lora_embedding_A": tensor([1, 3], 1, 2, 3),
        "base_model.model.emb.lora_embedding_B": tensor([2, 1], 1, 10),
        "base_model.model.conv.lora_A.weight": tensor([1, 1, 1, 2], 1, 2),
        "base_model.model.conv.lora_B.weight": tensor([1, 1, 1, 1], 5),
      },
    );
    expect([...(await expert.load("emb.weight"))]).toEqual([2, 21, 6, 43, 10, 65]);
    expect([...(await expert.load("conv.weight"))]).toEqual([10, 21]);
  });

  test("finds modules under a wrapper that the base does not have, and keeps what was saved whole", async () => {
    const expert = await open(
      { "fc.weight": count([2, 3]) },
      {
        "base_model.model.model.fc.lora_A.weight": tensor([1, 3], 0, 0, 1),
        "base_model.model.model.fc.lora_B.weight": tensor([2, 1], 1, 1),
        "base_model.model.head.weight": tensor([4, 2], 1, 2, 3, 4, 5, 6, 7, 8),
      },
      { modules_to_save: ["head"] },
    );
    expect([...(await expert.load("fc.weight"))]).toEqual([0, 1, 4, 3, 4, 7]);
    expect(expert.tensors.get("head.weight")?.shape).toEqual([4, 2]);
    expect((await expert.load("head.weight"))[7]).toBe(8);
  });

  test("is refused over another base", async () => {
    await expect(open({ "other.weight": count([2, 3]) }, fc)).rejects.toMatchObject({
      code: "model/missing-tensors",
    });
    await expect(open({ "fc.weight": count([2, 4]) }, fc)).rejects.toMatchObject({
      code: "model/shape-mismatch",
    });
    const stray = { ...fc, "base_model.model.zz.weight": count([1]) };
    await expect(open({ "fc.weight": count([2, 3]) }, stray)).rejects.toMatchObject({
      code: "file/unsupported",
    });
  });
});
