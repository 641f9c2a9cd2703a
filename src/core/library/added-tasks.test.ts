import { describe, expect, test } from "vitest";
import { webRunner } from "../../../cli/web-runner.ts";
import { quietContext } from "../context.ts";
import { datasetsOf } from "../data/dataset.ts";
import type { RawInputs } from "../data/raw-examples.ts";
import { encodeOnnx, parseOnnx } from "../formats/onnx.ts";
import { graphOf } from "../formats/onnx-message.ts";
import { createMerger } from "../merge/run.ts";
import { defaultRecipe } from "../recipe/default.ts";
import { twin } from "../tensor/twin.ts";
import { memoryFile } from "../testing/memory-file.ts";
import { floatValue, node, onnxModel, smallNetwork } from "../testing/onnx-graph.ts";
import { openWorkbench } from "../train/workbench.ts";
import { examplesPath, type FamilyFiles, type ZooFamily } from "../zoo.ts";
import { asTask, withTasks } from "./added-tasks.ts";
import { exportModel } from "./export.ts";
import { foundTask } from "./found-task.ts";
import { directionsOf, drawHeads, prototypeFamily } from "./prototypes.ts";
import { requireScores } from "./require-scores.ts";
import { ZooLibrary } from "./zoo-library.ts";

const N = { fewShot: 2, validation: 2, quick: 2, test: 2 };

/** x (N × 1 × 1 × 2) · body (2 × 2) = features; logits = (features − mu) · Wᵀ. */
const skeleton = onnxModel({
  input: [
    floatValue("x", ["N", 1, 1, 2]),
    floatValue("body", [2, 2]),
    floatValue("W", ["C", 2]),
    floatValue("mu", [2]),
  ],
  output: [floatValue("logits", ["N", "C"]), floatValue("features", ["N", 2])],
  node: [
    node("Flatten", ["x"], ["rows"], { axis: 1 }),
    node("MatMul", ["rows", "body"], ["features"]),
    node("Sub", ["features", "mu"], ["centred"]),
    node("Gemm", ["centred", "W"], ["logits"], { transB: 1 }),
  ],
});

const pictures: ZooFamily = {
  version: 1,
  id: "small",
  name: "Small",
  skeleton: "skeleton.onnx",
  base: "base",
  heads: { file: "heads" },
  input: { kind: "image", name: "x", shape: [1, 1, 2], mean: 0, std: 1 },
  logits: "logits",
  tasks: [{ id: "old", label: "Old", classes: ["a", "b"], n: N }],
  experts: [],
};

async function files(family: ZooFamily = pictures, graph = skeleton): Promise<FamilyFiles> {
  const body = { shape: [2, 2], values: [1, 0, 0, 2] };
  const mu = { shape: [2], values: [0.5, 0.5] };
  const images = { shape: [2, 2], values: [0, 9, 9, 0], dtype: "u8" } as const;
  const stored = {
    base: await memoryFile({ body }, "base"),
    heads: await memoryFile({ "W.old": { shape: [2, 2], values: [1, 0, 0, 1] }, mu }, "heads"),
    [examplesPath("old", "quick")]: await memoryFile({
      labels: { shape: [2], values: [0, 1], dtype: "u8" },
      images,
    }),
  };
  return {
    family,
    bytes: async () => encodeOnnx(graph),
    async open(path) {
      const file = new Map(Object.entries(stored)).get(path);
      if (!file) throw new Error(`no ${path}`);
      return file;
    },
  };
}

/** Two pixels: the class says which is lighter. */
const light = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? [200 + i, i] : [i, 200 + i]));
const set = (labels = (i: number): string => (i % 2 === 0 ? "left" : "right"), inputs: RawInputs = pixels) =>
  datasetsOf(
    [{ name: "Side", file: "side.npz", inputs, labels: light.map((_, i) => labels(i)) }],
    0,
    "learn",
  )[0];
const pixels: RawInputs = { kind: "array", shape: [1, 2], values: Uint8Array.from(light.flat()) };
const choice = { id: "side", label: "Sides", isInverted: false };

