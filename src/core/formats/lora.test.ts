import { describe, expect, test } from "vitest";
import { joined, type MemoryTensor, memoryFile } from "../testing/memory-file.ts";
import { bytesSource } from "./format.ts";
import { isLora, readLora } from "./lora.ts";
import { loraScale, readLoraConfig } from "./lora-config.ts";
import { alphaOf, type LoraUpdate, loraConfigText, writeLora } from "./lora-write.ts";
import { safetensors } from "./safetensors.ts";

const NAME = "adapter_config.json";
const configOf = (more: Readonly<Record<string, unknown>> = {}) =>
  readLoraConfig(
    JSON.stringify({
      peft_type: "LORA",
      r: 2,
      lora_alpha: 4,
      target_modules: ["fc1"],
      bias: "none",
      ...more,
    }),
    NAME,
  );
const zeros = (...shape: number[]): MemoryTensor => ({
  shape,
  values: new Float32Array(shape.reduce((a, b) => a * b)),
});
const pair = (module: string, rank = 2, tail = ".weight") => ({
  [`base_model.model.${module}.lora_A${tail}`]: zeros(rank, 3),
  [`base_model.model.${module}.lora_B${tail}`]: zeros(4, rank),
});

describe("an adapter's configuration", () => {
  test("scales by α / r, or α / √r when rank-stabilised", () => {
    expect(loraScale(16, 4, false)).toBe(4);
    expect(loraScale(16, 4, true)).toBe(8);
    expect(configOf({ use_rslora: true }).isRankStabilised).toBe(true);
    expect(alphaOf(8, 4, true)).toBe(16);
  });

  test.each([
    ["DoRA", { use_dora: true }],
    ["bias", { bias: "lora_only" }],
    ["lora_bias", { lora_bias: true }],
    ["pissa", { init_lora_weights: "pissa_niter_4" }],
    ["IA3", { peft_type: "IA3" }],
    ["layer_replication", { layer_replication: [[0, 1]] }],
  ])("is refused by name: %s", (name, more) => {
    expect(() => configOf(more)).toThrow(
      expect.objectContaining({ code: "file/unsupported", message: expect.stringContaining(name) }),
    );
  });

  test("of another kind of adapter is refused by that kind, whatever else it says", () => {
    expect(() => readLoraConfig('{"peft_type":"IA3","target_modules":["fc"]}', NAME)).toThrow(
      expect.objectContaining({ code: "file/unsupported", message: expect.stringContaining("IA3") }),
    );
  });

  test.each(["", "[]", '{"peft_type":"LORA"}', '{"peft_type":"LORA","r":-1,"lora_alpha":1}'])(
    "is refused when it is none: %s",
    (text) => {
      expect(() => readLoraConfig(text, NAME)).toThrow(expect.objectContaining({ code: "file/malformed" }));
    },
  );
});

describe("an adapter", () => {
  test("gives its pairs under the base's module names", async () => {
    const file = await memoryFile({ ...pair("enc.fc1"), ...pair("enc.fc2", 2, ".default.weight") });
    expect(isLora(file)).toBe(true);
    const { sites } = readLora(file, configOf());
    expect(
      sites.map(({ module, rank, rows, columns, scale }) => [module, rank, rows, columns, scale]),
    ).toEqual([
      ["enc.fc1", 2, 4, 3, 2],
      ["enc.fc2", 2, 4, 3, 2],
    ]);
  });

  test("takes rank and α of a module from the patterns, as PEFT matches them", async () => {
    const file = await memoryFile({ ...pair("a.fc1", 4), ...pair("a.fc10"), ...pair("b.fc1", 4) });
    const config = configOf({ rank_pattern: { fc1: 4 }, alpha_pattern: { "^a\\.fc.*": 8 } });
    const { sites } = readLora(file, config);
    expect(sites.map(({ module, scale }) => [module, scale])).toEqual([
      ["a.fc1", 2],
      ["a.fc10", 4],
      ["b.fc1", 1],
    ]);
  });

  test("knows embeddings and convolutions, and what was saved whole", async () => {
    const file = await memoryFile({
      "base_model.model.emb.lora_embedding_A": zeros(2, 9),
      "base_model.model.emb.lora_embedding_B": zeros(4, 2),
      "base_model.model.conv.lora_A.weight": zeros(2, 3, 3, 3),
      "base_model.model.conv.lora_B.weight": zeros(8, 2, 1, 1),
      "base_model.model.head.modules_to_save.default.weight": zeros(5, 4),
    });
    const { sites, whole } = readLora(file, configOf({ modules_to_save: ["head"] }));
    expect(
      sites.map(({ module, rows, columns, isEmbedding }) => [module, rows, columns, isEmbedding]),
    ).toEqual([
      ["conv", 8, 27, false],
      ["emb", 4, 9, true],
    ]);
    expect([...whole.keys()]).toEqual(["head.weight"]);
  });

  test.each([
    ["lack lora_B", { "base_model.model.fc.lora_A.weight": zeros(2, 3) }],
    ["do not multiply", { "m.lora_A.weight": zeros(2, 3), "m.lora_B.weight": zeros(4, 3) }],
    ["do not multiply", { "m.lora_A.weight": zeros(2, 3), "m.lora_B.weight": zeros(4, 2, 3, 3) }],
    ["rank 3", pair("fc", 3)],
    ["DoRA", { ...pair("fc"), "base_model.model.fc.lora_magnitude_vector": zeros(4) }],
    ["not read", { ...pair("fc"), "base_model.model.fc.lora_B.bias": zeros(4) }],
  ])("is refused when it is damaged or of another kind: %s", async (message, tensors) => {
    const file = await memoryFile(tensors);
    expect(() => readLora(file, configOf())).toThrow(message);
  });
});

describe("an adapter that is written", () => {
  const updates: readonly LoraUpdate[] = [
    {
      module: "enc.fc1",
      dtype: "f16",
      A: Float32Array.of(0.1, -2, 3, 1e-7, 5, 6),
      shapeA: [2, 3],
      B: Float32Array.of(1, 2, 3, 4),
      shapeB: [2, 2],
      alpha: 4,
    },
    {
      module: "enc.fc2",
      dtype: "f32",
      A: Float32Array.of(0.1),
      shapeA: [1, 1],
      B: Float32Array.of(7),
      shapeB: [1, 1],
      alpha: 3,
    },
    {
      module: "enc.fc3",
      dtype: "f32",
      A: Float32Array.of(0.1, 0),
      shapeA: [2, 1],
      B: Float32Array.of(7, -0),
      shapeB: [1, 2],
      alpha: 4,
    },
  ];

  test("comes back bit for bit", async () => {
    const bytes = await joined(writeLora(updates));
    const file = await safetensors.open(bytesSource(bytes), "adapter_model.safetensors");
    const config = readLoraConfig(loraConfigText(updates, { isRankStabilised: false }), NAME);
    const { sites } = readLora(file, config);
    const again = await Promise.all(
      sites.map(async ({ module, A, B, alpha }) => ({
        module,
        dtype: updates.find((update) => update.module === module)!.dtype,
        A: await file.load(A),
        shapeA: file.tensors.get(A)!.shape,
        B: await file.load(B),
        shapeB: file.tensors.get(B)!.shape,
        alpha,
      })),
    );
    expect(again.map(({ alpha }) => alpha)).toEqual([4, 3, 4]);
    expect(await joined(writeLora(again))).toEqual(bytes);
  });
});
