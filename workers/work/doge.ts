/**
 * Long passes in the optimise worker: DOGE's optimisation, from copies of what the models worker has.
 *
 * The last run is kept with all that it needs to go on, so that a recipe of more steps takes it up from there; forgotten,
 * it would start anew with the same bits.
 */
import type { Remote } from "comlink";
import type { Context } from "#core/context.ts";
import { layerOf, type Matrix } from "#core/doge/layers.ts";
import { type DogeRun, openDoge } from "#core/doge/run.ts";
import { AppError } from "#core/errors.ts";
import type { LongPass } from "#core/merge/merger.ts";
import { dogeOptions } from "#core/methods/doge.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { simdKernels } from "#kernels/simd.ts";
import { abortable, type JobContext } from "../jobs.ts";
import type { CheckpointApi } from "../protocol/optimise.ts";
import type { OpenedPass } from "../protocol/pass.ts";

interface Kept {
  readonly runKey: string;
  readonly run: DogeRun;
  readonly bytes: number;
}

/** A pause that was asked for. */
interface Standstill {
  readonly over: Promise<void>;
  end(): void;
  /** The run stands. */
  isReached: boolean;
}

/** Told with every stretch of steps. */
type OnLosses = (losses: readonly { readonly at: number; readonly value: number }[]) => void;

/** A stretch of steps takes about this long: within it nobody is heard. */
const STRETCH_MS = 60;

export class PassRuns {
  readonly #models: () => Remote<CheckpointApi>;
  readonly #onMemory: (bytes: number) => void;
  #kept: Kept | undefined;
  /** Ends with the last thing done to a run: a cancelled stretch goes to its end, so that all layers stand alike. */
  #last: Promise<unknown> = Promise.resolve();
  #pause: Standstill | undefined;
  /** Who waits for the run to stand still. */
  #standing: ((step: number) => void)[] = [];
  #isRunning = false;

  /** @param onMemory told what runs hold */
  constructor(models: () => Remote<CheckpointApi>, onMemory: (bytes: number) => void) {
    this.#models = models;
    this.#onMemory = onMemory;
  }

