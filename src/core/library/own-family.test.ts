import { describe, expect, test } from "vitest";
import { webRunner } from "../../../cli/web-runner.ts";
import { quietContext } from "../context.ts";
import { datasetsOf } from "../data/dataset.ts";
import type { RawInputs } from "../data/raw-examples.ts";
import { MergedImage } from "../eval/image.ts";
import { openEvaluator } from "../eval/open-evaluator.ts";
import { bytesSource } from "../formats/format.ts";
import { encodeOnnx, openOnnx, parseOnnx } from "../formats/onnx.ts";
import { graphOf } from "../formats/onnx-message.ts";
import { createMerger } from "../merge/run.ts";
import { defaultRecipe } from "../recipe/default.ts";
import { setLambda } from "../recipe/edit.ts";
import { recipeKey } from "../recipe/key.ts";
import { twin } from "../tensor/twin.ts";
import { type MemoryTensor, memoryFile } from "../testing/memory-file.ts";
import { floatValue, node, onnxModel, rawTensor, smallNetwork } from "../testing/onnx-graph.ts";
import { exportModel } from "./export.ts";
import { type OwnModel, type OwnOptions, ownFamily } from "./own-family.ts";
import { ZooLibrary } from "./zoo-library.ts";

/** x (N × 2) · body (2 × 2) · headᵀ (C × 2): the class is the larger of two numbers. */
function network(batch: number | string = "N", head: readonly number[] = [1, 0, 0, 1]) {
  const rows = head.length / 2;
  return onnxModel({
    input: [floatValue("x", [batch, 2])],
    output: [floatValue("logits", [batch, rows])],
    initializer: [
      rawTensor("body", [2, 2], Float32Array.of(1, 0, 0, 1)),
      rawTensor("head", [rows, 2], Float32Array.from(head)),
    ],
    node: [node("MatMul", ["x", "body"], ["h"]), node("Gemm", ["h", "head"], ["logits"], { transB: 1 })],
  });
}

const onnxFile = async (model: ReturnType<typeof network>, path = "base.onnx"): Promise<OwnModel> => ({
  path,
  file: await openOnnx(bytesSource(encodeOnnx(model)), path),
});
const expertFile = async (
  path: string,
  tensors: Readonly<Record<string, MemoryTensor>>,
): Promise<OwnModel> => ({
  path,
  file: await memoryFile(tensors, path),
});

/** n points; the class says which number is larger, by `rule`. */
function points(name: string, rule: (a: number, b: number) => string, n = 60) {
  const values = Float32Array.from({ length: 2 * n }, (_, i) => Math.sin(i * i));
  const labels = Array.from({ length: n }, (_, i) => rule(values[2 * i], values[2 * i + 1]));
  const inputs: RawInputs = { kind: "array", shape: [2], values };
  return datasetsOf([{ name, file: `${name}.csv`, inputs, labels }], 1);
}

const larger = points("larger", (a, b) => (a > b ? "0" : "1"));

/** Opens, adds the experts, merges the default recipe with this λ and evaluates all of validation. */
async function evaluate(
  base: OwnModel,
  candidates: readonly OwnModel[],
  datasets: ReturnType<typeof points>,
  lambda = 0,
  options: OwnOptions = {},
) {
  const files = ownFamily({ base, candidates, datasets }, options);
  const library = await ZooLibrary.open(files, twin);
  for (const { file, path, config } of candidates) await library.add(file, path, quietContext, { config });
  const merger = createMerger(library, twin);
  const recipe = setLambda(defaultRecipe(library.card(), "task-arithmetic"), lambda);
  const image = new MergedImage();
  const { revision } = await merger.merge(
    recipe,
    "live",
    (name, rows) => image.put(name, rows),
    quietContext,
  );
  image.commit(revision, merger.rowTasks(recipe));
  const { evaluator } = await openEvaluator(files, webRunner, quietContext);
  const report = await evaluator.evaluate(
    {
      revision,
      recipeKey: recipeKey(recipe),
      split: "validation",
      stages: [1000],
      hard: { kind: "el2n", fraction: 0.1, lateStep: 640 },
      session: "inputs",
    },
    image,
    quietContext,
  );
  return { library, merger, recipe, report };
}

const accuracies = ({ report }: Awaited<ReturnType<typeof evaluate>>) =>
  report.tasks.map(({ task, merged }) => [task, merged.k / merged.n]);

