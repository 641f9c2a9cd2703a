import { expect, test } from "vitest";
import { sortDrop } from "./sort-drop.ts";

const sorted = (...paths: string[]) => {
  const { models, recipes, data, ignored } = sortDrop(paths.map((path) => ({ path })));
  const of = (files: readonly { readonly path: string }[]) => files.map(({ path }) => path);
  return {
    models: models.map(({ file, config }) => [file.path, config?.path]),
    recipes: of(recipes),
    data: of(data),
    ignored: of(ignored),
  };
};

test("a folder of an adapter's checkpoints gives each its own configuration", () => {
  const run = (step: number) => [
    `ja/checkpoint-${step}/README.md`,
    `ja/checkpoint-${step}/adapter_config.json`,
    `ja/checkpoint-${step}/adapter_model.safetensors`,
    `ja/checkpoint-${step}/optimizer.pt`,
    `ja/checkpoint-${step}/trainer_state.json`,
  ];
  const { models, recipes, data, ignored } = sorted(...run(20), ...run(40));
  expect(models).toEqual([
    ["ja/checkpoint-20/adapter_model.safetensors", "ja/checkpoint-20/adapter_config.json"],
    ["ja/checkpoint-40/adapter_model.safetensors", "ja/checkpoint-40/adapter_config.json"],
  ]);
  expect([...recipes, ...data]).toEqual([]);
  expect(ignored).toHaveLength(8);
});

test("examples, recipes and models are told apart by name", () => {
  expect(
    sorted("a.onnx", "t10k-images-idx3-ubyte", "x.npy", "cats/1.PNG", "r.kintsugi.json", "m.pt"),
  ).toEqual({
    models: [
      ["a.onnx", undefined],
      ["m.pt", undefined],
    ],
    recipes: ["r.kintsugi.json"],
    data: ["t10k-images-idx3-ubyte", "x.npy", "cats/1.PNG"],
    ignored: [],
  });
});

test("what belongs to no model is not passed over in silence", () => {
  expect(sorted("adapter_config.json").models).toHaveLength(1);
  expect(sorted("optimizer.pt").models).toHaveLength(1);
});

test("a model in several files is one, by its index or its first part", () => {
  const shards = (...paths: string[]) =>
    sortDrop(paths.map((path) => ({ path }))).models.map(({ file, shards: own }) => [
      file.path,
      own?.map(({ path }) => path),
    ]);
  const parts = ["m/model-00002-of-00002.safetensors", "m/model-00001-of-00002.safetensors"];
  expect(shards("m/config.json", "m/model.safetensors.index.json", ...parts, "m/other.safetensors")).toEqual([
    ["m/model.safetensors.index.json", parts],
    ["m/other.safetensors", undefined],
  ]);
  expect(shards(...parts)).toEqual([[parts[1], [parts[1], parts[0]]]]);
  expect(shards("model.safetensors.index.json")).toEqual([["model.safetensors.index.json", []]]);
});