  /** Gets the recipe's pass ready to step. @throws AppError recipe/…, eval/memory; the signal's reason */
  open(recipe: Recipe, context: JobContext): Promise<OpenedPass> {
    return this.#inTurn(async () => {
      context.signal.throwIfAborted();
      const { run, bytes } = await this.#runOf(await this.#passOf(recipe), recipe, context);
      return { layers: run.layers.map(reportOf), losses: run.losses, bytes };
    });
  }

  /** Steps the recipe's pass to its end, and hands over what it made. @throws likewise */
  run(recipe: Recipe, context: JobContext, onLosses: OnLosses): Promise<void> {
    return this.#inTurn(async () => {
      context.signal.throwIfAborted();
      const run = await this.#stepped(recipe, context, onLosses);
      const made = new Map([...run.deltas()].map(([name, rows]) => [name, rows.map((row) => row.slice())]));
      await this.#models().givePass(recipe, made);
    });
  }

  /** Makes sure that the models worker knows the pass of a recipe, if it has one. @throws likewise */
  async ensure(recipe: Recipe, context: JobContext): Promise<void> {
    const pass = await this.#models().longPass(recipe);
    if (pass && !pass.isKnown) await this.run(recipe, context, () => {});
  }

  /** Has the run stand still, or go on; gives the steps that it has taken once it stands or is over. */
  pause(isPaused: boolean): Promise<number> {
    if (!isPaused) {
      this.#pause?.end();
      this.#pause = undefined;
    }
    if (!isPaused || !this.#isRunning || this.#pause?.isReached) return Promise.resolve(this.#taken());
    this.#pause ??= standstill();
    return new Promise((resolve) => this.#standing.push(resolve));
  }

  async #stepped(recipe: Recipe, context: JobContext, onLosses: OnLosses): Promise<DogeRun> {
    this.pause(false);
    this.#isRunning = true;
    try {
      const pass = await this.#passOf(recipe);
      const { run } = await this.#runOf(pass, recipe, context);
      await this.#step(run, pass.steps, context, onLosses);
      return run;
    } finally {
      this.#isRunning = false;
      this.#tellStanding();
    }
  }

  async #step(run: DogeRun, steps: number, context: JobContext, onLosses: OnLosses): Promise<void> {
    let stride = 1;
    while (run.step < steps) {
      await this.#stand(context);
      const begin = performance.now();
      const from = run.step;
      await run.advanceTo(Math.min(steps, from + stride), unstopped(context));
      const took = Math.max(1, performance.now() - begin);
      stride = Math.max(1, Math.min(2 * stride, Math.floor((stride * STRETCH_MS) / took)));
      onLosses(run.losses.slice(from).map((value, i) => ({ at: from + i, value })));
      context.progress(run.step, steps);
      await context.breathe();
      context.signal.throwIfAborted();
    }
  }

  /** Waits while the run is to stand still; a cancel is heard all the same. */
  async #stand({ signal }: JobContext): Promise<void> {
    while (this.#pause) {
      this.#pause.isReached = true;
      this.#tellStanding();
      await abortable(this.#pause.over, signal);
    }
  }

  #tellStanding(): void {
    for (const tell of this.#standing.splice(0)) tell(this.#taken());
  }

  #taken(): number {
    return this.#kept?.run.step ?? 0;
  }

  async #passOf(recipe: Recipe): Promise<LongPass> {
    const pass = await this.#models().longPass(recipe);
    if (!pass) throw new Error(`${recipe.method.id} has no long pass`);
    return pass;
  }

  /** The kept run where it leads there, or a new one. */
  async #runOf({ runKey, steps }: LongPass, recipe: Recipe, context: JobContext): Promise<Kept> {
    const known = this.#kept;
    if (known?.runKey === runKey && known.run.step <= steps) return known;
    this.#keep(undefined);
    try {
      const matrices = await this.#matrices(recipe, context);
      const run = await openDoge(matrices, dogeOptions(recipe.method.params), simdKernels(), context);
      const held = matrices.flatMap(({ taus }) => taus).reduce((sum, tau) => sum + tau.byteLength, 0);
      return this.#keep({ runKey, run, bytes: held + run.bytes });
    } catch (error) {
      throw error instanceof RangeError ? tooLarge(error) : error;
    }
  }

  #keep<T extends Kept | undefined>(kept: T): T {
    this.#kept = kept;
    this.#onMemory(kept?.bytes ?? 0);
    return kept;
  }

  /** Copies of the task vectors, layer by layer. */
  async #matrices(recipe: Recipe, { signal }: JobContext): Promise<readonly Matrix[]> {
    const models = this.#models();
    await models.openPass(recipe);
    const matrices: Matrix[] = [];
    for (;;) {
      signal.throwIfAborted();
      const input = await models.nextInput();
      if (!input) return matrices;
      const { name, shape, rows, weights } = input;
      const layer = layerOf({ tensor: { name, shape }, rows, weights });
      if (layer) matrices.push(layer);
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }
}

/** Breathes, but is not cancelled: a stretch is short, and a run between two steps could not be kept. */
function unstopped(context: JobContext): Context {
  return { ...context, signal: { aborted: false, throwIfAborted() {} }, progress() {} };
}

function standstill(): Standstill {
  let end = () => {};
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { over, end: () => end(), isReached: false };
}

/** Plain: what a run knows of a layer beside this stays here. */
function reportOf({ name, rows, columns, rank, energy, lambdas }: DogeRun["layers"][number]) {
  return { name, rows, columns, rank, energy, lambdas };
}

function tooLarge({ message }: RangeError): AppError {
  return new AppError(
    "eval/memory",
    `The task vectors do not fit into this tab's memory beside each other: ${message} Leave experts out, or merge with the command.`,
    { reason: message },
  );
}
