import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inputRows } from "../eval/suite.ts";
import { datasetsOf } from "./dataset.ts";
import type { WantedShape } from "./fit-input.ts";
import type { RawExamples, RawInputs } from "./raw-examples.ts";
import { splitExamples } from "./split.ts";

const wanted = (...shape: (number | undefined)[]): WantedShape => ({ name: "x", shape, mean: 0, std: 1 });
const raw = (inputs: RawInputs, labels: readonly string[], more: Partial<RawExamples> = {}): RawExamples => ({
  name: "",
  file: "f",
  inputs,
  labels,
  ...more,
});
const texts = (count: number): RawInputs => ({
  kind: "text",
  texts: Array.from({ length: count }, (_, i) => `text ${i}`),
});

describe("the split", () => {
  test("holds every class in proportion, and no example twice", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { minLength: 20, maxLength: 200 }), fc.nat(99), (labels, seed) => {
        const classes = Uint8Array.from(labels);
        const {
          fewShot,
          validation,
          test: held,
        } = splitExamples(
          classes,
          labels.map(() => undefined),
          seed,
          "t",
        );
        const all = [...fewShot, ...validation, ...held];
        expect(new Set(all).size).toBe(all.length);
        expect(all).toHaveLength(labels.length);
        for (const label of new Set(labels)) {
          const n = (rows: Uint32Array) => rows.filter((row) => classes[row] === label).length;
          expect(Math.abs(n(validation) - n(held))).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("begins in proportion too, depends on the seed, and is the same for the same seed", () => {
    const classes = Uint8Array.from({ length: 1000 }, (_, row) => (row % 4 === 0 ? 1 : 0));
    const split = (seed: number) => splitExamples(classes, new Array(1000).fill(undefined), seed, "t");
    const begin = split(1).validation.subarray(0, 40);
    // 100 of the 443: few shots take at most 64 of a class.
    expect(begin.filter((row) => classes[row] === 1)).toHaveLength(9);
    expect(split(1)).toEqual(split(1));
    expect(split(2).validation).not.toEqual(split(1).validation);
  });

  test("takes few shots from what was meant for training, and the rest from the rest", () => {
    const parts = Array.from({ length: 300 }, (_, row) => (row < 200 ? "train" : "test") as "train" | "test");
    const { fewShot, validation, test: held } = splitExamples(new Uint8Array(300), parts, 0, "t");
    expect(fewShot).toHaveLength(64);
    expect([...fewShot].every((row) => row < 200)).toBe(true);
    expect([...validation, ...held].every((row) => row >= 200)).toBe(true);
    expect([validation.length, held.length]).toEqual([50, 50]);
  });
});

describe("a data set", () => {
  test("numbers its classes as they are numbered, or by name", () => {
    const [one] = datasetsOf([raw(texts(3), ["2", "0", "2.0"])], 0);
    expect(one.classes).toEqual(["0", "1", "2"]);
    const [two] = datasetsOf([raw(texts(3), ["rose", "Ast", "rose"])], 0);
    expect(two.classes).toEqual(["Ast", "rose"]);
    expect(() => datasetsOf([raw(texts(2), ["a", "a"])], 0)).toThrow("one class");
    expect(() =>
      datasetsOf(
        [
          raw(
            texts(300),
            Array.from({ length: 300 }, (_, i) => `c${i}`),
          ),
        ],
        0,
      ),
    ).toThrow("at most 255");
  });

  test("gives rows of all its parts with their labels", async () => {
    const values = Float32Array.from({ length: 40 }, (_, i) => i);
    const part = (from: number, kind: "train" | "test") =>
      raw(
        { kind: "array", shape: [1], values: values.subarray(from, from + 20) },
        Array.from({ length: 20 }, (_, i) => String((from + i) % 2)),
        { part: kind },
      );
    const [set] = datasetsOf([part(0, "train"), part(20, "test")], 0);
    const input = set.input(wanted(1));
    const { labels, inputs, count } = await set.examples("test", input);
    expect(count).toBe(set.n.test);
    if (inputs.kind !== "values") throw new Error("no values");
    expect(inputs.values.every((value, i) => value >= 20 && value % 2 === labels[i])).toBe(true);
  });

  test("becomes what the graph takes", async () => {
    const bytes = (shape: number[]): RawInputs => ({
      kind: "array",
      shape,
      values: Uint8Array.from({ length: 2 * shape.reduce((a, b) => a * b) }, (_, i) => i),
    });
    const asInput = (inputs: RawInputs, shape: (number | undefined)[]) =>
      datasetsOf([raw(inputs, ["a", "b"])], 0)[0].input(wanted(...shape));
    expect(asInput(bytes([2, 3]), [1, 2, 3])).toMatchObject({
      kind: "image",
      shape: [1, 2, 3],
      layout: "chw",
    });
    expect(asInput(bytes([2, 3]), [6])).toMatchObject({ kind: "image", shape: [1, 2, 3], layout: "flat" });
    expect(asInput(bytes([4, 5, 3]), [undefined, undefined, 3])).toMatchObject({
      shape: [3, 4, 5],
      layout: "hwc",
    });
    expect(asInput(bytes([7]), [7])).toMatchObject({ kind: "values", shape: [7] });
    expect(asInput(texts(2), [4096])).toMatchObject({ kind: "text", encode: { size: 4096, n: [1, 2, 3] } });
    expect(() => asInput(texts(2), [1, 28, 28])).toThrow("takes 1 × 28 × 28");
    expect(() => asInput(bytes([2, 3]), [1, 4, 4])).toThrow("holds examples of 2 × 3");
  });

  test("keeps a picture's channels together whatever the order it came in", async () => {
    // Channels last: red 0…5, green 100…, blue 200….
    const one = Array.from({ length: 6 }, (_, p) => [p, 100 + p, 200 + p]).flat();
    const inputs: RawInputs = { kind: "array", shape: [2, 3, 3], values: Uint8Array.from([...one, ...one]) };
    const [set] = datasetsOf([raw(inputs, ["0", "1"])], 0);
    for (const [shape, first] of [
      [
        [3, 2, 3],
        [0, 1, 2],
      ],
      [
        [2, 3, 3],
        [0, 100, 200],
      ],
    ] as const) {
      const input = set.input({ ...wanted(...shape), std: 1 / 255 });
      const { inputs: found } = await set.examples("validation", input);
      expect(inputRows({ inputs: found }, input, 0, 1).slice(0, 3)).toBeAllclose(first, { atol: 1e-4 }); // f32
    }
  });
});