describe("directions", () => {
  test("are the mean of unit features about mu", () => {
    const features = Float32Array.of(4, 1, 1, 5, 1, -3, 8, 8);
    const W = directionsOf(features, [0, 1, 0, 1], 3, Float32Array.of(1, 1));
    // Class 0: (1, 0) and (0, −1); class 1: (0, 1) and (1, 1)/√2; class 2 has no example.
    const h = Math.SQRT1_2;
    const length = Math.hypot(h, 1 + h);
    expect(W).toBeAllclose([h, -h, h / length, (1 + h) / length, 0, 0], { rtol: 1e-6 }); // f32
  });

  test("come from the first two training examples of each class, or from all", async () => {
    const family = await prototypeFamily(await files());
    if (!family) throw new Error("no such family");
    const dataset = asTask(set(), choice, pictures, true);
    const [two, all] = await drawHeads(
      family,
      webRunner,
      [
        { dataset, shots: 2 },
        { dataset, shots: "all" },
      ],
      quietContext,
    );
    const byHand = async (limit: number) => {
      const { labels, inputs } = await dataset.examples("train", pictures.input, limit);
      if (inputs.kind !== "image") throw new Error("no pictures");
      // The body doubles the second pixel.
      const features = Float32Array.from(inputs.images, (value, i) => ((1 + (i % 2)) * value) / 255);
      return directionsOf(features, labels, 2, Float32Array.of(0.5, 0.5));
    };
    expect(two).toBeAllclose(await byHand(4), { atol: 1e-6 });
    expect(all).toBeAllclose(await byHand(40), { atol: 1e-6 });
    expect(two).not.toEqual(all);
  });

  test("are drawn only where graph and heads are made for it", async () => {
    const { heads: _, ...without } = pictures;
    expect(await prototypeFamily(await files(without))).toBeUndefined();
    expect(await prototypeFamily(await files(pictures, smallNetwork()))).toBeUndefined();
  });
});

describe("a family with an added task", () => {
  test("has its examples, its head and all that it may learn from", async () => {
    const before = await files();
    const dataset = asTask(set(), choice, pictures, true);
    const directions = Float32Array.of(1, 0, 0, 1);
    const whole = withTasks(before, [{ dataset, directions }]);
    const library = await ZooLibrary.open(before, twin);
    library.retask(whole);
    expect(library.card().tasks).toMatchObject([
      { id: "old" },
      { id: "side", label: "Sides", classes: ["left", "right"], n: { train: 20, validation: 10, test: 10 } },
    ]);
    const bench = await openWorkbench(whole, webRunner);
    expect((await bench.training("side")).count).toBe(20);
    expect(bench.network("side").constants.W).toEqual({ data: directions, shape: [2, 2] });
    expect(bench.network("old").constants.W.data).toEqual(directions);
    await requireScores(whole, webRunner, ["side"], quietContext);
  });

  test("is exported with a head of its own", async () => {
    const dataset = asTask(set(), choice, pictures, true);
    const whole = withTasks(await files(), [{ dataset, directions: Float32Array.of(1, 0, 0, 1) }]);
    const library = await ZooLibrary.open(whole, twin);
    const recipe = defaultRecipe(library.card(), "task-arithmetic");
    const { pieces } = await exportModel(
      library,
      createMerger(library, twin),
      { recipe, as: "onnx" },
      quietContext,
    );
    const bytes = new Uint8Array(await new Blob([...pieces]).arrayBuffer());
    const outputs = graphOf(parseOnnx(bytes, "m.onnx")).output.map(({ name }) => name);
    expect(outputs).toEqual(["logits_old", "logits_side", "features"]);
  });

  test("tells what was found, and shows one example of every class first", async () => {
    const dataset = asTask(set(), choice, pictures, true);
    const found = await foundTask(dataset, "side", await files(), 0, true);
    expect(
      found.samples
        .slice(0, 2)
        .map(({ label }) => label)
        .sort(),
    ).toEqual(["left", "right"]);
    expect(found).toMatchObject({ dataset: "side", label: "Sides", isDrawn: true, n: { quick: 10 } });
    expect(found.border?.own).toBeGreaterThan(0.3);
  });

  test("swaps light and dark, and gives way to the classes that there are", async () => {
    const skipping = set((i) => (i % 2 === 0 ? "1" : "3"));
    const dataset = asTask(skipping, { ...choice, isInverted: true }, pictures, true);
    expect(dataset.classes).toEqual(["1", "3"]);
    const { inputs, labels } = await dataset.examples("test", pictures.input);
    if (inputs.kind !== "image") throw new Error("no pictures");
    for (const [row, label] of labels.entries())
      expect(inputs.images[2 * row] < inputs.images[2 * row + 1]).toBe(label === 0);
  });

  test("takes dropped experts whose name speaks of it", async () => {
    const before = await files();
    const library = await ZooLibrary.open(before, twin);
    const two: ZooFamily = { ...pictures, tasks: [...pictures.tasks, { ...pictures.tasks[0], id: "other" }] };
    library.retask({ ...before, family: two });
    const file = await memoryFile({ body: { shape: [2, 2], values: [1, 1, 1, 1] } }, "side.safetensors");
    expect((await library.add(file, "side.safetensors", quietContext)).task).toBeUndefined();
    library.retask(withTasks(before, [{ dataset: asTask(set(), choice, pictures, true) }]));
    expect(library.card().experts).toMatchObject([{ id: "side", task: "side" }]);
  });
});

