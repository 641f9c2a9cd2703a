import { describe, expect, test } from "vitest";
import { type Context, quietContext } from "../context.ts";
import { bytesSource } from "../formats/format.ts";
import { safetensors } from "../formats/safetensors.ts";
import { writeSafetensors } from "../formats/safetensors-write.ts";
import { type EvaluationRequest, Evaluator } from "./evaluator.ts";
import { MergedImage } from "./image.ts";
import type { SessionKind } from "./predictions.ts";
import type { RetentionReport } from "./report.ts";
import type { EvalSuite } from "./suite.ts";
import { ZooExamples } from "./zoo-examples.ts";

/**
 * A one-pixel suite: the picture is the row's number, the label its last bit. The fake model's only weight says how
 * many first rows it gets right; the rest it gets wrong.
 */
const suite: EvalSuite = {
  id: "toy",
  tasks: ["a", "b"].map((id) => ({
    id,
    classes: ["even", "odd"],
    n: { quick: 100, validation: 180, test: 70 },
  })),
  input: { kind: "image", name: "x", shape: [1, 1, 1], mean: 0, std: 1 / 255 },
};

async function openExamples(path: string) {
  const count = path.includes("quick") ? 100 : path.includes("test") ? 70 : 180;
  const rows = Uint8Array.from({ length: count }, (_, row) => row);
  const el2n = Float32Array.from(rows, (row) => row / 180);
  const content: Record<string, Uint8Array<ArrayBuffer>> = {
    images: rows,
    labels: rows.map((row) => row % 2),
    el2n: new Uint8Array(el2n.buffer),
    learned: new Uint8Array(2 * count),
  };
  const specs = [
    { name: "images", dtype: "u8", shape: [count, 1, 1] },
    { name: "labels", dtype: "u8", shape: [count] },
    { name: "el2n", dtype: "f32", shape: [count] },
    { name: "learned", dtype: "u16", shape: [count] },
  ] as const;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of writeSafetensors(specs, new Map(), ({ name }) => content[name])) parts.push(part);
  const file = new Uint8Array(await new Blob(parts).arrayBuffer());
  return safetensors.open(bytesSource(file), path);
}

function setUp() {
  const log: string[] = [];
  let opened = 0;
  const trunk = {
    predictor: (image: MergedImage, session: SessionKind) => {
      opened++;
      return {
        async logits(task: string, x: Float32Array, rows: number) {
          log.push(`${session} ${task} ${x[0]}-${x[0] + rows}`);
          const right = image.weights(task).get("right")![0];
          return Float32Array.from({ length: 2 * rows }, (_, i) => {
            const row = Math.round(x[Math.floor(i / 2)]);
            const answer = row < right ? row % 2 : 1 - (row % 2);
            return i % 2 === answer ? 1 : 0;
          });
        },
        async close() {
          opened--;
        },
      };
    },
  };
  const examples = new ZooExamples(suite, openExamples);
  const image = new MergedImage();
  const evaluator = new Evaluator(suite, examples, trunk);
  let revision = 0;
  const merge = (...right: number[]) => {
    image.put(
      "right",
      right.map((value) => Float32Array.of(value)),
    );
    image.commit(++revision, right.length > 1 ? ["a", "b"] : undefined);
    return revision;
  };
  return { evaluator, examples, image, merge, log, isClosed: () => opened === 0 };
}

const request = (changes: Partial<EvaluationRequest> & { revision: number }): EvaluationRequest => ({
  recipeKey: "r",
  split: "validation",
  stages: [64, 100],
  hard: { kind: "el2n", fraction: 0.1, lateStep: 640 },
  session: "inputs",
  ...changes,
});

