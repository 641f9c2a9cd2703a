/** Training of experts: saved every so often, so that a pause or a reload costs nothing. */
import { isAppError } from "#core/errors.ts";
import { wilson } from "#core/eval/metrics.ts";
import type { ContentId } from "#core/recipe/schema.ts";
import type { ExpertCard } from "#core/summary.ts";
import { parametrise } from "#core/train/parametrise.ts";
import type { TrainIdentity } from "#core/train/state-file.ts";
import type { TrainState } from "#core/train/train-state.ts";
import { createTrainer, type TrainEvent, type Trainer } from "#core/train/trainer.ts";
import type { TrainRequest, WorkOutcome } from "../protocol/optimise.ts";
import type { RunCheckpoint, SavedRuns } from "../saved-runs.ts";
import { namesOf, sharePoint, type Tools } from "./tools.ts";

export interface TrainTools extends Tools {
  readonly runs: SavedRuns;
  /** Names the run in storage, and its expert for the library. */
  readonly run: string;
  /** The open base. */
  readonly base: ContentId;
  onExpert(expert: ExpertCard): void;
  /** The run cannot be saved, and goes on. */
  onUnsaved(error: unknown): void;
  /** Gives the way to ask for a pause. */
  onPausable(pause: () => void): void;
}

/** Everything between two saves is lost with the page. */
const SAVE_EVERY_MS = 10_000;

/** Trains until all is done or a pause is asked for. @param isNew false: goes on with the saved run */
export async function runTrain(
  request: TrainRequest,
  tools: TrainTools,
  isNew: boolean,
): Promise<WorkOutcome> {
  const { bench, models, runs, run, base, onUnsaved } = tools;
  const { task, from, spec, mask } = request;
  const start = await models.load(from, namesOf(bench));
  const bits = mask === undefined ? undefined : await models.evidence(mask);
  const data = await bench.training(task);
  const validation = await bench.data(task, "validation");
  const identity: TrainIdentity = {
    spec,
    base: start.id,
    data: [data.id, validation.id, mask ?? ""].join(" "),
    head: bench.headId(task),
  };
  const checkpoints = new Checkpoints(request, tools, start.tensors);
  let state: TrainState | undefined;
  if (isNew) {
    await runs.begin(run, { request, base }).catch(onUnsaved);
  } else {
    state = await runs.state(run, identity);
    if (state) tellHistory(state, tools);
    for (const made of await runs.checkpoints(run)) await checkpoints.lend(made);
  }
  const gradients = bench.gradients(task);
  try {
    const trainer = createTrainer({
      gradients,
      parametrisation: parametrise(spec, bench.network(task), start.tensors, bits),
      spec,
      data,
      validation,
      context: tools.context,
      onEvent: (event) => heard(event, checkpoints, tools),
      ...(state && { from: state }),
    });
    const isPaused = await trainAndSave(trainer, checkpoints, { request, identity, tools });
    const expert = await checkpoints.all();
    const saved = isPaused ? await runs.find(run) : undefined;
    if (saved) return { kind: "paused", run: { ...saved, isRunning: false } };
    if (!expert) throw new Error("a training ended without a checkpoint");
    await runs.forget(run).catch(onUnsaved);
    const { best } = checkpoints;
    return { kind: "trained", expert, ...(best !== undefined && { best }) };
  } finally {
    // Whoever deletes the run next must find all of it.
    await checkpoints.all().catch(() => {});
    await gradients.close();
  }
}

interface Saving {
  readonly request: TrainRequest;
  readonly identity: TrainIdentity;
  readonly tools: TrainTools;
}

/** Runs the trainer with stops to save; true when it was paused, false when it has finished. */
async function trainAndSave(
  trainer: Trainer,
  checkpoints: Checkpoints,
  { request, identity, tools }: Saving,
): Promise<boolean> {
  const { runs, run, base, context } = tools;
  let isPaused = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  tools.onPausable(() => {
    isPaused = true;
    trainer.pause();
  });
  try {
    for (;;) {
      timer = setTimeout(() => trainer.pause(), SAVE_EVERY_MS);
      const end = await trainer.run(isPaused ? trainer.step : undefined);
      clearTimeout(timer);
      if (end !== "paused") return false;
      context.signal.throwIfAborted();
      await checkpoints.all();
      try {
        await runs.save(run, { request, base }, trainer.state(), identity);
      } catch (error) {
        if (!isAppError(error)) throw error;
        // It cannot stop here without losing everything, so it goes on.
        tools.onUnsaved(error);
        isPaused = false;
      }
      if (isPaused) return true;
    }
  } finally {
    clearTimeout(timer);
  }
}

/** The curves so far, for whoever was not there. */
function tellHistory({ history: { losses, norms, validations } }: TrainState, { trace }: Tools): void {
  losses.forEach((value, i) => {
    trace({ curve: "loss", at: i + 1, value }, { curve: "gradient-norm", at: i + 1, value: norms[i] ?? 0 });
  });
  for (const { step, right, n } of validations) trace(sharePoint("validation", step, wilson(right, n)));
}

function heard(event: TrainEvent, checkpoints: Checkpoints, { trace }: Tools): void {
  const { step: at } = event;
  if (event.kind === "step") {
    trace(
      { curve: "loss", at, value: event.loss },
      { curve: "learning-rate", at, value: event.learningRate },
      { curve: "gradient-norm", at, value: event.gradientNorm },
    );
  } else if (event.kind === "validation") {
    trace(sharePoint("validation", at, wilson(event.right, event.n)));
  } else {
    checkpoints.made({ step: at, tensors: event.weights });
    if (event.reason === "best") checkpoints.best = at;
    trace({ curve: "checkpoint", at, value: at });
  }
}

/** A run's checkpoints on their way into storage and into the library, one after the other. */
class Checkpoints {
  readonly #request: TrainRequest;
  readonly #tools: TrainTools;
  readonly #start: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
  readonly #steps = new Set<number>();
  /** The step to merge, once training has ended on a plateau. */
  best: number | undefined;
  #queue: Promise<void> = Promise.resolve();
  #expert: ExpertCard | undefined;

  constructor(
    request: TrainRequest,
    tools: TrainTools,
    start: ReadonlyMap<string, Float32Array<ArrayBuffer>>,
  ) {
    this.#request = request;
    this.#tools = tools;
    this.#start = start;
  }

  /** Takes a checkpoint; the same step again is the same weights, and changes nothing. */
  made(checkpoint: RunCheckpoint): void {
    const { runs, run, onUnsaved } = this.#tools;
    if (this.#steps.has(checkpoint.step)) return;
    this.#steps.add(checkpoint.step);
    this.#queue = this.#queue.then(async () => {
      await runs.keep(run, checkpoint).catch(onUnsaved);
      await this.lend(checkpoint);
    });
    // Told where the run waits for it.
    this.#queue.catch(() => {});
  }

  /** Hands a checkpoint to the library; what it does not name is as at the start. */
  async lend({ step, tensors }: RunCheckpoint): Promise<void> {
    const { models, run, onExpert } = this.#tools;
    const { label, task, from } = this.#request;
    this.#steps.add(step);
    const whole = from === "base" ? tensors : new Map([...this.#start, ...tensors]);
    this.#expert = await models.addTrained({ run, label, task, step, tensors: whole });
    onExpert(this.#expert);
  }

  /** Waits until all are kept; the expert as it is then. */
  async all(): Promise<ExpertCard | undefined> {
    await this.#queue;
    return this.#expert;
  }
}
