/** AdaMerging: coefficients of task vectors that make the merged model sure of its answers on unlabelled examples. */
import type { Context } from "../context.ts";
import type { Cost } from "../cost.ts";
import { AppError } from "../errors.ts";
import type { ExpertId } from "../recipe/schema.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import { type Batches, shuffledEpochs } from "../train/batches.ts";
import { type CoefficientsParametrisation, coefficients } from "../train/coefficients.ts";
import type { Gradients, WeightValues } from "../train/gradients.ts";
import type { LabelledData } from "../train/network.ts";
import { createOptimiser } from "../train/optimiser.ts";
import type { AdamergingSpec } from "./spec.ts";

/** One task: its own network and head, and examples whose labels are not read. */
export interface AdaptTask {
  readonly task: string;
  readonly gradients: Gradients;
  readonly data: LabelledData;
}

export interface AdamergingInput {
  /** All weights of the networks, which share them. */
  readonly tensors: readonly TensorSpec[];
  readonly base: WeightValues;
  readonly experts: readonly { readonly expert: ExpertId; readonly delta: WeightValues }[];
  readonly tasks: readonly AdaptTask[];
}

export interface AdaptStep {
  /** From 1. */
  readonly step: number;
  /** Mean entropy of a task's batch before the step, nats, by task. */
  readonly entropy: readonly number[];
  /** After the step, by expert: its coefficient, or the mean of its tensors'. */
  readonly coefficients: readonly number[];
}

/** Coefficients by expert and tensor; all the same within an expert where it has one for the whole. */
export type Coefficients = readonly {
  readonly expert: ExpertId;
  readonly tensors: ReadonlyMap<string, number>;
}[];

/** Tells what the adaptation takes. */
export function adamergingCost(
  spec: AdamergingSpec,
  sizes: {
    readonly merged: number;
    readonly experts: number;
    readonly tasks: number;
    readonly available: number;
  },
): Cost {
  const passes = spec.steps * spec.batch * sizes.tasks;
  return {
    examples: Math.min(passes, sizes.available),
    passes: 0,
    gradientPasses: passes,
    rows: spec.batch,
    // The merged weights; task vectors are the caller's.
    bytes: sizes.merged * Float32Array.BYTES_PER_ELEMENT,
  };
}

/** Adam's, as in the official code. */
const ADAM = {
  optimiser: "adam",
  weightDecay: 0,
  momentum: 0,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
} as const;

/**
 * Returns coefficients λ of θ0 + Σ λ τ with the least entropy that the steps find. Examples depend on the seed only.
 *
 * @param onStep told after every step
 * @throws AppError train/diverged when an entropy or its gradient is no number
 * Source: arXiv:2310.02575 §3.2, eq. 5; deviations in spec.ts
 */
export async function adamerge(
  input: AdamergingInput,
  spec: AdamergingSpec,
  context: Context,
  onStep: (step: AdaptStep) => void = () => {},
): Promise<Coefficients> {
  const { tensors, base, experts, tasks } = input;
  const deltas = experts.map(({ delta }) => delta);
  const merge = coefficients({ specs: tensors, base, deltas, per: spec.per, start: spec.start });
  const params = merge.initial();
  const optimiser = createOptimiser(ADAM, merge.size);
  const batches = tasks.map(({ data }) => shuffledEpochs(data.count, spec.seed));
  for (let step = 1; step <= spec.steps; step++) {
    const { entropy, gradient } = await pull(merge, params, tasks, batches, { ...spec, step }, context);
    if (!entropy.every(Number.isFinite) || !gradient.every(Number.isFinite)) throw diverged(step);
    optimiser.update(params, gradient, spec.learningRate);
    context.progress(step, spec.steps);
    onStep({ step, entropy, coefficients: meansOf(params, experts.length) });
  }
  return byTensor(params, merge, experts);
}

/** The tasks' mean entropies at these coefficients, and the gradient of their sum. */
async function pull(
  merge: CoefficientsParametrisation,
  params: Float32Array,
  tasks: readonly AdaptTask[],
  batches: readonly Batches[],
  { step, batch }: { readonly step: number; readonly batch: number },
  context: Context,
): Promise<{ entropy: readonly number[]; gradient: Float32Array }> {
  const weights = merge.weights(params);
  const gradient = new Float32Array(merge.size);
  const part = new Float32Array(merge.size);
  const entropy: number[] = [];
  for (const [t, { gradients, data }] of tasks.entries()) {
    context.signal.throwIfAborted();
    await context.breathe();
    const indices = batches[t].indices((step - 1) * batch, batch);
    const examples = { x: data.rows(indices, step), rows: batch };
    const result = await gradients.evaluate(weights, examples, "entropy", merge.wrt, context);
    merge.pull(result.gradients, part);
    for (let i = 0; i < gradient.length; i++) gradient[i] += part[i];
    entropy.push(result.loss);
  }
  return { entropy, gradient };
}

/** The mean over each expert's equal share of the parameters. */
function meansOf(params: Float32Array, experts: number): readonly number[] {
  const stride = params.length / experts;
  return Array.from({ length: experts }, (_, k) => {
    let sum = 0;
    for (let i = k * stride; i < (k + 1) * stride; i++) sum += params[i];
    return sum / stride;
  });
}

function byTensor(
  params: Float32Array,
  { tensors }: CoefficientsParametrisation,
  experts: AdamergingInput["experts"],
): Coefficients {
  const stride = params.length / experts.length;
  return experts.map(({ expert }, k) => ({
    expert,
    tensors: new Map(tensors.map((name, l) => [name, params[k * stride + (stride === 1 ? 0 : l)]])),
  }));
}

function diverged(step: number): AppError {
  return new AppError(
    "train/diverged",
    `The entropy or its gradient is no number in step ${step}. Lower the learning rate, or take models whose weights are finite.`,
    { step },
  );
}
