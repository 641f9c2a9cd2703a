/** What a request will take, from core's counts and one measured run of the network. */
import { adamergingCost } from "#core/adamerging/adamerging.ts";
import type { LossKind } from "#core/autodiff/loss.ts";
import type { Cost } from "#core/cost.ts";
import { localiseCost } from "#core/localise/localise.ts";
import { READ_ROWS } from "#core/statistics/examples.ts";
import { fisherCost } from "#core/statistics/fisher.ts";
import { gramCost } from "#core/statistics/gram.ts";
import { calibrateCost } from "#core/talos/calibrate.ts";
import { sizeOf } from "#core/tensor/tensor.ts";
import type { Gradients, WeightValues } from "#core/train/gradients.ts";
import type { NamedData } from "#core/train/workbench.ts";
import type { TrainRequest, WorkCost, WorkRequest } from "../protocol/optimise.ts";
import { baseWeights, expertWeights, type Tools } from "./tools.ts";

/** Measures a forward and, where there are any, a backward run, and counts. */
export async function costOf(request: WorkRequest, tools: Tools): Promise<WorkCost> {
  const { bench, context } = tools;
  const tasks = await tasksOf(request, tools);
  const [task] = tasks;
  if (task === undefined) throw new Error("a request without a task");
  const data = await bench.data(task, "validation");
  const cost = await counted(request, tasks, data, tools);
  const weights = await baseWeights(tools);
  const gradients = bench.gradients(task);
  try {
    const rows = Math.min(READ_ROWS, data.count);
    const forward = await perExample(rows, () =>
      gradients.predict(weights, data.rows(firstRows(rows), 0), rows, context),
    );
    const run = cost.gradientPasses > 0 ? await measureGradient(gradients, weights, data, cost) : none;
    const seconds = cost.passes * forward + cost.gradientPasses * run.seconds;
    return { ...cost, seconds, heapBytes: run.heapBytes };
  } finally {
    await gradients.close();
  }
}

const none = { seconds: 0, heapBytes: 0 };

/** Seconds per example of a gradient, and the heap of one run. */
async function measureGradient(
  gradients: Gradients,
  weights: WeightValues,
  data: NamedData,
  { rows: wanted }: Cost,
): Promise<{ readonly seconds: number; readonly heapBytes: number }> {
  const loss: LossKind = "cross-entropy";
  const { rows, bytesAtPeak } = gradients.microBatch(Math.max(1, Math.min(wanted, data.count)), loss);
  const x = data.rows(firstRows(rows), 0);
  const labels = Array.from({ length: rows }, (_, i) => data.labels[i] ?? 0);
  const seconds = await perExample(rows, () => gradients.evaluate(weights, { x, rows, labels }, loss));
  return { seconds, heapBytes: bytesAtPeak };
}

/** Timed runs after the first, which makes the session; the fastest counts, since another job may run in between. */
const TIMED_RUNS = 2;

/** Seconds per example. */
async function perExample(rows: number, run: () => Promise<unknown>): Promise<number> {
  await run();
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TIMED_RUNS; i++) {
    const begin = performance.now();
    await run();
    best = Math.min(best, performance.now() - begin);
  }
  return best / 1000 / rows;
}

/** Tasks whose examples the request reads; the first is measured for all. */
async function tasksOf(request: WorkRequest, tools: Tools): Promise<readonly string[]> {
  switch (request.kind) {
    case "train":
    case "calibrate":
      return [request.task];
    case "localise":
    case "fisher":
    case "gram":
      return [(await expertWeights(tools, request)).task];
    case "adamerge": {
      const tasks: string[] = [];
      for (const from of request.experts) tasks.push((await expertWeights(tools, from)).task);
      return [...new Set(tasks)];
    }
    default:
      return request satisfies never;
  }
}

async function counted(
  request: WorkRequest,
  tasks: readonly string[],
  { count: available }: NamedData,
  { bench }: Tools,
): Promise<Cost> {
  const [task = ""] = tasks;
  const { classes } = bench.network(task);
  const weights = bench.weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  switch (request.kind) {
    case "train":
      return trainCost(request, (await bench.training(task)).count, available, weights);
    case "localise": {
      const { count } = await bench.data(task, "fewShot");
      return localiseCost(request.spec, {
        included: weights,
        classes,
        available: count,
        validation: available,
      });
    }
    case "calibrate":
      return calibrateCost(request.spec, { weights, classes, available });
    case "fisher":
      return fisherCost(request.spec, { weights, classes, available });
    case "gram":
      return gramCost(request.spec, bench.network(task), available);
    case "adamerge":
      return adamergingCost(request.spec, {
        merged: weights,
        experts: request.experts.length,
        tasks: tasks.length,
        available: available * tasks.length,
      });
    default:
      return request satisfies never;
  }
}

function trainCost({ spec }: TrainRequest, examples: number, validation: number, weights: number): Cost {
  const rows = Math.min(spec.batch, examples);
  const looks = Math.floor(spec.steps / spec.validateEvery) + 2;
  return {
    examples: examples + validation,
    passes: looks * validation,
    gradientPasses: spec.steps * rows,
    rows,
    // Values, gradient, two moments, and the best so far.
    bytes: weights * 5 * Float32Array.BYTES_PER_ELEMENT,
  };
}

function firstRows(rows: number): readonly number[] {
  return Array.from({ length: rows }, (_, i) => i);
}
