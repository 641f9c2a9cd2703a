/** The card's numbers: test accuracies along training, and how far the best merge falls from its peak. */
import { bootstrap } from "../../src/core/eval/bootstrap.ts";
import { averageRecipe, baseRecipe, expertRecipe } from "../../src/core/recipe/baselines.ts";
import { setLambda, setMethod } from "../../src/core/recipe/edit.ts";
import { recipeKey } from "../../src/core/recipe/key.ts";
import type { Recipe } from "../../src/core/recipe/schema.ts";
import type { ExpertCard } from "../../src/core/summary.ts";
import { atStep } from "./first-results.ts";
import type { Meter } from "./meter.ts";

/** λ grid: 0…2 by .05; a search ends where accuracy has fallen this far below its best. */
const LAMBDAS = Array.from({ length: 41 }, (_, i) => Number((i * 0.05).toFixed(2)));
const HOPELESS = 0.1;
const RESAMPLES = 4000;

/** What merging the experts of one step gives. */
export interface StepNumbers {
  readonly expert: number;
  readonly average: number;
  readonly taskArithmeticBest: number;
  readonly taskArithmeticLambda: number;
  /** Validation accuracy that λ was chosen by. */
  readonly validation: number;
  /** Task arithmetic at that λ. */
  readonly recipe: Recipe;
}

export interface Fall {
  readonly peakStep: number;
  /** Test accuracy of the best merge at its peak, chosen on validation, minus that at the last step. */
  readonly fall: number;
  /** Paired bootstrap over test examples, drawn within each task. */
  readonly ci95: readonly [number, number];
}

/** Measures every step of the family's own experts. */
export async function measureSteps(meter: Meter): Promise<readonly StepNumbers[]> {
  const first = meter.first();
  const found: StepNumbers[] = [];
  for (const step of meter.steps) {
    const numbers = await numbersOf(meter, atStep(meter, first, step), meter.experts, step);
    const { expert, average, taskArithmeticBest: best, taskArithmeticLambda: lambda } = numbers;
    console.log(
      `step ${step}: expert ${round(expert)}, average ${round(average)}, task arithmetic ${round(best)} at λ ${lambda}`,
    );
    found.push(numbers);
  }
  return found;
}

/** @param recipe with these experts enabled, at their steps; @param step of each of them, absent = the last */
export async function numbersOf(
  meter: Meter,
  recipe: Recipe,
  experts: readonly ExpertCard[],
  step?: number,
): Promise<StepNumbers> {
  let own = 0;
  for (const { id, task } of experts) {
    if (task === undefined) continue;
    const report = await meter.measure(expertRecipe(recipe, id, step), { split: "test", tasks: [task] });
    own += report.mean.merged.value / experts.length;
  }
  const added = { ...setMethod(recipe, "task-arithmetic"), sparsifiers: [] };
  let best = { lambda: 0, validation: -1 };
  for (const lambda of LAMBDAS) {
    const validation = await meter.accuracy(setLambda(added, lambda), "validation");
    if (validation > best.validation) best = { lambda, validation };
    else if (validation < best.validation - HOPELESS) break;
  }
  const chosen = setLambda(added, best.lambda);
  return {
    expert: own,
    average: await meter.accuracy(averageRecipe(recipe), "test"),
    taskArithmeticBest: await meter.accuracy(chosen, "test"),
    taskArithmeticLambda: best.lambda,
    validation: best.validation,
    recipe: chosen,
  };
}

/** Measures the fall of the best merge from its peak to the last step. */
export async function measureFall(meter: Meter, numbers: readonly StepNumbers[]): Promise<Fall> {
  const peak = numbers.reduce(
    (best, one, i) => (one.validation > (numbers[best]?.validation ?? -1) ? i : best),
    0,
  );
  const [top, last] = [numbers[peak], numbers.at(-1)];
  if (!top || !last) throw new Error("no steps");
  for (const { recipe } of [top, last]) await meter.measure(recipe, { split: "test" });
  const pairs = await meter.evaluator.compare(recipeKey(top.recipe), recipeKey(last.recipe), "test");
  const strata = pairs.map(({ won, lost, n }) => [won, lost, n - won - lost]);
  const [fall] = bootstrap(
    strata,
    [
      (counts) =>
        counts.reduce((sum, [won = 0, lost = 0, same = 0]) => sum + (won - lost) / (won + lost + same), 0) /
        counts.length,
    ],
    { resamples: RESAMPLES },
  );
  if (!fall) throw new Error("no tasks");
  return {
    peakStep: meter.steps[peak] ?? 0,
    fall: round(fall.value),
    ci95: [round(fall.low), round(fall.high)],
  };
}

/** The card's `measured`. */
export async function measuredOf(meter: Meter, numbers: readonly StepNumbers[]) {
  return {
    steps: meter.steps,
    base: round(await meter.accuracy(baseRecipe(meter.first()), "test")),
    expert: numbers.map(({ expert }) => round(expert)),
    average: numbers.map(({ average }) => round(average)),
    taskArithmeticBest: numbers.map(({ taskArithmeticBest }) => round(taskArithmeticBest)),
    taskArithmeticLambda: numbers.map(({ taskArithmeticLambda }) => taskArithmeticLambda),
  };
}

export function round(value: number): number {
  return Number(value.toFixed(4));
}