describe("an evaluation", () => {
  test("reports after every stage, all tasks alike", async () => {
    const { evaluator, image, merge, isClosed } = setUp();
    const early: RetentionReport[] = [];
    const report = await evaluator.evaluate(request({ revision: merge(80) }), image, quietContext, (r) =>
      early.push(r),
    );
    expect(early.map(({ tasks }) => tasks.map(({ merged }) => `${merged.k}/${merged.n}`))).toEqual([
      ["64/64", "64/64"],
    ]);
    expect(report).toMatchObject({ suite: "toy", subset: "quick", output: "single", recipeKey: "r" });
    expect(report.tasks.map(({ merged }) => `${merged.k}/${merged.n}`)).toEqual(["80/100", "80/100"]);
    expect(isClosed()).toBe(true);
  });

  test("says full when the split ends before the last stage", async () => {
    const { evaluator, image, merge } = setUp();
    const whole = request({ revision: merge(60), split: "test", stages: [2000] });
    const report = await evaluator.evaluate(whole, image, quietContext);
    expect(report.subset).toBe("full");
    expect(report.tasks[0].n).toBe(70);
  });

  test("does not repeat known rows, unless they were made by another arithmetic", async () => {
    const { evaluator, image, merge, log } = setUp();
    const revision = merge(80);
    await evaluator.evaluate(request({ revision, stages: [64] }), image, quietContext);
    log.length = 0;
    await evaluator.evaluate(request({ revision }), image, quietContext);
    expect(log).toEqual(["inputs a 64-100", "inputs b 64-100"]);
    log.length = 0;
    await evaluator.evaluate(request({ revision, stages: [100], session: "external" }), image, quietContext);
    expect(log).toHaveLength(4);
    log.length = 0;
    await evaluator.evaluate(request({ revision }), image, quietContext);
    expect(log).toEqual([]);
  });

  test("gives up as soon as the image moves on, and keeps what it has", async () => {
    const { evaluator, image, merge, isClosed, log } = setUp();
    const revision = merge(80);
    let chunks = 0;
    const interrupting: Context = {
      ...quietContext,
      async breathe() {
        if (++chunks === 3) merge(90);
      },
    };
    const evaluation = evaluator.evaluate(request({ revision }), image, interrupting);
    await expect(evaluation).rejects.toMatchObject({ name: "AbortError" });
    expect(isClosed()).toBe(true);
    expect(log).toHaveLength(2);
    const known = await evaluator.report("r", "validation", request({ revision }).hard);
    expect(known?.tasks.map(({ n }) => n)).toEqual([64, 64]);
  });

  test("stops between chunks when it is cancelled", async () => {
    const { evaluator, image, merge, log } = setUp();
    const cancelled: Context = {
      ...quietContext,
      signal: {
        aborted: true,
        throwIfAborted() {
          throw new Error("cancelled");
        },
      },
    };
    await expect(evaluator.evaluate(request({ revision: merge(80) }), image, cancelled)).rejects.toThrow(
      "cancelled",
    );
    expect(log).toEqual([]);
  });

  test("measures each task with its own model", async () => {
    const { evaluator, image, merge } = setUp();
    const report = await evaluator.evaluate(request({ revision: merge(10, 90) }), image, quietContext);
    expect(report.output).toBe("per-task");
    expect(report.tasks.map(({ merged }) => merged.k)).toEqual([10, 90]);
  });

  test("refuses a task that is not in the suite", async () => {
    const { evaluator, image, merge } = setUp();
    const evaluation = evaluator.evaluate(
      request({ revision: merge(80), tasks: ["c"] }),
      image,
      quietContext,
    );
    await expect(evaluation).rejects.toMatchObject({ code: "model/unknown-task" });
  });
});

describe("a later report", () => {
  test("takes in baselines and difficulty that have arrived since", async () => {
    const { evaluator, examples, image, merge } = setUp();
    const first = await evaluator.evaluate(request({ revision: merge(80) }), image, quietContext);
    expect(first.tasks[0].retention).toBeUndefined();
    for (const [keepAs, right] of [
      ["base", 20],
      ["average", 50],
    ] as const) {
      const baseline = request({ revision: merge(right), recipeKey: keepAs, keepAs });
      await evaluator.evaluate(baseline, image, quietContext);
    }
    for (const task of ["a", "b"]) {
      const expert = request({
        revision: merge(100),
        recipeKey: `e${task}`,
        keepAs: "expert",
        tasks: [task],
      });
      await evaluator.evaluate(expert, image, quietContext);
    }
    await examples.whole("a", "validation");
    const report = await evaluator.report("r", "validation", request({ revision: 0 }).hard);
    expect(report?.tasks[0]).toMatchObject({ retention: { k: 80, n: 100 }, references: { base: { k: 20 } } });
    // The hardest tenth of the whole split are rows 162–179: none among the first hundred.
    expect(report?.tasks[0].hard).toMatchObject({ k: 0, n: 0 });
    expect(report?.tasks[0].easy).toMatchObject({ k: 80, n: 90 });
    expect(report?.tasks[1].hard).toBeUndefined();
    expect(report?.mean).toMatchObject({
      base: { value: 0.2 },
      average: { value: 0.5 },
      normalised: { value: 0.8 },
    });
  });

  test("shows the average of no other recipe than it is asked for", async () => {
    const { evaluator, image, merge } = setUp();
    for (const [recipeKey, right] of [
      ["r", 80],
      ["old", 40],
      ["new", 60],
    ] as const) {
      const keepAs = recipeKey === "r" ? {} : { keepAs: "average" as const };
      await evaluator.evaluate(
        request({ revision: merge(right), recipeKey, ...keepAs }),
        image,
        quietContext,
      );
    }
    const { hard } = request({ revision: 0 });
    const mean = async (key?: string) =>
      (await evaluator.report("r", "validation", hard, key))?.mean.average?.value;
    expect(await mean()).toBe(0.6);
    expect(await mean("new")).toBe(0.6);
    expect(await mean("old")).toBeUndefined();
  });

  test("is undefined for a recipe that nobody knows", async () => {
    const { evaluator } = setUp();
    expect(await evaluator.report("?", "validation", request({ revision: 0 }).hard)).toBeUndefined();
    expect(await evaluator.compare("?", "r", "validation")).toEqual([]);
  });

  test("compares recipes on the rows that both have seen", async () => {
    const { evaluator, image, merge } = setUp();
    await evaluator.evaluate(request({ revision: merge(80), recipeKey: "new" }), image, quietContext);
    const old = request({ revision: merge(50), recipeKey: "old", stages: [64], tasks: ["a"] });
    await evaluator.evaluate(old, image, quietContext);
    expect(await evaluator.compare("new", "old", "validation")).toEqual([
      { task: "a", n: 64, won: 14, lost: 0, p: expect.closeTo(2 / 2 ** 14, 12) },
    ]);
    const flips = await evaluator.flips("new", "old", "validation", 2);
    expect(flips.map(({ row, kind, label }) => `${row} ${kind} ${label}`)).toEqual([
      "63 won odd",
      "62 won even",
    ]);
  });
});
