/**
 * Trains what a parametrisation describes, step by step: it can be paused after any step and continued later, here or
 * elsewhere, with the same bits.
 */
import type { LossKind } from "../autodiff/loss.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { shuffledEpochs } from "./batches.ts";
import { isCheckpoint } from "./checkpoints.ts";
import { clipNorm } from "./clip.ts";
import type { Gradients } from "./gradients.ts";
import { measure } from "./measure.ts";
import type { LabelledData } from "./network.ts";
import { createOptimiser, type Optimiser } from "./optimiser.ts";
import type { Parametrisation } from "./parametrisation.ts";
import { learningRate, plateau, type Validation } from "./schedule.ts";
import type { TrainSpec } from "./spec.ts";
import type { Best, TrainState } from "./train-state.ts";

export type TrainEvent =
  | {
      readonly kind: "step";
      /** Updates made, this one among them. */
      readonly step: number;
      /** Mean over the batch, before the update. */
      readonly loss: number;
      readonly learningRate: number;
      /** Before clipping. */
      readonly gradientNorm: number;
    }
  | ({ readonly kind: "validation" } & Validation)
  | {
      readonly kind: "checkpoint";
      readonly step: number;
      /** "best": training ended on a plateau; these are the weights to keep. */
      readonly reason: "schedule" | "best";
      /** The receiver owns both: the parameters, and the trained weights that follow from them. */
      readonly params: Float32Array<ArrayBuffer>;
      readonly weights: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
    };

/** Why a run ended: all steps made, no more improvement, asked to pause, or `until` reached. */
export type TrainEnd = "finished" | "plateau" | "paused";

export interface TrainerOptions {
  readonly gradients: Gradients;
  readonly parametrisation: Parametrisation;
  readonly spec: TrainSpec;
  readonly data: LabelledData;
  /** Needed for a plateau; without it there are no validation events. */
  readonly validation?: LabelledData;
  /** "cross-entropy" by default. */
  readonly loss?: LossKind;
  readonly context: Context;
  onEvent(event: TrainEvent): void;
  /** Where to go on; copied. A checkpoint that falls on its step is told once more. */
  readonly from?: TrainState;
}

/** Returns a trainer; nothing is computed before it runs. */
export function createTrainer(options: TrainerOptions): Trainer {
  return new Trainer(options);
}

export class Trainer {
  readonly #options: TrainerOptions;
  readonly #batch: number;
  readonly #batches: ReturnType<typeof shuffledEpochs>;
  readonly #params: Float32Array<ArrayBuffer>;
  readonly #gradient: Float32Array<ArrayBuffer>;
  readonly #optimiser: Optimiser;
  readonly #losses: number[];
  readonly #norms: number[];
  readonly #validations: Validation[];
  #best: Best | undefined;
  /** The last step whose checkpoint was told. */
  #told = 0;
  #isRunning = false;
  #isPausing = false;

  constructor(options: TrainerOptions) {
    const { parametrisation, spec, data, from } = options;
    if (from && from.params.length !== parametrisation.size) {
      throw new Error("the state has another number of parameters than the parametrisation");
    }
    this.#options = options;
    this.#batch = Math.min(spec.batch, data.count);
    this.#batches = shuffledEpochs(data.count, spec.seed);
    this.#params = from ? from.params.slice() : parametrisation.initial();
    this.#gradient = new Float32Array(parametrisation.size);
    this.#optimiser = createOptimiser(spec, parametrisation.size, from?.optimiser);
    this.#losses = Array.from(from?.history.losses ?? []);
    this.#norms = Array.from(from?.history.norms ?? []);
    this.#validations = [...(from?.history.validations ?? [])];
    this.#best = from?.best && { ...from.best, params: from.best.params.slice() };
  }

  /** Updates made. */
  get step(): number {
    return this.#losses.length;
  }

