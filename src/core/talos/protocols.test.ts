import { describe, expect, it } from "vitest";
import { quietContext } from "../context.ts";
import { additionGrid } from "./addition.ts";
import { disentanglementError, disentanglementMap } from "./disentanglement.ts";
import { negationGrid } from "./negation.ts";
import { ALPHAS, type Predict, type ProtocolTask } from "./protocol.ts";

const N = 20;
const labels = new Uint8Array(N).fill(1);
const task = (name: string): ProtocolTask => ({ task: name, labels: { validation: labels, test: labels } });
const tasks = [task("a"), task("b"), task("c")] as const;

/** A network that gets `right(coefficients, task)` of its N answers right. */
const answering =
  (right: (coefficients: readonly number[], task: number) => number): Predict =>
  async (coefficients, index) =>
    Uint8Array.from({ length: N }, (_, i) => (i < right(coefficients, index) ? 1 : 0));

describe("task addition", () => {
  /** Alone 20 of 20; together best from .3 to .4, and worse with every step beyond. */
  const predict = answering((coefficients, index) => {
    const isAlone = coefficients.filter((value) => value !== 0).length === 1;
    if (isAlone) return coefficients[index] === 1 ? 20 : 10;
    const [alpha] = coefficients;
    return alpha < 0.3 ? 10 : alpha <= 0.4 ? 16 : 8;
  });

  it("takes 21 points of [0, 1]", () => {
    expect(ALPHAS).toHaveLength(21);
    expect([ALPHAS[0], ALPHAS[20]]).toEqual([0, 1]);
  });

  it("chooses the first α of the best normalised validation accuracy, and tests it once", async () => {
    const { alpha, points, test } = await additionGrid(tasks, predict, quietContext);
    expect(alpha).toBe(0.3);
    expect(points).toHaveLength(21);
    expect(test).toMatchObject({
      alpha: 0.3,
      accuracy: expect.closeTo(0.8),
      normalised: expect.closeTo(0.8),
    });
    expect(test.accuracyEstimate).toMatchObject({ value: expect.closeTo(0.8), n: 60 });
    expect(test.accuracyEstimate.low).toBeLessThan(0.8);
  });
});

describe("task negation", () => {
  /** Subtracting loses the target fast and control slowly; beyond .5 control is broken. */
  const predict = answering((coefficients, index) => {
    const alpha = -coefficients[0];
    if (index === 0) return 20 - Math.round(20 * alpha);
    return alpha <= 0.5 ? 20 : 12;
  });

  it("forgets as much as control allows", async () => {
    const { alpha, points, test } = await negationGrid(tasks, 0, predict, quietContext);
    expect(alpha).toBe(0.5);
    expect(points[0]).toMatchObject({ alpha: 0, kept: 1 });
    expect(test?.negated).toMatchObject({ target: { accuracy: { k: 10, n: N } }, kept: 1 });
    expect(test?.base.target.accuracy.k).toBe(20);
  });

  it("has no answer when no point keeps control, and α = 0 always does", async () => {
    const beyond = await negationGrid(tasks, 0, predict, quietContext, undefined, { alphas: [0.8, 1] });
    expect(beyond.alpha).toBeUndefined();
    expect(beyond.test).toBeUndefined();
    const stays = await negationGrid(
      tasks,
      0,
      answering((c) => (c[0] < 0 ? 0 : 20)),
      quietContext,
    );
    expect(stays.alpha).toBe(0);
  });
});

describe("disentanglement error", () => {
  it("adds the shares of changed answers of both tasks, with n and interval", () => {
    const error = disentanglementError(
      [
        [1, 1, 0, 2],
        [1, 2],
      ],
      [
        [1, 0, 0, 2],
        [2, 2],
      ],
    );
    expect(error).toMatchObject({ value: 0.75, n: 6 });
    expect(error.low).toBeLessThanOrEqual(0.75);
    expect(error.high).toBeGreaterThanOrEqual(0.75);
  });

  it("is 0 where the other coefficient is 0, and where the other vector changes nothing", async () => {
    const [first, second] = tasks;
    const predict = answering((coefficients, index) =>
      index === 0 ? 10 * coefficients[0] : 10 + 5 * coefficients[0],
    );
    const map = await disentanglementMap([first, second], predict, quietContext, undefined, [-1, 0, 1]);
    const at = (a: number, b: number) =>
      map.find(({ alphas }) => alphas[0] === a && alphas[1] === b)?.error.value;
    expect([at(0, 0), at(0, 1), at(0, -1)]).toEqual([0, 0, 0]);
    expect([at(1, 0), at(-1, 1)]).toEqual([0.25, 0.25]);
  });
});
