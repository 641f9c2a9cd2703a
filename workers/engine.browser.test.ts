/** Both workers with their ports, the real runtime and the real zoo. */
import { type Remote, transfer, wrap } from "comlink";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { accuracy, fillArgmax } from "#core/eval/metrics.ts";
import { suiteOf } from "#core/eval/open-evaluator.ts";
import type { RetentionReport } from "#core/eval/report.ts";
import { inputRows } from "#core/eval/suite.ts";
import { ZooExamples } from "#core/eval/zoo-examples.ts";
import { averageRecipe, baseRecipe, expertRecipe } from "#core/recipe/baselines.ts";
import { defaultRecipe } from "#core/recipe/default.ts";
import { recipeKey } from "#core/recipe/key.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import type { LibraryCard } from "#core/summary.ts";
import type { EvalApi, EvaluateRequest, ImageId, ModelsApi, WorkerEvent } from "./protocol/api.ts";
import { installErrorHandler } from "./protocol/errors.ts";
import { runner } from "./session.ts";
import { openFamily } from "./zoo-family.ts";

const FAMILY = new URL("/zoo/vision/family.json", location.href).href;

// Tens of evaluations, on machines that may be busy with other tests.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const heard: WorkerEvent[] = [];
let models: Remote<ModelsApi>;
let evaluation: Remote<EvalApi>;
let library: LibraryCard;
let recipe: Recipe;
let job = 0;

beforeAll(async () => {
  installErrorHandler();
  const weights = new MessageChannel();
  models = wrap<ModelsApi>(new Worker(new URL("./models.worker.ts", import.meta.url), { type: "module" }));
  evaluation = wrap<EvalApi>(new Worker(new URL("./eval.worker.ts", import.meta.url), { type: "module" }));
  const listen = () => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => heard.push(data);
    return transfer(port2, [port2]);
  };
  await models.connect(listen(), transfer(weights.port1, [weights.port1]));
  await evaluation.connect(listen(), transfer(weights.port2, [weights.port2]));
  [library] = await Promise.all([models.openZoo(++job, FAMILY), evaluation.openZoo(++job, FAMILY)]);
  recipe = defaultRecipe(library, "task-arithmetic");
});

type Options = Partial<EvaluateRequest> & { readonly image?: ImageId };

async function measure(wanted: Recipe, options: Options = {}): Promise<RetentionReport> {
  const image = options.image ?? "live";
  const { revision } = await models.merge(++job, wanted, image);
  return evaluation.evaluate(++job, {
    image,
    revision,
    recipeKey: recipeKey(wanted),
    output: "single",
    split: "validation",
    stages: [64, 256],
    hard: { kind: "el2n", fraction: 0.1, lateStep: 640 },
    session: "inputs",
    ...options,
  });
}

const right = (report: RetentionReport) => report.tasks.map(({ merged }) => merged.k);

describe("the zoo", () => {
  test("is described", () => {
    expect(library).toMatchObject({ suite: "vision", base: { parameters: 204_288 } });
    expect(library.tensors).toHaveLength(53);
    expect(new Set(library.tensors.map(({ index }) => index)).size).toBe(53);
    expect(library.experts.map(({ checkpoints }) => checkpoints.at(-1)?.step)).toEqual([
      2560, 2560, 2560, 2560,
    ]);
  });
});

describe("merging and evaluating", () => {
  test("gives retention against every baseline", async () => {
    await measure(baseRecipe(recipe), { image: "side", keepAs: "base" });
    await measure(averageRecipe(recipe), { image: "side", keepAs: "average" });
    for (const { id, task } of library.experts) {
      const tasks = [task ?? ""];
      const alone = await measure(expertRecipe(recipe, id), { image: "side", tasks, keepAs: "expert" });
      expect(alone.tasks[0]?.retention).toMatchObject({ k: alone.tasks[0]?.merged.k });
    }
    const { mean, tasks } = await measure(recipe);
    expect(mean.expert?.value).toBeGreaterThan(0.9);
    expect(mean.base?.value).toBeLessThan(0.8);
    expect(mean.merged.value).toBeGreaterThan(mean.base?.value ?? 1);
    expect(mean.retention?.value).toBeGreaterThan(0.7);
    expect(mean.normalised?.value).toBeLessThan(1);
    for (const { references, retention } of tasks) expect(retention?.n).toBe(references.expert?.k);
  });

  test("gives the base at λ = 0", async () => {
    const base = await measure(baseRecipe(recipe));
    const atZero = await measure({ ...recipe, method: { id: "ties", params: {} }, lambda: 0 });
    expect(right(atZero)).toEqual(right(base));
  });

  test("agrees between weights as inputs and constant weights", async () => {
    const byInputs = await measure(recipe, { stages: [256] });
    const byConstants = await measure(recipe, { stages: [256], session: "external" });
    const differences = right(byInputs).map((k, t) => Math.abs(k - (right(byConstants)[t] ?? 0)));
    expect(Math.max(...differences)).toBeLessThanOrEqual(1);
  });

  test("measures every task with its own model where a method makes them", async () => {
    const emr = defaultRecipe(library, "emr");
    const report = await measure(emr, { output: "per-task" });
    expect(report.output).toBe("per-task");
    expect(report.mean.retention?.value).toBeGreaterThan(0.9);
    const settled = await measure(emr, { output: "per-task", session: "external", stages: [256] });
    expect(right(settled).map((k, t) => Math.abs(k - (right(report)[t] ?? 0)) <= 1)).not.toContain(false);
  });

  test("routes inputs among experts where a method does, and goes back to weights after it", async () => {
    const arrow = defaultRecipe(library, "arrow");
    const report = await measure(arrow, { output: "routed", stages: [64] });
    expect(report.output).toBe("routed");
    expect(report.mean.merged.value).toBeGreaterThan(0.5);
    const settled = await measure(arrow, { output: "routed", session: "external", stages: [64] });
    expect(right(settled).map((k, t) => Math.abs(k - (right(report)[t] ?? 0)) <= 1)).not.toContain(false);
    const base = await measure(baseRecipe(recipe), { stages: [64] });
    const atZero = await measure({ ...arrow, lambda: 0 }, { output: "routed", stages: [64] });
    expect(right(atZero)).toEqual(right(base));
  });

  test("sends only what an edit changed", async () => {
    await models.merge(++job, recipe, "live");
    const again = await models.merge(++job, recipe, "live");
    expect(again).toMatchObject({ changed: 0, total: 53 });
    const rule = { match: { glob: "blocks.0.**" }, set: { lambda: 0.5 } };
    const edited = await models.merge(++job, { ...recipe, rules: [rule] }, "live");
    expect(edited.changed).toBe(12);
  });

  test("refuses an unknown expert with its code", async () => {
    const unknown = expertRecipe(recipe, "nobody");
    await expect(models.merge(++job, unknown, "live")).rejects.toMatchObject({
      name: "AppError",
      code: "recipe/unknown-expert",
      details: { expert: "nobody" },
    });
  });
});