  /**
   * Trains until all steps are made, validation says that it is enough, `pause` is called, or `until` updates are
   * made ("paused"). A cancelled run leaves the state of the last whole step.
   *
   * @throws AppError train/diverged, eval/graph, eval/memory, autodiff/unsupported
   */
  async run(until = Number.POSITIVE_INFINITY): Promise<TrainEnd> {
    if (this.#isRunning) throw new Error("the trainer is running already");
    this.#isRunning = true;
    this.#isPausing = false;
    try {
      for (;;) {
        await this.#arrive();
        const end = this.#end(until);
        if (end) return end;
        await this.#advance();
      }
    } finally {
      this.#isRunning = false;
    }
  }

  /** Ends the run after the current step. */
  pause(): void {
    this.#isPausing = true;
  }

  /** Returns the state after the last whole step; copied. */
  state(): TrainState {
    return {
      step: this.step,
      params: this.#params.slice(),
      optimiser: this.#optimiser.state(),
      history: {
        losses: Float64Array.from(this.#losses),
        norms: Float64Array.from(this.#norms),
        validations: [...this.#validations],
      },
      ...(this.#best && { best: { ...this.#best, params: this.#best.params.slice() } }),
    };
  }

  #end(until: number): TrainEnd | undefined {
    const { spec } = this.#options;
    if (plateau(spec, this.#validations).isOver) {
      if (this.#best) this.#tellCheckpoint(this.#best, "best");
      return "plateau";
    }
    if (this.step >= spec.steps) return "finished";
    return this.#isPausing || this.step >= until ? "paused" : undefined;
  }

  /** What is due at this step before the next: validation, unless it is known, and a checkpoint. */
  async #arrive(): Promise<void> {
    const { spec, gradients, parametrisation, validation, context, onEvent } = this.#options;
    const { step } = this;
    const isDue = step % spec.validateEvery === 0 || step === spec.steps;
    if (validation && isDue && this.#validations.at(-1)?.step !== step) {
      const weights = parametrisation.weights(this.#params);
      const checked = { step, ...(await measure(gradients, weights, validation, context)) };
      this.#validations.push(checked);
      const best = this.#validations.find((other) => other.step === this.#best?.step);
      if (!best || checked.right / checked.n > best.right / best.n) {
        this.#best = { step, params: this.#params.slice() };
      }
      onEvent({ kind: "validation", ...checked });
    }
    if (step !== this.#told && isCheckpoint(spec, step)) {
      this.#told = step;
      this.#tellCheckpoint({ step, params: this.#params }, "schedule");
    }
  }

  async #advance(): Promise<void> {
    const {
      gradients,
      parametrisation,
      spec,
      data,
      context,
      onEvent,
      loss = "cross-entropy",
    } = this.#options;
    const { step } = this;
    const rate = learningRate(spec, step + 1, this.#validations);
    const indices = this.#batches.indices(step * this.#batch, this.#batch);
    const batch = {
      x: data.rows(indices, step),
      rows: indices.length,
      labels: indices.map((index) => data.labels[index]),
    };
    const weights = parametrisation.weights(this.#params);
    const result = await gradients.evaluate(weights, batch, loss, parametrisation.wrt, context);
    parametrisation.pull(result.gradients, this.#gradient);
    const gradientNorm = clipNorm(this.#gradient, spec.clip);
    if (!Number.isFinite(result.loss) || !Number.isFinite(gradientNorm)) throw diverged(step + 1, rate);
    this.#optimiser.update(this.#params, this.#gradient, rate, parametrisation.mask);
    this.#losses.push(result.loss);
    this.#norms.push(gradientNorm);
    onEvent({ kind: "step", step: step + 1, loss: result.loss, learningRate: rate, gradientNorm });
    context.progress(step + 1, spec.steps);
  }

  #tellCheckpoint({ step, params }: Best, reason: "schedule" | "best"): void {
    const { parametrisation, onEvent } = this.#options;
    const all = parametrisation.weights(params);
    const weights = new Map<string, Float32Array<ArrayBuffer>>();
    for (const name of parametrisation.wrt) {
      const values = all.get(name);
      if (values) weights.set(name, values.slice());
    }
    onEvent({ kind: "checkpoint", step, reason, params: params.slice(), weights });
  }
}

function diverged(step: number, rate: number): AppError {
  return new AppError(
    "train/diverged",
    `The loss or its gradient is no finite number at step ${step}, with learning rate ${rate}. Take a lower learning rate, more warm-up, or clip gradients at 1; the weights of step ${step - 1} are kept.`,
    { step, learningRate: rate },
  );
}
