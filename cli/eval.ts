/** `eval`: the merged model on the family's examples, beside base, simple average and experts. */
import type { Context } from "#core/context.ts";
import type { Baseline } from "#core/eval/baselines.ts";
import { MergedImage } from "#core/eval/image.ts";
import { openEvaluator } from "#core/eval/open-evaluator.ts";
import type { Estimate, HardOptions, Proportion, RetentionReport } from "#core/eval/report.ts";
import type { Merger } from "#core/merge/merger.ts";
import { averageRecipe, baseRecipe, expertRecipe } from "#core/recipe/baselines.ts";
import { recipeKey } from "#core/recipe/key.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { UsageError } from "./exit.ts";
import type { Loaded } from "./load.ts";
import type { Options } from "./options.ts";
import { table } from "./table.ts";
import { webRunner } from "./web-runner.ts";

const HARD: HardOptions = { kind: "el2n", fraction: 0.1, lateStep: 640 };
const WHOLE_SPLIT = 1_000_000;

/** Measures the recipe on a whole split. @throws what merging and evaluating throw */
export async function evaluate(
  recipe: Recipe,
  { library }: Pick<Loaded, "library">,
  merger: Merger,
  { split, tasks }: Pick<Options, "split" | "tasks">,
  context: Context,
): Promise<RetentionReport> {
  const { evaluator } = await openEvaluator(library.files, webRunner, context);
  const known = evaluator.suite.tasks.map(({ id }) => id);
  const stranger = tasks.find((task) => !known.includes(task));
  if (stranger !== undefined)
    throw new UsageError(`There is no task “${stranger}”; there are ${known.join(", ")}.`);
  const wanted = tasks.length > 0 ? tasks : known;

  const measure = async (of: Recipe, on: readonly string[], keepAs?: Baseline) => {
    const image = new MergedImage();
    const emit = (name: string, rows: readonly Float32Array[]) => image.put(name, rows);
    const { revision, routing } = await merger.merge(of, "eval", emit, context);
    image.commit(revision, merger.rowTasks(of), routing);
    const request = { revision, recipeKey: recipeKey(of), split, stages: [WHOLE_SPLIT], hard: HARD } as const;
    const averageKey = recipeKey(averageRecipe(recipe));
    return evaluator.evaluate(
      { ...request, tasks: on, session: "inputs", averageKey, ...(keepAs && { keepAs }) },
      image,
      context,
    );
  };
  await measure(baseRecipe(recipe), wanted, "base");
  await measure(averageRecipe(recipe), wanted, "average");
  for (const { id } of recipe.experts) {
    const task = library.expert(id)?.task;
    if (task !== undefined && wanted.includes(task))
      await measure(expertRecipe(recipe, id), [task], "expert");
  }
  return measure(recipe, wanted);
}

/** The report as lines of text; every number with its n and 95 % interval. */
export function reportLines({ split, tasks, mean, output }: RetentionReport): readonly string[] {
  const rows = tasks.map(({ task, merged, references, retention }) => [
    task,
    proportion(references.base),
    proportion(references.average),
    proportion(references.expert),
    proportion(merged),
    proportion(retention),
  ]);
  const means = [mean.base, mean.average, mean.expert, mean.merged, mean.retention].map(estimate);
  return [
    `${split}${kinds[output]}; 95 % intervals`,
    ...(mean.withReference === undefined
      ? []
      : [`retention: mean over the ${mean.withReference} of ${tasks.length} tasks that have an expert`]),
    ...table([["task", "base", "average", "expert", "merged", "retention"], ...rows, ["mean", ...means]]),
  ];
}

/** What has to be known of numbers before they are compared. */
const kinds: Readonly<Record<RetentionReport["output"], string>> = {
  single: "",
  "per-task": ", each task with its own model",
  routed: ", every input routed among experts",
};

function proportion(value: Proportion | undefined): string {
  if (!value || value.n === 0) return "–";
  return `${percent(value.k / value.n)} [${percent(value.low)}, ${percent(value.high)}] n=${value.n}`;
}

function estimate(value: Estimate | undefined): string {
  return value ? `${percent(value.value)} [${percent(value.low)}, ${percent(value.high)}] n=${value.n}` : "–";
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
