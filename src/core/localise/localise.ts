/**
 * Localize-and-Stitch: trains a mask over a task vector on few examples, so that the base with the masked region grafted
 * in does the expert's task.
 */
import type { Context } from "../context.ts";
import type { Cost } from "../cost.ts";
import { AppError } from "../errors.ts";
import type { Proportion } from "../eval/report.ts";
import { keptCount } from "../sparsifiers/keep.ts";
import { inBatches, READ_ROWS, shotsOf } from "../statistics/examples.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import type { WeightValues } from "../train/gradients.ts";
import { type MaskLogitsParametrisation, maskLogits } from "../train/mask-logits.ts";
import type { LabelledData } from "../train/network.ts";
import { tensorOf } from "../train/parametrisation.ts";
import { initialLogits } from "./dataless.ts";
import { type Graftable, graftedAccuracy } from "./graft.ts";
import { applyStep, maskOf } from "./logits.ts";
import { type Mask, maskDensity } from "./mask.ts";
import type { LocaliseSpec } from "./spec.ts";

export interface LocaliseInput extends Graftable {
  /** All weights of the network. */
  readonly tensors: readonly TensorSpec[];
  /** To train on. */
  readonly data: LabelledData;
  /** To choose the epoch on; without it the last mask is the result. */
  readonly validation?: LabelledData;
}

export interface LocaliseEpoch {
  /** 0 is the start, before any step; its loss is that of the starting soft mask. */
  readonly epoch: number;
  /** Mean cross-entropy of the soft mask on the training examples, before the epoch's step. */
  readonly loss: number;
  /** Share of the included weights that the mask chooses after the step, 0…1. */
  readonly density: number;
  /** Of the base with the region grafted in, on validation. */
  readonly grafted?: Proportion;
}

export interface Localised {
  readonly mask: Mask;
  /** S of the chosen epoch: its order gives masks of other densities. */
  readonly logits: WeightValues;
  readonly density: number;
  /** Training examples that were read. */
  readonly examples: number;
  /** The epoch that the mask is of. */
  readonly epoch: number;
  readonly epochs: readonly LocaliseEpoch[];
  readonly endedEarly: boolean;
}

/** Tells what a localisation takes. */
export function localiseCost(
  spec: LocaliseSpec,
  sizes: {
    readonly included: number;
    readonly classes: number;
    /** Training examples that exist. */
    readonly available: number;
    readonly validation: number;
  },
): Cost {
  const examples = Math.min(spec.shots * sizes.classes, sizes.available);
  return {
    examples: examples + sizes.validation,
    passes: (spec.epochs + 1) * sizes.validation,
    gradientPasses: spec.epochs * examples,
    rows: READ_ROWS,
    // Logits of now and of two epochs, soft and grafted weights, open mask, one batch's part (f32); the gradient (f64).
    bytes: sizes.included * (7 * Float32Array.BYTES_PER_ELEMENT + Float64Array.BYTES_PER_ELEMENT),
  };
}

/**
 * Returns the trained region of one expert. Deterministic: no randomness is used.
 *
 * @param onEpoch told after every epoch
 * @throws AppError train/diverged when the loss or its gradient is no number
 * Source: arXiv:2408.13656 §3; deviations in spec.ts
 */
export async function localise(
  input: LocaliseInput,
  spec: LocaliseSpec,
  context: Context,
  onEpoch: (epoch: LocaliseEpoch) => void = () => {},
): Promise<Localised> {
  const run = new MaskTraining(input, spec, context);
  const epochs: LocaliseEpoch[] = [];
  let best = await run.measure(0, Number.NaN);
  for (let epoch = 1; epoch <= spec.epochs; epoch++) {
    const loss = await run.step(epoch);
    if (epoch === 1) tell({ ...best.epoch, loss });
    const now = await run.measure(epoch, loss);
    tell(now.epoch);
    if (!now.epoch.grafted || rightOf(now) > rightOf(best)) best = now;
    else if (spec.patience > 0 && epoch - best.epoch.epoch >= spec.patience) break;
  }
  const { mask, logits, epoch } = best;
  const endedEarly = epochs.length - 1 < spec.epochs;
  const { epoch: chosen, density } = epoch;
  return { mask, logits, density, examples: run.examples, epoch: chosen, epochs, endedEarly };

  function tell(done: LocaliseEpoch): void {
    epochs.push(done);
    context.progress(done.epoch, spec.epochs);
    onEpoch(done);
  }
}

