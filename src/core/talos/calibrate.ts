/**
 * TaLoS: finds the weights that a network's answers on a task depend on least, in rounds, so that fine-tuning them
 * alone disturbs other tasks little.
 */
import type { Context } from "../context.ts";
import type { Cost } from "../cost.ts";
import { chosen, type Mask, maskDensity, randomMask, sizeOfAll } from "../localise/mask.ts";
import { type Squares, squaredGradients, squaresCost } from "../statistics/squares.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import type { Gradients, WeightValues } from "../train/gradients.ts";
import type { LabelledData } from "../train/network.ts";
import { maskableTensors } from "./maskable.ts";
import { rank } from "./rank.ts";
import type { TalosSpec } from "./spec.ts";

export interface TalosInput {
  readonly gradients: Gradients;
  /** All weights of the base. */
  readonly base: WeightValues;
  /** All weights that could be chosen. */
  readonly tensors: readonly TensorSpec[];
  /** Tensors that stay as they are, beside embeddings and heads. */
  readonly frozen?: readonly string[];
  /** Examples of the task; labels are not read. */
  readonly data: LabelledData;
}

/** One round is over. */
export interface CalibrationRound {
  /** From 1. */
  readonly round: number;
  /** Share of the maskable weights that is still in, 0…1. */
  readonly density: number;
}

export interface Calibrated {
  /** Over maskable tensors only; every other weight is frozen. */
  readonly mask: Mask;
  readonly density: number;
  /** Tensors left out because no example's gradient reached them. */
  readonly unreached: readonly string[];
  /** Mean squared gradients at the base, by weight: evidence of its own. Empty where nothing was measured. */
  readonly sensitivity: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
}

/** Shares that the rounds keep: density^(r / rounds). Source: arXiv:2504.02620, official code (exponential schedule) */
export function keptShares(density: number, rounds: number): readonly number[] {
  return Array.from({ length: rounds }, (_, r) => density ** ((r + 1) / rounds));
}

/** Tells what a calibration takes. */
export function calibrateCost(
  spec: TalosSpec,
  sizes: { readonly weights: number; readonly classes: number; readonly available: number },
): Cost {
  const examples = Math.min(spec.examples, sizes.available);
  const round = squaresCost(spec, { ...sizes, examples });
  const rounds = spec.choose === "least" || spec.choose === "most" ? spec.rounds : 0;
  return {
    ...round,
    passes: rounds * round.passes,
    gradientPasses: rounds * round.gradientPasses,
    bytes: round.bytes + sizes.weights * (3 * Float32Array.BYTES_PER_ELEMENT + 2),
  };
}

/** Returns the weights that may be fine-tuned. @param onRound told after every round */
export async function calibrate(
  input: TalosInput,
  spec: TalosSpec,
  context: Context,
  onRound: (round: CalibrationRound) => void = () => {},
): Promise<Calibrated> {
  const names = maskableTensors(input.tensors, { biases: spec.biases, frozen: input.frozen ?? [] });
  if (spec.choose === "random" || spec.choose === "magnitude") {
    const mask = withoutData(named(input.base, names), spec);
    return { mask, density: maskDensity(mask), unreached: [], sensitivity: new Map() };
  }
  return inRounds(input, names, spec, context, onRound);
}

/**
 * Measures the sensitivity of every named weight: its mean squared gradient over the examples.
 *
 * @returns f32 means of f64 sums, ≥ 0, by weight; the caller owns them
 */
export async function sensitivity(
  input: Pick<TalosInput, "gradients" | "data">,
  weights: WeightValues,
  names: readonly string[],
  spec: TalosSpec,
  context: Context,
): Promise<ReadonlyMap<string, Float32Array<ArrayBuffer>>> {
  const { gradients, data } = input;
  const examples = Math.min(spec.examples, data.count);
  const sums = await squaredGradients({ gradients, weights, wrt: names, data, examples }, spec, context);
  return meansOf(sums, examples);
}

async function inRounds(
  input: TalosInput,
  names: readonly string[],
  spec: TalosSpec,
  context: Context,
  onRound: (round: CalibrationRound) => void,
): Promise<Calibrated> {
  const end = spec.choose === "most" ? "highest" : "lowest";
  const shares = keptShares(spec.density, spec.rounds);
  let first = await sensitivity(input, input.base, names, spec, stage(context, 0, shares.length));
  const unreached = names.filter((name) => first.get(name)?.every((value) => value === 0));
  first = new Map([...first].filter(([name]) => !unreached.includes(name)));
  const reached = [...first.keys()];
  const total = sizeOfAll(first);

  let scores = first;
  let mask: Mask | undefined;
  for (const [r, share] of shares.entries()) {
    if (mask) {
      const weights = dimmed(input.base, mask, spec.unchosen);
      scores = await sensitivity(input, weights, reached, spec, stage(context, r, shares.length));
    }
    mask = rank(scores, keptOf(share, total, mask, spec.count), { end, count: spec.count }, mask);
    onRound({ round: r + 1, density: chosen(mask) / Math.max(1, total) });
  }
  const final = mask ?? new Map();
  return { mask: final, density: maskDensity(final), unreached, sensitivity: first };
}

/** How many a round keeps of those that are live; the official count leaves at least one out. */
function keptOf(share: number, total: number, live: Mask | undefined, count: TalosSpec["count"]): number {
  const alive = live ? chosen(live) : total;
  const wanted = Math.max(1, Math.floor(share * total));
  return Math.min(wanted, count === "official" ? Math.max(1, alive - 1) : alive);
}

/** Returns the weights with those that the mask leaves out multiplied by `factor`. */
export function dimmed(base: WeightValues, mask: Mask, factor: number): WeightValues {
  const weights = new Map(base);
  for (const [name, bits] of mask) {
    const values = base.get(name);
    if (!values) throw new Error(`dimmed: no weights ${name}`);
    weights.set(
      name,
      values.map((value, i) => (bits[i] ? value : factor * value)),
    );
  }
  return weights;
}

function withoutData(base: WeightValues, { choose, density, seed, count }: TalosSpec): Mask {
  const k = Math.floor(density * sizeOfAll(base));
  if (choose === "magnitude") {
    const magnitudes = new Map([...base].map(([name, values]) => [name, values.map(Math.abs)]));
    return rank(magnitudes, k, { end: "lowest", count });
  }
  return randomMask(new Map([...base].map(([name, { length }]) => [name, length])), k, seed);
}

function meansOf(sums: Squares, examples: number): ReadonlyMap<string, Float32Array<ArrayBuffer>> {
  return new Map([...sums].map(([name, sum]) => [name, Float32Array.from(sum, (s) => s / examples)]));
}

function named(weights: WeightValues, names: readonly string[]): WeightValues {
  return new Map(names.map((name) => [name, weights.get(name) ?? new Float32Array(0)]));
}

/** The context of one of several equal stages. */
function stage(context: Context, index: number, count: number): Context {
  return {
    signal: context.signal,
    breathe: () => context.breathe(),
    progress: (done, total) => context.progress(index * total + done, count * total),
  };
}
