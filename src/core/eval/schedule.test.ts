import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CHUNK_ROWS, schedule } from "./schedule.ts";

const show = (stages: ReturnType<typeof schedule>) =>
  stages.map((stage) => stage.map(({ task, begin, end }) => `${task}${begin}-${end}`).join(" "));

describe("schedule", () => {
  test("lets every task reach a stage before any goes past it, taking turns", () => {
    const tasks = ["a", "b"].map((task) => ({ task, known: 0, count: 200 }));
    expect(show(schedule(tasks, [64, 192]))).toEqual(["a0-64 b0-64", "a64-128 b64-128 a128-192 b128-192"]);
  });

  test("goes on from what is known, and leaves a stage empty that needs nothing", () => {
    const tasks = [
      { task: "a", known: 64, count: 100 },
      { task: "b", known: 70, count: 100 },
    ];
    expect(show(schedule(tasks, [64, 256]))).toEqual(["", "a64-100 b70-100"]);
  });

  test("covers each missing row once, in order, in chunks of bounded size", () => {
    const task = fc.record({ known: fc.nat(300), count: fc.nat(1000) });
    const stages = fc.uniqueArray(fc.integer({ min: 1, max: 1200 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(task, { minLength: 1, maxLength: 4 }), stages, (sizes, ends) => {
        ends.sort((a, b) => a - b);
        const tasks = sizes.map(({ known, count }, i) => ({
          task: `t${i}`,
          known: Math.min(known, count),
          count,
        }));
        const at = new Map(tasks.map(({ task: name, known }) => [name, known]));
        for (const { task: name, begin, end } of schedule(tasks, ends).flat()) {
          expect(begin).toBe(at.get(name));
          expect(end - begin).toBeGreaterThan(0);
          expect(end - begin).toBeLessThanOrEqual(CHUNK_ROWS);
          at.set(name, end);
        }
        const last = ends.at(-1)!;
        for (const { task: name, known, count } of tasks) {
          expect(at.get(name)).toBe(Math.max(known, Math.min(count, last)));
        }
      }),
    );
  });
});
