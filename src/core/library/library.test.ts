/** On a toy family in memory; the graph of an ONNX export is the real zoo's, see workers/engine.browser.test.ts. */
import { describe, expect, test } from "vitest";
import { quietContext } from "../context.ts";
import { bytesSource, type ModelFile } from "../formats/format.ts";
import { safetensors } from "../formats/safetensors.ts";
import { writeSafetensors } from "../formats/safetensors-write.ts";
import { createMerger } from "../merge/run.ts";
import { contentIdOf } from "../model/content-id.ts";
import { expertRecipe } from "../recipe/baselines.ts";
import { defaultRecipe } from "../recipe/default.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import { twin } from "../tensor/twin.ts";
import type { FamilyFiles, ZooFamily } from "../zoo.ts";
import { taskInSlug } from "./dropped-experts.ts";
import { exportModel } from "./export.ts";
import { sealRecipe } from "./seal.ts";
import { ZooLibrary } from "./zoo-library.ts";

const family: ZooFamily = {
  version: 1,
  id: "toy",
  name: "Toy zoo",
  skeleton: "skeleton.onnx",
  base: "base",
  heads: { file: "heads", scale: 12 },
  input: { kind: "image", name: "x", shape: [1, 1, 1], mean: 0, std: 1 },
  logits: "logits",
  tasks: ["digits", "letters"].map((id) => ({
    id,
    label: id,
    classes: ["a", "b"],
    n: { fewShot: 0, validation: 1, quick: 1, test: 1 },
  })),
  experts: ["digits", "letters"].map((id) => ({
    id,
    label: id,
    task: id,
    checkpoints: [10, 20].map((step) => ({ step, file: `${id}-${step}`, format: "full" as const })),
  })),
};

const specs: readonly TensorSpec[] = [
  { name: "blocks.0.mlp.weight", dtype: "f32", shape: [2, 2] },
  { name: "norm.weight", dtype: "f32", shape: [2] },
];

/** A file whose entries count up from a value. */
async function fileOf(from: number, name: string, tensors = specs): Promise<ModelFile> {
  const parts: BlobPart[] = [];
  const chunks = writeSafetensors(tensors, new Map(), ({ shape }) => {
    const n = shape.reduce((a, b) => a * b, 1);
    return new Uint8Array(Float32Array.from({ length: n }, (_, i) => from + i).buffer);
  });
  for await (const chunk of chunks) parts.push(chunk);
  return safetensors.open(bytesSource(new Uint8Array(await new Blob(parts).arrayBuffer())), name);
}

async function openToy() {
  const read: string[] = [];
  const files: FamilyFiles = {
    family,
    bytes: async (path) => Promise.reject(new Error(`no ${path}`)),
    open(path) {
      read.push(path);
      const [task = "", step = "0"] = path.split("-");
      return fileOf(task === "base" ? 0 : task.length + Number(step), path);
    },
  };
  const library = await ZooLibrary.open(files, twin);
  return { library, merger: createMerger(library, twin), read };
}

const drop = async (library: ZooLibrary, from: number, name: string) =>
  library.add(await fileOf(from, name), name, quietContext);

describe("a zoo library", () => {
  test("describes base, tensors and experts before it reads any expert", async () => {
    const { library, read } = await openToy();
    const card = library.card();
    expect(read).toEqual(["base"]);
    expect(card).toMatchObject({
      suite: "toy",
      name: "Toy zoo",
      base: { id: library.base.id, parameters: 6 },
    });
    expect(card.tensors).toEqual([
      {
        name: "blocks.0.mlp.weight",
        dtype: "f32",
        shape: [2, 2],
        count: 4,
        role: "mlp",
        index: 0,
        block: "blocks.0",
      },
      { name: "norm.weight", dtype: "f32", shape: [2], count: 2, role: "norm", index: 1, block: "" },
    ]);
    expect(card.experts.map(({ id, source }) => `${id} ${source}`)).toEqual(["digits zoo", "letters zoo"]);
  });

  test("reads a checkpoint once, when it is wanted, and knows no other steps", async () => {
    const { library, read } = await openToy();
    const digits = library.expert("digits");
    const [first, second] = await Promise.all([digits?.checkpoint(20), digits?.checkpoint(20)]);
    expect(first).toBe(second);
    expect(read).toEqual(["base", "digits-20"]);
    await expect(digits?.checkpoint(30)).rejects.toMatchObject({ code: "recipe/unknown-checkpoint" });
    expect(library.expert("chess")).toBeUndefined();
  });

  test("keeps the base's values", async () => {
    const { library } = await openToy();
    expect(await library.base.load("norm.weight")).toBe(await library.base.load("norm.weight"));
  });
});