/** A file as a drop gives it. */
const given = (file: File) => ({ path: file.name, file });

describe("files", () => {
  test("that are exported come back as an expert of the same content", async () => {
    const saved = await models.export(++job, recipe, "safetensors");
    const seal = await models.seal(++job, recipe);
    expect(seal.output).toBe(saved.content);
    expect(Object.keys(seal.inputs.experts)).toEqual(recipe.experts.map(({ id }) => id));
    const [opened] = await models.open(++job, [given(new File([saved.blob], "digits_step-10.safetensors"))]);
    expect(opened).toMatchObject({
      ok: true,
      expert: {
        id: "digits-2",
        task: "digits",
        source: "dropped",
        checkpoints: [{ step: 10, id: saved.content }],
        warnings: [],
      },
    });
    const report = await measure(expertRecipe(recipe, "digits-2"), { stages: [256] });
    expect(right(report)).toEqual(right(await measure(recipe, { stages: [256] })));
    await models.forget("digits-2");
    await expect(models.merge(++job, expertRecipe(recipe, "digits-2"), "side")).rejects.toMatchObject({
      code: "recipe/unknown-expert",
    });
  });

  test("that are exported as ONNX give, alone, the accuracy that was shown", async () => {
    const shown = await measure(recipe, { stages: [256], session: "external" });
    const { blob, fileName } = await models.export(++job, recipe, "onnx");
    expect(fileName).toMatch(/^task-arithmetic-[0-9a-f]{8}\.onnx$/);
    const graph = await runner.open({ graph: new Uint8Array(await blob.arrayBuffer()) });
    const files = await openFamily(FAMILY);
    const suite = suiteOf(files.family);
    const examples = new ZooExamples(suite, files.open);
    for (const { id, classes } of suite.tasks) {
      const rows = await examples.atLeast(id, "validation", 256);
      const x = { data: inputRows(rows, suite.input, 0, 256), shape: [256, 1, 28, 28] };
      const { [`logits_${id}`]: logits } = await graph.run({ x }, [`logits_${id}`]);
      const predictions = new Uint8Array(256);
      if (!(logits?.data instanceof Float32Array)) throw new Error(`no logits_${id}`);
      fillArgmax(predictions, logits.data, classes.length);
      const task = shown.tasks.find((report) => report.task === id);
      expect(Math.abs(accuracy(predictions, rows.labels).k - (task?.merged.k ?? 0))).toBeLessThanOrEqual(1);
    }
    await graph.release();
    const [opened] = await models.open(++job, [given(new File([blob], fileName))]);
    expect(opened).toMatchObject({ ok: true, expert: { source: "dropped" } });
  });

  test("have regions that are counted, and saved as indices and values", async () => {
    const localized = defaultRecipe(library, "localize-and-stitch");
    const { experts, overlap, regionBytes } = await models.describeMasks(++job, localized);
    expect(experts).toEqual(library.experts.map(({ id }) => id));
    expect(overlap.reduce((sum, count) => sum + count, 0)).toBe(204_288);
    const [first = ""] = experts;
    const { blob, entries, fraction } = await models.exportRegion(++job, localized, first);
    expect(entries).toBe(Math.floor(0.05 * 204_288));
    expect(fraction).toBeCloseTo(0.05, 4);
    expect(blob.size).toBeGreaterThan(regionBytes[0] ?? 0);
    await expect(models.exportRegion(++job, localized, "nobody")).rejects.toMatchObject({
      code: "recipe/unknown-expert",
    });
  });

  test("become checkpoints of one expert, or are refused one by one", async () => {
    const file = async (step: number, name: string) => {
      const response = await fetch(new URL(`experts/clothes/step-${step}.safetensors`, FAMILY));
      return given(new File([await response.blob()], name));
    };
    const results = await models.open(++job, [
      await file(640, "mine_step-640.safetensors"),
      await file(20, "mine_step-20.safetensors"),
      given(new File(["hello"], "notes.safetensors")),
    ]);
    expect(results.map((result) => result.ok)).toEqual([true, true, false]);
    expect(results[1]).toMatchObject({ expert: { id: "mine", checkpoints: [{ step: 20 }, { step: 640 }] } });
    expect(results[2]).toMatchObject({ file: "notes.safetensors", code: expect.stringMatching(/^file\//) });
  });
});