interface Measured {
  readonly epoch: LocaliseEpoch;
  readonly mask: Mask;
  readonly logits: WeightValues;
}

const rightOf = ({ epoch }: Measured) => epoch.grafted?.k ?? -1;

/** The state of one training: the logits, and the gradient's accumulator. */
class MaskTraining {
  readonly #input: LocaliseInput;
  readonly #spec: LocaliseSpec;
  readonly #context: Context;
  readonly #shots: readonly number[];
  readonly #soft: MaskLogitsParametrisation;
  readonly #logits: Float32Array<ArrayBuffer>;
  readonly #pulled: Float32Array<ArrayBuffer>;
  readonly #gradient: Float64Array<ArrayBuffer>;
  #rate = 0;

  constructor(input: LocaliseInput, spec: LocaliseSpec, context: Context) {
    this.#input = input;
    this.#spec = spec;
    this.#context = context;
    this.#shots = shotsOf(input.data, spec.shots);
    const start = initialLogits(input.delta, spec);
    this.#soft = maskLogits({
      specs: input.tensors,
      base: input.base,
      deltas: input.delta,
      start: (name) => tensorOf(start, name),
    });
    this.#logits = this.#soft.initial();
    this.#pulled = new Float32Array(this.#soft.size);
    this.#gradient = new Float64Array(this.#soft.size);
  }

  get examples(): number {
    return this.#shots.length;
  }

  /** One epoch: the gradient of all examples, one step. Returns the mean loss before it. */
  async step(epoch: number): Promise<number> {
    const loss = await this.#fillGradient();
    const energy = this.#energy();
    if (!Number.isFinite(loss) || !Number.isFinite(energy)) throw diverged(epoch);
    if (epoch === 1) this.#rate = this.#firstRate(energy);
    applyStep(this.#logits, this.#gradient, { ...this.#spec, rate: this.#rate });
    return loss;
  }

  /** Grafts the mask as it is now, and scores it where there is validation. */
  async measure(epoch: number, loss: number): Promise<Measured> {
    const { validation } = this.#input;
    const copy = this.#logits.slice();
    const logits = new Map(this.#soft.slots.map(({ name, begin, end }) => [name, copy.subarray(begin, end)]));
    const mask = maskOf(logits, keptCount(this.#spec.limit, this.#soft.size));
    const grafted = validation && (await graftedAccuracy(this.#input, mask, validation, this.#context));
    return {
      epoch: { epoch, loss, density: maskDensity(mask), ...(grafted && { grafted }) },
      mask,
      logits,
    };
  }

  /** Fills the gradient by the logits, at the soft mask; returns the mean loss. */
  async #fillGradient(): Promise<number> {
    const { gradients, data } = this.#input;
    const weights = this.#soft.weights(this.#logits);
    const isOfficial = this.#spec.learningRate === "official";
    const size = isOfficial ? this.#spec.batch : READ_ROWS;
    this.#gradient.fill(0);
    let loss = 0;
    for await (const batch of inBatches(data, this.#shots, size, this.#context)) {
      // The official gradient is a sum of the batches' means, ours the mean over all examples.
      const share = 1 / (isOfficial ? batch.rows : this.#shots.length);
      const weighted = { ...batch, weights: new Float32Array(batch.rows).fill(share) };
      const result = await gradients.evaluate(
        weights,
        weighted,
        "cross-entropy",
        this.#soft.wrt,
        this.#context,
      );
      for (const each of result.losses) loss += each / this.#shots.length;
      this.#soft.pull(result.gradients, this.#pulled);
      for (let i = 0; i < this.#gradient.length; i++) this.#gradient[i] += this.#pulled[i];
    }
    return loss;
  }

  /** Σ gradient². */
  #energy(): number {
    let energy = 0;
    for (let i = 0; i < this.#gradient.length; i++) energy += this.#gradient[i] ** 2;
    return energy;
  }

  /** As given, or so that the logits of the first epoch move by `rate`, root mean square. */
  #firstRate(energy: number): number {
    const { learningRate, rate } = this.#spec;
    if (learningRate === "official") return rate;
    return energy > 0 ? rate / Math.sqrt(energy / this.#gradient.length) : 0;
  }
}

function diverged(epoch: number): AppError {
  return new AppError(
    "train/diverged",
    `The loss or its gradient is no number in epoch ${epoch}. Lower the learning rate, or take a model whose weights are finite.`,
    { epoch },
  );
}