describe("dropped files", () => {
  test("of one name are checkpoints of one expert, by step", async () => {
    const { library } = await openToy();
    await drop(library, 5, "mine_step-20.safetensors");
    const card = await drop(library, 6, "mine_step-5.safetensors");
    expect(card).toMatchObject({ id: "mine", source: "dropped", checkpoints: [{ step: 5 }, { step: 20 }] });
    expect(card.task).toBeUndefined();
    const model = library.expert("mine");
    expect(model?.steps).toEqual([5, 20]);
    const loaded = await (await model?.checkpoint(5))?.load("norm.weight");
    expect([...(loaded ?? [])]).toEqual([6, 7]);
    expect(library.card().experts.at(-1)).toEqual(card);
  });

  test("of a zoo expert's name make a new expert for its task", async () => {
    const { library } = await openToy();
    expect(await drop(library, 5, "digits.safetensors")).toMatchObject({
      id: "digits-2",
      label: "digits (2)",
      task: "digits",
    });
    expect(library.expert("digits")?.steps).toEqual([10, 20]);
  });

  test("that are the same change nothing; others of the same step stand beside", async () => {
    const { library } = await openToy();
    const first = await drop(library, 5, "mine.safetensors");
    expect(await drop(library, 5, "mine.safetensors")).toEqual(first);
    expect((await drop(library, 6, "mine.safetensors")).id).toBe("mine-2");
    // A name without a step says nothing of the order: it never joins files that have steps.
    expect((await drop(library, 7, "mine_step-3.safetensors")).id).toBe("mine-3");
  });

  test("never take the id of one that was forgotten: results are remembered under it", async () => {
    const { library } = await openToy();
    await drop(library, 5, "mine.safetensors");
    library.forget("mine");
    expect(library.expert("mine")).toBeUndefined();
    expect((await drop(library, 6, "mine.safetensors")).id).toBe("mine-2");
    library.forget("digits");
    expect(library.expert("digits")).toBeDefined();
  });

  test("are refused for values that are no numbers, with their number, kind and place", async () => {
    const { library } = await openToy();
    await expect(drop(library, Number.NaN, "bad.safetensors")).rejects.toMatchObject({
      code: "model/non-finite",
      details: {
        file: "bad.safetensors",
        nan: 6,
        infinite: 0,
        count: 2,
        tensors: ["blocks.0.mlp.weight: 4 NaN / 4", "norm.weight: 2 NaN / 2"],
      },
    });
    const other = fileOf(0, "other.safetensors", specs.slice(1));
    await expect(library.add(await other, "other.safetensors", quietContext)).rejects.toMatchObject({
      code: "model/missing-tensors",
    });
    expect(library.card().experts).toHaveLength(2);
  });
});

describe("a merged model", () => {
  test("is written, read back and named by its content", async () => {
    const { library, merger } = await openToy();
    const recipe = defaultRecipe(library.card(), "linear");
    const saved = await exportModel(library, merger, { recipe, as: "safetensors" }, quietContext);
    expect(saved.fileName).toBe(`linear-${saved.content.slice(7, 15)}.safetensors`);
    const bytes = new Uint8Array(await new Blob([...saved.pieces]).arrayBuffer());
    const file = await safetensors.open(bytesSource(bytes), saved.fileName);
    expect(await contentIdOf(file)).toBe(saved.content);
    expect(file.metadata.get("kintsugi.base")).toBe(library.base.id);
    // The mean of 26… and 27….
    expect([...(await file.load("norm.weight"))]).toEqual([26.5, 27.5]);
  });

  test("of one expert has that expert's content", async () => {
    const { library, merger } = await openToy();
    const alone = expertRecipe(defaultRecipe(library.card(), "linear"), "digits", 10);
    const { content } = await exportModel(
      library,
      merger,
      { recipe: alone, as: "safetensors" },
      quietContext,
    );
    const checkpoint = await library.expert("digits")?.checkpoint(10);
    expect(content).toBe(checkpoint?.id);
    const seal = await sealRecipe(library, merger, alone, quietContext);
    expect(seal).toEqual({
      inputs: { base: library.base.id, experts: { digits: { step: 10, id: checkpoint?.id } } },
      output: content,
    });
  });

  test("per task needs the task, and has no one seal", async () => {
    const { library, merger } = await openToy();
    const recipe = defaultRecipe(library.card(), "emr");
    const save = (task?: string) =>
      exportModel(library, merger, { recipe, as: "safetensors", task }, quietContext);
    await expect(save()).rejects.toMatchObject({ code: "model/unknown-task" });
    expect((await save("letters")).fileName).toMatch(/^emr-letters-/);
    expect((await sealRecipe(library, merger, recipe, quietContext)).output).toBeUndefined();
  });
});

test("a task is recognised as a whole word", () => {
  expect(taskInSlug("my_digits-lora", ["digits"])).toBe("digits");
  expect(taskInSlug("hand-written.v2", ["hand-written"])).toBe("hand-written");
  expect(taskInSlug("digitsline", ["digits"])).toBeUndefined();
});
