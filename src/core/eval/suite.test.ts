import { describe, expect, test } from "vitest";
import { bytesSource, type ModelFile } from "../formats/format.ts";
import { safetensors } from "../formats/safetensors.ts";
import { writeSafetensors } from "../formats/safetensors-write.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import type { InputSpec } from "./input.ts";
import { inputRows, isPrefix, readExamples } from "./suite.ts";
import { ZooExamples } from "./zoo-examples.ts";

const input: InputSpec = { kind: "image", name: "x", shape: [1, 1, 2], mean: 0.2, std: 0.35 };

interface Content {
  readonly images: readonly number[];
  readonly labels: readonly number[];
  readonly el2n: readonly number[];
  readonly learned: readonly number[];
}

const three: Content = {
  images: [0, 255, 51, 102, 7, 8],
  labels: [1, 0, 1],
  el2n: [0.5, 0.25, 1.25],
  learned: [20, 65535, 640],
};

async function fileOf(content: Partial<Content>, name = "t.validation.bin"): Promise<ModelFile> {
  const n = content.labels?.length ?? 0;
  const bytes: Record<string, Uint8Array<ArrayBuffer>> = {};
  const specs: TensorSpec[] = [];
  const put = (tensor: TensorSpec, values: { readonly buffer: ArrayBuffer }) => {
    specs.push(tensor);
    bytes[tensor.name] = new Uint8Array(values.buffer);
  };
  if (content.images) put({ name: "images", dtype: "u8", shape: [n, 1, 2] }, Uint8Array.from(content.images));
  if (content.labels) put({ name: "labels", dtype: "u8", shape: [n] }, Uint8Array.from(content.labels));
  if (content.el2n) put({ name: "el2n", dtype: "f32", shape: [n] }, Float32Array.from(content.el2n));
  if (content.learned) put({ name: "learned", dtype: "u16", shape: [n] }, Uint16Array.from(content.learned));
  const parts: BlobPart[] = [];
  for await (const part of writeSafetensors(specs, new Map(), (spec) => bytes[spec.name])) parts.push(part);
  return safetensors.open(bytesSource(new Uint8Array(await new Blob(parts).arrayBuffer())), name);
}

describe("examples", () => {
  test("are read with their difficulty", async () => {
    const examples = await readExamples(await fileOf(three), input, 2);
    expect(examples.count).toBe(3);
    expect([...examples.labels]).toEqual(three.labels);
    expect([...(examples.difficulty?.el2n ?? [])]).toEqual(three.el2n);
    expect([...(examples.difficulty?.learned ?? [])]).toEqual(three.learned);
  });

  test("become inputs: (u8 / 255 − mean) / std", async () => {
    const examples = await readExamples(await fileOf(three), input, 2);
    expect(inputRows(examples, input, 0, 2)).toBeAllclose([-0.2 / 0.35, 0.8 / 0.35, 0, 0.2 / 0.35], {
      atol: 1e-6, // f32
    });
    expect(inputRows(examples, input, 2, 3)).toHaveLength(2);
  });

  test("are refused with the tensor that is wrong", async () => {
    const refused = async (content: Partial<Content>) =>
      expect(readExamples(await fileOf(content), input, 2)).rejects;
    const { learned: _, ...withoutLearned } = three;
    await (await refused(withoutLearned)).toMatchObject({
      code: "file/malformed",
      details: { tensor: "learned" },
    });
    await (await refused({ ...three, labels: [1, 0, 2] })).toThrow("row 2 has label 2 of 2 classes");
    await (await refused({ ...three, el2n: [0, Number.NaN, 0] })).toThrow("el2n holds NaN");
  });

  test("know their own beginning", async () => {
    const whole = await readExamples(await fileOf(three), input, 2);
    const part = (images: readonly number[]) =>
      fileOf({ images, labels: [1], el2n: [0], learned: [0] }).then((file) => readExamples(file, input, 2));
    expect(isPrefix(await part([0, 255]), whole)).toBe(true);
    expect(isPrefix(await part([0, 254]), whole)).toBe(false);
    expect(isPrefix(whole, await part([0, 255]))).toBe(false);
  });
});

describe("a zoo's examples", () => {
  const suite = {
    id: "toy",
    tasks: [{ id: "t", classes: ["no", "yes"], n: { quick: 1, validation: 3, test: 3 } }],
    input,
  };
  const quick: Content = { images: [0, 255], labels: [1], el2n: [0.5], learned: [20] };

  function zooOf(files: Readonly<Record<string, Content>>) {
    const asked: string[] = [];
    const examples = new ZooExamples(suite, async (path) => {
      asked.push(path);
      const content = files[path];
      if (!content) throw new Error(`no ${path}`);
      return fileOf(content, path);
    });
    return { examples, asked };
  }

  const files = { "eval/t.quick.bin": quick, "eval/t.validation.bin": three, "eval/t.test.bin": three };

  test("come from the small file while it is enough, and each file is read once", async () => {
    const { examples, asked } = zooOf(files);
    expect((await examples.atLeast("t", "validation", 1)).count).toBe(1);
    expect(examples.difficulty("t", "validation")).toBeUndefined();
    expect((await examples.atLeast("t", "validation", 2)).count).toBe(3);
    expect((await examples.atLeast("t", "validation", 1)).count).toBe(3);
    expect((await examples.atLeast("t", "test", 1)).count).toBe(3);
    expect(examples.difficulty("t", "validation")?.el2n).toHaveLength(3);
    expect(asked).toEqual(["eval/t.quick.bin", "eval/t.validation.bin", "eval/t.test.bin"]);
  });

  test("are refused where quick is not the beginning of validation, or a count is not the family's", async () => {
    const shifted = zooOf({ ...files, "eval/t.quick.bin": { ...quick, labels: [0] } });
    await expect(shifted.examples.whole("t", "validation")).rejects.toMatchObject({
      code: "zoo/unavailable",
    });
    const short = zooOf({ "eval/t.test.bin": quick });
    await expect(short.examples.whole("t", "test")).rejects.toThrow("holds 1 examples, family.json says 3");
  });

  test("may be asked for again after a failure", async () => {
    const some: Record<string, Content> = {};
    const { examples } = zooOf(some);
    await expect(examples.atLeast("t", "validation", 1)).rejects.toThrow("no eval/t.quick.bin");
    some["eval/t.quick.bin"] = quick;
    expect((await examples.atLeast("t", "validation", 1)).count).toBe(1);
  });
});