describe("a family of one's own", () => {
  test("is evaluated on one's own examples", async () => {
    const opened = await evaluate(await onnxFile(network()), [], larger);
    expect(accuracies(opened)).toEqual([["larger", 1]]);
    expect(opened.library.card()).toMatchObject({ suite: "own", name: "base", experts: [] });
    expect(opened.report.tasks[0].hard).toBeUndefined();
  });

  test("takes dropped experts for its only task", async () => {
    const swap = await expertFile("swapped.safetensors", {
      body: { shape: [2, 2], values: [0, 1, 1, 0] },
      head: { shape: [2, 2], values: [1, 0, 0, 1] },
    });
    const opened = await evaluate(await onnxFile(network()), [swap], larger, 1);
    expect(opened.library.card().experts).toMatchObject([{ id: "swapped", task: "larger" }]);
    expect(accuracies(opened)).toEqual([["larger", 0]]);
  });

  test("runs a graph of a fixed batch in pieces", async () => {
    expect(accuracies(await evaluate(await onnxFile(network(7)), [], larger))).toEqual([["larger", 1]]);
  });

  test("keeps heads of other shapes private to their tasks, in the page and in the exported file", async () => {
    const body = { shape: [2, 2], values: [1, 0, 0, 1] };
    const candidates = [
      await expertFile("sign.safetensors", { body, head: { shape: [3, 2], values: [1, 0, 0, 1, 0, 0] } }),
      await expertFile("larger.safetensors", { body, head: { shape: [2, 2], values: [1, 0, 0, 1] } }),
    ];
    const sign = points("sign", (a, b) => (a < 0 && b < 0 ? "2" : a > b ? "0" : "1"));
    const opened = await evaluate(await onnxFile(network()), candidates, [...larger, ...sign], 1);
    expect(opened.library.card().tensors.map(({ name }) => name)).toEqual(["body"]);
    expect(accuracies(opened)).toEqual([
      ["larger", 1],
      ["sign", 1],
    ]);
    const { pieces } = await exportModel(
      opened.library,
      opened.merger,
      { recipe: opened.recipe, as: "onnx" },
      quietContext,
    );
    const bytes = new Uint8Array(await new Blob([...pieces]).arrayBuffer());
    const outputs = graphOf(parseOnnx(bytes, "m.onnx")).output.map(({ name }) => name);
    expect(outputs).toEqual(["logits_larger", "logits_sign"]);
  });

  test("without examples has no tasks, and merges", async () => {
    const expert = await onnxFile(smallNetwork(1), "expert.onnx");
    const files = ownFamily({ base: await onnxFile(smallNetwork()), candidates: [expert], datasets: [] });
    const library = await ZooLibrary.open(files, twin);
    const card = await library.add(expert.file, expert.path, quietContext);
    expect(card.task).toBeUndefined();
    const { content } = await exportModel(
      library,
      createMerger(library, twin),
      { recipe: defaultRecipe(library.card(), "task-arithmetic"), as: "onnx" },
      quietContext,
    );
    expect(content).toMatch(/^sha256:/);
  });

  test("asks which output holds the scores where several could", async () => {
    const two = network();
    graphOf(two).output.push(floatValue("h", ["N", 2]));
    const base = await onnxFile(two);
    expect(() => ownFamily({ base, candidates: [], datasets: larger })).toThrow(
      expect.objectContaining({ code: "eval/graph", details: { outputs: ["logits", "h"] } }),
    );
    expect(accuracies(await evaluate(base, [], larger, 0, { logits: "logits" }))).toEqual([["larger", 1]]);
  });

  test("says why a graph cannot be evaluated, or the examples do not fit", async () => {
    const two = network();
    graphOf(two).input.push(floatValue("mask", ["N", 2]));
    const base = await onnxFile(two);
    expect(() => ownFamily({ base, candidates: [], datasets: larger })).toThrow("2 inputs (x, mask)");
    const plain = await expertFile("base.safetensors", { w: { shape: [1], values: [1] } });
    expect(() => ownFamily({ base: plain, candidates: [], datasets: larger })).toThrow("ONNX");
    const nine = points("nine", (a) => String(Math.floor(Math.abs(a) * 8.99)));
    await expect(evaluate(await onnxFile(network()), [], nine)).rejects.toMatchObject({
      code: "data/malformed",
    });
  });
});

describe("entries that are no numbers", () => {
  const sick = () => network("N", [Number.NaN, 0, 0, 1]);

  test("in the graph's weights refuse it as a base, unless 0 stands in for them", async () => {
    const base = await onnxFile(sick());
    await expect(evaluate(base, [], larger)).rejects.toMatchObject({
      code: "model/non-finite",
      details: { file: "base.onnx", nan: 1, tensors: ["head: 1 NaN / 4"] },
    });
    const opened = await evaluate({ ...base, nonFinite: "zero" }, [], larger);
    expect([...(await opened.library.base.load("head"))]).toEqual([0, 0, 0, 1]);
    expect(opened.library.card().base.repair).toMatchObject({ by: "zero", nan: 1 });
    expect(opened.report.tasks[0].n).toBeGreaterThan(0);
  });

  test("in a head that only its expert has are named before anything is evaluated with it", async () => {
    const three = await expertFile("larger.safetensors", {
      body: { shape: [2, 2], values: [1, 0, 0, 1] },
      head: { shape: [3, 2], values: [1, 0, Number.NaN, 1, 0, 0] },
    });
    const base = await onnxFile(network());
    await expect(evaluate(base, [three], larger)).rejects.toMatchObject({
      code: "model/non-finite",
      details: { file: "larger.safetensors", tensors: ["head: 1 NaN / 6"] },
    });
    await evaluate(base, [{ ...three, nonFinite: "zero" }], larger);
  });
});
