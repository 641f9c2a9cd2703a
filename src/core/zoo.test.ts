import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { configPath, ownerOf, parseZooJson, zooCard, zooFamily, zooIndex } from "./zoo.ts";

const read = (path: string) => readFileSync(new URL(`../../public/zoo/${path}`, import.meta.url), "utf8");
const vision = () => JSON.parse(read("vision/family.json"));
const parse = (family: unknown) => parseZooJson(zooFamily, JSON.stringify(family), "family.json");

describe("the zoo's descriptions", () => {
  test("that ship are read", () => {
    const { families } = parseZooJson(zooIndex, read("index.json"), "index.json");
    for (const { id, path } of families) {
      expect(parseZooJson(zooFamily, read(`${path}family.json`), "family.json").id).toBe(id);
      const { measured } = parseZooJson(zooCard, read(`${path}card.json`), "card.json");
      expect(measured.expert).toHaveLength(measured.steps.length);
      expect(measured.taskArithmeticLambda).toHaveLength(measured.steps.length);
    }
  });

  test.each([
    [
      "a path out of the folder",
      (family: ReturnType<typeof vision>) => (family.base = "../base.safetensors"),
    ],
    ["another origin", (family: ReturnType<typeof vision>) => (family.base = "https://example.org/base")],
    ["steps out of order", (family: ReturnType<typeof vision>) => family.experts[0].checkpoints.reverse()],
    ["a task that is not listed", (family: ReturnType<typeof vision>) => (family.experts[0].task = "chess")],
    ["a version from the future", (family: ReturnType<typeof vision>) => (family.version = 2)],
  ])("are refused with %s", (_, spoil) => {
    const family = vision();
    spoil(family);
    expect(() => parse(family)).toThrow(expect.objectContaining({ code: "zoo/unavailable" }));
  });

  test("are refused with the field that is wrong", () => {
    const family = { ...vision(), logits: 1 };
    expect(() => parse(family)).toThrow(/^family\.json cannot be read: logits: /);
    expect(() => parseZooJson(zooFamily, "{", "family.json")).toThrow("family.json cannot be read: not JSON");
  });

  test("of the first version are images with full checkpoints", () => {
    const { kind: _, ...input } = vision().input;
    const family = parse({ ...vision(), input });
    expect(family.input).toMatchObject({ kind: "image", shape: [1, 28, 28] });
    expect(family.experts[0]?.checkpoints[0]?.format).toBe("full");
  });

  test("of texts and adapters name an encoder and each adapter's configuration", () => {
    const encode = { kind: "hashed-ngrams", size: 4096, n: [1, 2, 3] };
    const checkpoints = [
      { step: 1, file: "experts/ja/1/adapter_model.safetensors", format: "lora" },
      { step: 2, file: "experts/ja/2.safetensors", format: "lora", config: "experts/ja/config.json" },
    ];
    const experts = [{ id: "ja", label: "ja", task: "digits", checkpoints }];
    const family = parse({ ...vision(), input: { kind: "text", name: "x", encode }, experts });
    expect(family.input).toMatchObject({ encode: { scale: 1 } });
    expect(family.experts[0]?.checkpoints.map(configPath)).toEqual([
      "experts/ja/1/adapter_config.json",
      "experts/ja/config.json",
    ]);
    const descending = { kind: "text", name: "x", encode: { ...encode, n: [2, 1] } };
    expect(() => parse({ ...vision(), input: descending })).toThrow("must ascend");
    expect(() => parse({ ...vision(), input: { kind: "sound", name: "x" } })).toThrow("input.kind");
  });

  test("that share take everything but their experts from the other family", () => {
    const family = parse({ ...vision(), id: "sparse", shares: "vision" });
    const own = family.experts[0]?.checkpoints[0]?.file ?? "";
    expect(ownerOf(family, own)).toBe("sparse");
    expect(["base.safetensors", "eval/digits.quick.bin"].map((file) => ownerOf(family, file))).toEqual([
      "vision",
      "vision",
    ]);
    expect(ownerOf(parse(vision()), "base.safetensors")).toBe("vision");
  });
});
