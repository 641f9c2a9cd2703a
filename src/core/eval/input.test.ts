import { describe, expect, test } from "vitest";
import { memoryFile } from "../testing/memory-file.ts";
import { headTensors, readHeads } from "./heads.ts";
import type { InputSpec } from "./input.ts";
import { gatherRows, inputRows, isPrefix, readExamples } from "./suite.ts";
import { encodeText } from "./text.ts";

const text: InputSpec = {
  kind: "text",
  name: "x",
  encode: { kind: "hashed-ngrams", size: 64, n: [1, 2], scale: 1 },
};
const utf8 = (...texts: readonly string[]) => {
  const bytes = texts.map((one) => [...new TextEncoder().encode(one)]);
  const offsets = [0];
  for (const own of bytes) offsets.push((offsets.at(-1) ?? 0) + own.length);
  return {
    texts: { dtype: "u8", shape: [offsets.at(-1) ?? 0], values: bytes.flat() },
    offsets: { dtype: "u32", shape: [offsets.length], values: offsets },
    labels: { dtype: "u8", shape: [texts.length], values: texts.map(() => 0) },
  } as const;
};

describe("examples that are texts", () => {
  test("are stored as UTF-8 and encoded row by row", async () => {
    const examples = await readExamples(await memoryFile(utf8("猫", "", "😀 ok")), text, 2);
    expect(examples.inputs).toEqual({ kind: "text", texts: ["猫", "", "😀 ok"] });
    expect(examples.difficulty).toBeUndefined();
    expect([...inputRows(examples, text, 2, 3)]).toEqual([...encodeText("😀 ok", text.encode)]);
    const gathered = gatherRows(examples, text, [2, 0]);
    expect([...gathered.subarray(64)]).toEqual([...encodeText("猫", text.encode)]);
    expect(isPrefix(await readExamples(await memoryFile(utf8("猫")), text, 2), examples)).toBe(true);
    expect(isPrefix(await readExamples(await memoryFile(utf8("犬")), text, 2), examples)).toBe(false);
  });

  test("are refused when offsets or bytes make no sense", async () => {
    const { offsets, ...rest } = utf8("猫", "b");
    const broken = (values: readonly number[]) =>
      memoryFile({ ...rest, offsets: { ...offsets, values } }).then((file) => readExamples(file, text, 2));
    await expect(broken([0, 4, 3])).rejects.toThrow("offsets");
    await expect(broken([0, 3, 9])).rejects.toThrow("offsets");
    await expect(broken([0, 1, 4])).rejects.toThrow("UTF-8");
  });
});

test("examples that are numbers are scaled, and refused with NaN", async () => {
  const spec: InputSpec = { kind: "values", name: "x", shape: [2], mean: 1, std: 2 };
  const file = (values: readonly number[]) =>
    memoryFile({
      values: { shape: [2, 2], values },
      labels: { dtype: "u8", shape: [2], values: [0, 1] },
    });
  const examples = await readExamples(await file([1, 3, 5, 7]), spec, 2);
  expect([...inputRows(examples, spec, 0, 2)]).toEqual([0, 1, 2, 3]);
  await expect(readExamples(await file([1, 3, 5, Number.NaN]), spec, 2)).rejects.toThrow("row 1");
});

describe("heads", () => {
  const file = () =>
    memoryFile({
      "W.a": { shape: [2, 1], values: [1, 2] },
      "W.b": { shape: [3, 1], values: [3, 4, 5] },
      mu: { shape: [1], values: [9] },
    });

  test("are private to a task by the end of their names, and shared otherwise", async () => {
    const heads = await readHeads(await file(), ["a", "b"]);
    expect(heads.inputs).toEqual(["W", "mu"]);
    expect(heads.of("b")).toMatchObject({ W: { shape: [3, 1] }, mu: { shape: [1] } });
    expect(heads.of("a").mu).toBe(heads.of("b").mu);
    expect(() => heads.of("c")).toThrow(expect.objectContaining({ code: "model/unknown-task" }));
    const named = headTensors((await file()).tensors, ["a", "b"], "a").map(({ input, stored }) => [
      input,
      stored.name,
    ]);
    expect(named).toEqual([
      ["W", "W.a"],
      ["mu", "mu"],
    ]);
  });

  test("must be there for every task", async () => {
    await expect(readHeads(await file(), ["a", "b", "c"])).rejects.toThrow("W.c is missing");
  });
});
