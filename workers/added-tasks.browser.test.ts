/** Pictures become a task of the vision zoo: looked at, tried, measured, and trained on, with the real workers. */
import { type Remote, transfer, wrap } from "comlink";
import { beforeAll, expect, test, vi } from "vitest";
import { baseRecipe } from "#core/recipe/baselines.ts";
import { defaultRecipe } from "#core/recipe/default.ts";
import { recipeKey } from "#core/recipe/key.ts";
import { trainSpec } from "#core/train/spec.ts";
import type { DroppedFile, EvalApi, ExtendedSource, ModelsApi } from "./protocol/api.ts";
import { installErrorHandler } from "./protocol/errors.ts";
import type { OptimiseApi } from "./protocol/optimise.ts";

const FAMILY = new URL("/zoo/vision/family.json", location.href).href;
const COUNT = 16;

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let models: Remote<ModelsApi>;
let evaluation: Remote<EvalApi>;
let optimise: Remote<OptimiseApi>;
let files: readonly DroppedFile[];
let job = 0;

const port = () => transfer(...pair());
const pair = (): [MessagePort, [MessagePort]] => {
  const { port2 } = new MessageChannel();
  return [port2, [port2]];
};

/** A dark bar on paper, wider than high: across or upright. */
async function picture(isAcross: boolean, i: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(60, 40);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  context.fillStyle = "#f4f0e8";
  context.fillRect(0, 0, 60, 40);
  context.fillStyle = "#222";
  if (isAcross) context.fillRect(16, 14 + (i % 8), 28, 5);
  else context.fillRect(22 + (i % 8), 6, 5, 28);
  return canvas.convertToBlob();
}

beforeAll(async () => {
  installErrorHandler();
  models = wrap<ModelsApi>(new Worker(new URL("./models.worker.ts", import.meta.url), { type: "module" }));
  evaluation = wrap<EvalApi>(new Worker(new URL("./eval.worker.ts", import.meta.url), { type: "module" }));
  optimise = wrap<OptimiseApi>(
    new Worker(new URL("./optimise.worker.ts", import.meta.url), { type: "module" }),
  );
  const weights = new MessageChannel();
  const lent = new MessageChannel();
  await models.connect(port(), transfer(weights.port1, [weights.port1]));
  await evaluation.connect(port(), transfer(weights.port2, [weights.port2]));
  await optimise.connect(port(), transfer(lent.port1, [lent.port1]));
  await models.lend(transfer(lent.port2, [lent.port2]));
  await models.openZoo(++job, FAMILY);
  await evaluation.openZoo(++job, FAMILY);
  files = await Promise.all(
    ["across", "upright"].flatMap((name) =>
      Array.from({ length: COUNT }, async (_, i) => ({
        path: `bars/${name}/${i}.png`,
        file: new File([await picture(name === "across", i)], `${i}.png`),
      })),
    ),
  );
});

const source = (directions?: Float32Array<ArrayBuffer>): ExtendedSource => ({
  id: `tasks:${directions ? 2 : 1}`,
  family: FAMILY,
  tasks: [{ files, dataset: "bars", id: "bars", label: "Bars", isInverted: true, shots: 2, directions }],
});

test("a folder of pictures is looked at: classes, numbers, pictures, and which way they are light", async () => {
  const [found, ...more] = await evaluation.inspectTasks(++job, FAMILY, files);
  expect(more).toEqual([]);
  expect(found).toMatchObject({
    dataset: "bars",
    label: "bars",
    classes: ["across", "upright"],
    n: { train: 16, fewShot: 16, validation: 8, quick: 8, test: 8 },
    suggestsInversion: true,
    isDrawn: true,
  });
  expect(found?.border?.own).toBeGreaterThan(0.9);
  expect(found?.samples.map(({ label }) => label)).toContain("upright");
});

test("it is measured beside the zoo's tasks, and an expert is trained on it", async () => {
  const [directions] = await evaluation.prepareTasks(++job, source(), 0);
  expect(directions).toHaveLength(2 * 64);
  const whole = source(directions);
  await evaluation.openZoo(++job, whole);
  const library = await models.retask(++job, whole);
  expect(library.tasks.map(({ id }) => id)).toEqual(["digits", "clothes", "capitals", "hiragana", "bars"]);
  const recipe = baseRecipe(defaultRecipe(library, "task-arithmetic"));
  const { revision } = await models.merge(++job, recipe, "live");
  const report = await evaluation.evaluate(++job, {
    image: "live",
    revision,
    recipeKey: recipeKey(recipe),
    output: "single",
    split: "validation",
    stages: [64],
    tasks: ["bars", "digits"],
    hard: { kind: "el2n", fraction: 0.1, lateStep: 640 },
    session: "inputs",
  });
  const [bars, digits] = report.tasks;
  expect([bars?.n, digits?.n]).toEqual([8, 64]);
  expect(bars?.merged.k).toBeGreaterThan(4);

  const outcome = await optimise.start(++job, {
    kind: "train",
    task: "bars",
    from: "base",
    spec: trainSpec.parse({ steps: 2, batch: 8, validateEvery: 2 }),
    label: "Bars expert",
  });
  if (outcome.kind !== "trained") throw new Error(outcome.kind);
  expect(outcome.expert).toMatchObject({ task: "bars", source: "trained" });

  // The task goes, with nothing else: what was trained stays.
  await models.retask(++job, { id: "tasks:3", family: FAMILY, tasks: [] });
  const again = await models.retask(++job, whole);
  expect(again.experts.at(-1)).toMatchObject({ id: outcome.expert.id, task: "bars" });
});

test("what is no picture is told by its name", async () => {
  const broken = [...files.slice(1), { path: "bars/across/0.png", file: new File(["no"], "0.png") }];
  const { tasks } = source();
  const bad = {
    ...source(),
    tasks: tasks.map((task) => ({ ...task, files: broken, shots: "all" as const })),
  };
  await expect(
    Promise.all([evaluation.inspectTasks(++job, FAMILY, broken), evaluation.prepareTasks(++job, bad, 0)]),
  ).rejects.toMatchObject({ code: "data/malformed", details: { file: "bars/across/0.png" } });
});