describe("classes of a fixed head", () => {
  const task = (labels: (i: number) => string, known: readonly string[]) =>
    asTask(
      set(labels),
      choice,
      { ...pictures, tasks: [{ ...pictures.tasks[0], classes: [...known] }] },
      false,
    );

  test("are its own where the labels are among them, or numbers", async () => {
    const some = task((i) => (i % 2 === 0 ? " Dog" : "cat"), ["ant", "cat", "dog"]);
    expect(some.classes).toEqual(["ant", "cat", "dog"]);
    const { labels } = await some.examples("train", pictures.input, 8);
    expect(new Set(labels)).toEqual(new Set([1, 2]));
    expect(task((i) => String(i % 2), ["ant", "cat", "dog"]).classes).toEqual(["ant", "cat", "dog"]);
    expect(task((i) => (i % 2 === 0 ? "x" : "y"), ["a", "b"]).classes).toEqual(["x", "y"]);
  });

  test("say both sides where they do not fit", () => {
    expect(() => task((i) => (i % 2 === 0 ? "x" : "y"), ["ant", "cat", "dog"])).toThrow(
      "2 classes (x, y), and the model's own head scores 3 (ant, cat, dog)",
    );
  });
});

describe("examples that do not fit are told", () => {
  test("by kind, size and number", () => {
    const values: RawInputs = {
      kind: "array",
      shape: [2],
      values: Float32Array.from(light.flat(), (v) => v - 300),
    };
    expect(() => asTask(set(undefined, values), choice, pictures, true)).toThrow("0…1 or 0…255");
    const texts: RawInputs = { kind: "text", texts: light.map(String) };
    expect(() => asTask(set(undefined, texts), choice, pictures, true)).toThrow("holds examples of texts");
    const few = datasetsOf([{ name: "", file: "few", inputs: pixels, labels: ["a", "b"] }], 0, "learn")[0];
    expect(() => asTask(few, choice, pictures, true)).toThrow("needs some of each");
    expect(() =>
      asTask(
        set(() => "1"),
        choice,
        pictures,
        true,
      ),
    ).toThrow("one class only");
  });

  test("when the graph scores fewer classes than they have", async () => {
    const dataset = asTask(set(), choice, pictures, true);
    const whole = withTasks(await files(), [{ dataset, directions: Float32Array.of(1, 0, 0, 1) }]);
    const narrow = {
      ...whole,
      open: async (path: string) => (path === "heads" ? narrowHeads() : whole.open(path)),
    };
    const narrowHeads = () =>
      memoryFile({
        "W.old": { shape: [2, 2], values: [1, 0, 0, 1] },
        "W.side": { shape: [1, 2], values: [1, 0] },
        mu: { shape: [2], values: [0, 0] },
      });
    await expect(requireScores(narrow, webRunner, ["side"], quietContext)).rejects.toThrow(
      "2 classes, and the model scores 1",
    );
  });
});
