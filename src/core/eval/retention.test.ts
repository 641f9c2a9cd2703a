import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wilson } from "./metrics.ts";
import type { TaskOutcome } from "./paired.ts";
import { retentionReport } from "./retention.ts";

const header = {
  recipeKey: "r",
  suite: "s",
  split: "validation",
  subset: "quick",
  output: "single",
  hard: { kind: "el2n", fraction: 0.2, lateStep: 640 },
} as const;

/** Ten examples; the label is 1, so a 1 is right. The last two are the hardest. */
const outcome: TaskOutcome = {
  task: "t",
  classes: 4,
  labels: new Uint8Array(10).fill(1),
  merged: Uint8Array.of(1, 1, 1, 1, 1, 1, 0, 0, 1, 0),
  base: Uint8Array.of(1, 1, 1, 0, 0, 0, 0, 0, 0, 0),
  average: Uint8Array.of(1, 1, 1, 1, 1, 0, 0, 0, 0, 0),
  expert: Uint8Array.of(1, 1, 1, 1, 1, 0, 1, 1, 1, 1),
  difficulty: {
    el2n: Float32Array.from({ length: 10 }, (_, i) => i / 10),
    learned: new Uint16Array(10),
  },
};

describe("a report", () => {
  test("agrees with the counts by hand", () => {
    const [task] = retentionReport(header, [outcome]).tasks;
    expect(task).toMatchObject({ task: "t", n: 10, chance: 0.25, merged: wilson(7, 10) });
    expect(task.references).toEqual({ base: wilson(3, 10), average: wilson(5, 10), expert: wilson(9, 10) });
    // The expert is right on nine, the merge on six of those.
    expect(task.retention).toEqual(wilson(6, 9));
    expect(task.normalised?.value).toBeCloseTo(7 / 9, 12);
    expect(task.normalised?.n).toBe(10);
    // Rows 8 and 9 are hard, the expert knows both, the merge keeps one; rows 0–4 are easy and all kept.
    expect(task.hard).toEqual(wilson(1, 2));
    expect(task.easy).toEqual(wilson(5, 5));
    expect(task.bins).toEqual([
      { from: 0, to: 0.5, retention: wilson(5, 5), merged: wilson(5, 5), expert: wilson(5, 5) },
      { from: 0.5, to: 1, retention: wilson(1, 4), merged: wilson(2, 5), expert: wilson(4, 5) },
    ]);
  });

  test("means what is kept over the tasks that have an expert, and says how many", () => {
    const { expert: _, difficulty: __, ...bare } = outcome;
    const { mean } = retentionReport(header, [outcome, { ...bare, task: "u" }]);
    expect(mean).toMatchObject({ withReference: 1 });
    expect(mean.retention?.value).toBeCloseTo(6 / 9, 12);
    expect(mean.hard?.value).toBeCloseTo(1 / 2, 12);
    // Beside the merge's mean over both tasks, a mean over one would mislead.
    expect(mean.expert).toBeUndefined();
    expect(mean.merged.n).toBe(20);
    expect(retentionReport(header, [{ ...bare, task: "u" }]).mean.retention).toBeUndefined();
  });

  test("gives tasks equal weight in the means, whatever their size", () => {
    const small: TaskOutcome = {
      task: "u",
      classes: 2,
      labels: Uint8Array.of(0, 0),
      merged: Uint8Array.of(0, 1),
      base: Uint8Array.of(1, 1),
      average: Uint8Array.of(0, 1),
      expert: Uint8Array.of(0, 0),
      difficulty: { el2n: Float32Array.of(0, 1), learned: new Uint16Array(2) },
    };
    const { mean } = retentionReport(header, [outcome, small]);
    expect(mean.merged).toMatchObject({ value: (0.7 + 0.5) / 2, n: 12 });
    expect(mean.base?.value).toBeCloseTo((0.3 + 0) / 2, 12);
    expect(mean.average?.value).toBeCloseTo((0.5 + 0.5) / 2, 12);
    expect(mean.expert?.value).toBeCloseTo((0.9 + 1) / 2, 12);
    expect(mean.retention?.value).toBeCloseTo((6 / 9 + 1 / 2) / 2, 12);
    expect(mean.retention?.n).toBe(11);
    expect(mean.normalised?.value).toBeCloseTo((7 / 9 + 1 / 2) / 2, 12);
    // One hard row of u, which the merge loses.
    expect(mean.hard).toMatchObject({ value: (1 / 2 + 0) / 2, n: 3 });
  });

  test("says nothing of references that are not known yet", () => {
    const { expert: _, ...withoutExpert } = outcome;
    const report = retentionReport(header, [withoutExpert]);
    expect(Object.keys(report.tasks[0])).toEqual(["task", "n", "chance", "merged", "references"]);
    expect(Object.keys(report.tasks[0].references)).toEqual(["base", "average"]);
    expect(Object.keys(report.mean).sort()).toEqual(["average", "base", "merged"]);
  });

  test("gives retention without hardness while the difficulty is not known", () => {
    const [task] = retentionReport(header, [{ ...outcome, difficulty: undefined }]).tasks;
    expect(task.retention).toEqual(wilson(6, 9));
    expect(task.hard).toBeUndefined();
    expect(task.bins).toBeUndefined();
  });

  test("takes hardness from the whole split when only its beginning was evaluated", () => {
    const [task] = retentionReport(header, [{ ...outcome, merged: outcome.merged.slice(0, 9) }]).tasks;
    expect(task.n).toBe(9);
    expect(task.hard).toEqual(wilson(1, 1));
  });

  test("leaves out what a reference that is never right cannot define", () => {
    const [task] = retentionReport(header, [{ ...outcome, expert: new Uint8Array(10) }]).tasks;
    expect(task.retention).toEqual(wilson(0, 0));
    expect(task.normalised).toBeUndefined();
    const { mean } = retentionReport(header, [{ ...outcome, expert: new Uint8Array(10) }]);
    expect(mean.retention).toBeUndefined();
    expect(mean.expert?.value).toBe(0);
  });

  test("finds everything kept when the merge answers as the reference does", () => {
    const answers = fc.uint8Array({ minLength: 20, maxLength: 80, max: 3 });
    fc.assert(
      fc.property(answers, (predictions) => {
        const merged = Uint8Array.from(predictions);
        const labels = merged.map((value, row) => (row % 3 === 0 ? 3 - value : value));
        const el2n = Float32Array.from(merged, (_, row) => row);
        const difficulty = { el2n, learned: new Uint16Array(merged.length) };
        const report = retentionReport(header, [
          { task: "t", classes: 4, labels, merged, expert: merged, difficulty },
        ]);
        expect(report.tasks[0].retention?.k).toBe(report.tasks[0].retention?.n);
        expect(report.tasks[0].normalised).toMatchObject({ value: 1, low: 1, high: 1 });
        expect(report.mean.retention?.value).toBe(1);
        expect(report.mean.merged.value).toBe(report.mean.expert?.value);
      }),
      { numRuns: 30 },
    );
  });
});
