/** What every kind of work gets. */
import type { Remote } from "comlink";
import { AppError } from "#core/errors.ts";
import type { Proportion } from "#core/eval/report.ts";
import type { WeightValues } from "#core/train/gradients.ts";
import type { Workbench } from "#core/train/workbench.ts";
import type { JobContext } from "../jobs.ts";
import type { CheckpointApi, CurveName, ExpertStep, TracePoint } from "../protocol/optimise.ts";
import type { PassRuns } from "./pass-runs.ts";

export interface Tools {
  readonly bench: Workbench;
  readonly models: Remote<CheckpointApi>;
  readonly passes: PassRuns;
  readonly context: JobContext;
  trace(...points: readonly TracePoint[]): void;
}

/** An expert on its own task. */
export interface OpenedExpert {
  readonly of: Required<ExpertStep>;
  readonly task: string;
  readonly weights: WeightValues;
}

/** The base's weights, those that the networks read. */
export async function baseWeights({ bench, models }: Tools): Promise<WeightValues> {
  const { tensors } = await models.load("base", namesOf(bench));
  return tensors;
}

/** @throws AppError model/unknown-task for an expert that nobody has assigned */
export async function expertWeights({ bench, models }: Tools, from: ExpertStep): Promise<OpenedExpert> {
  const { task, step, tensors } = await models.load(from, namesOf(bench));
  if (task === undefined || step === undefined) {
    throw new AppError(
      "model/unknown-task",
      `Nobody has said which task “${from.expert}” is for, so there are no examples to measure it on.`,
      { expert: from.expert },
    );
  }
  return { of: { expert: from.expert, step }, task, weights: tensors };
}

export function namesOf(bench: Workbench): readonly string[] {
  return bench.weights.map(({ name }) => name);
}

/** A point of a curve of proportions, with its interval. */
export function sharePoint(curve: CurveName, at: number, { k, n, low, high }: Proportion): TracePoint {
  return { curve, at, value: k / n, n, low, high };
}
