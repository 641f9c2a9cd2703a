/**
 * Measures the shipped zoo with the code that the page runs, and writes what the page shows of it:
 * `measured` in card.json (test accuracies per step, λ chosen on validation) and results.json (the first charts).
 *
 * Usage: npm run zoo:measure
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { presets } from "../src/core/catalog.ts";
import { quietContext } from "../src/core/context.ts";
import { MergedImage } from "../src/core/eval/image.ts";
import { openEvaluator } from "../src/core/eval/open-evaluator.ts";
import type { Proportion, RetentionReport, Split } from "../src/core/eval/report.ts";
import { ZooLibrary } from "../src/core/library/zoo-library.ts";
import { createMerger } from "../src/core/merge/run.ts";
import { averageRecipe, baseRecipe, expertRecipe } from "../src/core/recipe/baselines.ts";
import { defaultRecipe } from "../src/core/recipe/default.ts";
import { setAllSteps, setLambda, setMethod } from "../src/core/recipe/edit.ts";
import { recipeKey } from "../src/core/recipe/key.ts";
import type { Recipe } from "../src/core/recipe/schema.ts";
import type { ShippedResults } from "../src/core/shipped.ts";
import { FIRST_PRESET } from "../src/core/shipped.ts";
import { twin } from "../src/core/tensor/twin.ts";
import { nodeRunner, openFolder } from "./node-zoo.ts";

/** λ grid of the card: 0…2 by .05. */
const LAMBDAS = Array.from({ length: 41 }, (_, i) => Number((i * 0.05).toFixed(2)));
const HARD = { kind: "el2n", fraction: 0.1, lateStep: 640 } as const;

const folder = fileURLToPath(new URL("../../public/zoo/vision/", import.meta.url));
const files = await openFolder(folder);
const library = await ZooLibrary.open(files, twin);
const merger = createMerger(library, twin);
const { evaluator } = await openEvaluator(files, nodeRunner(), quietContext);
const card = library.card();
const preset = presets.find(({ id }) => id === FIRST_PRESET);
if (!preset) throw new Error(`no preset ${FIRST_PRESET}`);
const first = defaultRecipe(card, preset);
const steps = card.experts[0]?.checkpoints.map(({ step }) => step) ?? [];

interface Options {
  readonly split?: Split;
  readonly tasks?: readonly string[];
  readonly keepAs?: "base" | "average" | "expert";
}

/** Merges and evaluates a recipe on a whole split. */
async function measure(
  recipe: Recipe,
  { split = "validation", ...options }: Options = {},
): Promise<RetentionReport> {
  const image = new MergedImage();
  const name = `measure ${++measured}`;
  const { revision } = await merger.merge(
    recipe,
    name,
    (tensor, rows) => image.put(tensor, rows),
    quietContext,
  );
  image.commit(revision, merger.rowTasks(recipe));
  const request = {
    revision,
    recipeKey: recipeKey(recipe),
    split,
    stages: [ALL],
    hard: HARD,
    session: "inputs",
  } as const;
  return evaluator.evaluate({ ...request, ...options }, image, quietContext);
}
let measured = 0;
const ALL = 1_000_000;

/** The λ with the best mean accuracy on validation, the first of equals. */
async function bestLambda(recipe: Recipe): Promise<number> {
  let best = { lambda: 0, mean: -1 };
  for (const lambda of LAMBDAS) {
    const mean = (await measure(setLambda(recipe, lambda))).mean.merged.value;
    if (mean > best.mean) best = { lambda, mean };
  }
  return best.lambda;
}

async function measureCard() {
  const table = {
    steps,
    base: round((await measure(baseRecipe(first), { split: "test" })).mean.merged.value),
    expert: [] as number[],
    average: [] as number[],
    taskArithmeticBest: [] as number[],
    taskArithmeticLambda: [] as number[],
  };
  for (const step of steps) {
    const alone: number[] = [];
    for (const { id, task } of card.experts) {
      if (task === undefined) continue;
      const report = await measure(expertRecipe(first, id, step), { split: "test", tasks: [task] });
      alone.push(report.mean.merged.value);
    }
    table.expert.push(round(alone.reduce((sum, value) => sum + value, 0) / alone.length));
    const together = setAllSteps(first, step);
    table.average.push(round((await measure(averageRecipe(together), { split: "test" })).mean.merged.value));
    const added = { ...setMethod(together, "task-arithmetic"), sparsifiers: [] };
    const lambda = await bestLambda(added);
    const best = await measure(setLambda(added, lambda), { split: "test" });
    table.taskArithmeticBest.push(round(best.mean.merged.value));
    table.taskArithmeticLambda.push(lambda);
    console.log(
      `step ${step}: expert ${table.expert.at(-1)}, average ${table.average.at(-1)}, task arithmetic ${table.taskArithmeticBest.at(-1)} at λ ${lambda}`,
    );
  }
  return table;
}

/** What the page shows before its workers answer, all on validation. */
async function firstResults(): Promise<ShippedResults> {
  const own: Record<string, Record<number, Proportion>> = {};
  for (const { id, task } of card.experts) {
    if (task === undefined) continue;
    const bySteps: Record<number, Proportion> = {};
    for (const step of steps) {
      const isLast = step === steps.at(-1);
      const recipe = expertRecipe(first, id, isLast ? undefined : step);
      const report = await measure(recipe, { tasks: [task], ...(isLast && { keepAs: "expert" as const }) });
      if (report.tasks[0]) bySteps[step] = report.tasks[0].merged;
    }
    own[id] = bySteps;
  }
  await measure(baseRecipe(first), { keepAs: "base" });
  await measure(averageRecipe(first), { keepAs: "average" });
  const probes = [];
  for (const step of steps) {
    const report = await measure(setAllSteps(first, step));
    probes.push({ step, tasks: Object.fromEntries(report.tasks.map(({ task, merged }) => [task, merged])) });
  }
  const report = await measure(first);
  return {
    version: 1,
    library: card,
    recipe: first,
    summary: { ...(await merger.merge(first, "summary", () => {}, quietContext)), milliseconds: 0 },
    stats: await merger.describe(first, quietContext),
    report,
    againstAverage: await evaluator.compare(report.recipeKey, recipeKey(averageRecipe(first)), "validation"),
    own,
    steps: probes,
  };
}

function round(value: number): number {
  return Number(value.toFixed(4));
}

const results = await firstResults();
await writeFile(join(folder, "results.json"), `${JSON.stringify(results)}\n`);
const path = join(folder, "card.json");
const old: unknown = JSON.parse(await readFile(path, "utf8"));
await writeFile(path, `${JSON.stringify({ ...Object(old), measured: await measureCard() }, null, 1)}\n`);
