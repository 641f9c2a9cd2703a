import { describe, expect, it } from "vitest";
import { wilson } from "#core/eval/metrics.ts";
import { fixtureExperts, fixtureRecipe } from "../testing/fixture.ts";
import { fixtureProbes, fixtureTrajectories } from "../testing/fixture-report.ts";
import { chosenSteps, stepPoints, taskExperts } from "./trajectory-points.ts";

const experts = taskExperts(fixtureExperts);

describe("points", () => {
  it("gives the mean over tasks of experts alone and of the merge, by step", () => {
    const points = stepPoints(experts, fixtureTrajectories(), fixtureProbes());
    expect(points.map(({ step }) => step)).toEqual([20, 40, 80, 160, 320, 640, 1280, 2560]);
    expect(points[4].merged?.value).toBeCloseTo(0.877, 2);
    expect(points[4].merged?.n).toBe(4 * 256);
    expect(points.at(-1)?.own?.value).toBeGreaterThan(points[0].own?.value ?? 1);
  });

  it("gives one task's own numbers with its own interval", () => {
    const own = wilson(90, 100);
    const [point] = stepPoints([{ id: "a", task: "t" }], { a: { own: { 20: own } } }, []);
    expect(point).toEqual({
      step: 20,
      own: { value: 0.9, low: own.low, high: own.high, n: 100 },
      merged: undefined,
    });
  });

  it("has no mean while a task is missing", () => {
    const [first] = fixtureProbes();
    const { digits, ...rest } = first.tasks;
    const points = stepPoints(experts, {}, [{ step: 20, tasks: rest }]);
    expect(digits).toBeDefined();
    expect(points).toEqual([]);
  });
});

describe("the recipe's own steps", () => {
  it("groups experts that stop together", () => {
    expect(chosenSteps(fixtureRecipe, fixtureExperts, experts)).toEqual([
      { step: 320, tasks: ["digits", "clothes", "capitals", "hiragana"] },
    ]);
  });

  it("takes the last checkpoint where no step is set, and leaves out disabled experts", () => {
    const [digits, clothes] = fixtureRecipe.experts;
    const { step: _, ...last } = digits;
    const recipe = { ...fixtureRecipe, experts: [last, { ...clothes, enabled: false }] };
    expect(chosenSteps(recipe, fixtureExperts, experts)).toEqual([{ step: 2560, tasks: ["digits"] }]);
  });
});
