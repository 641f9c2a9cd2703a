/**
 * Long passes on behalf of the page: opened, stepped, paused, taken up again.
 *
 * The last run is kept with all that it needs to go on, so that a recipe of more steps takes it up from there; forgotten,
 * it would start anew with the same bits.
 */

import type { Remote } from "comlink";
import type { DeltaReport } from "#core/doge/run.ts";
import type { LongPass } from "#core/merge/merger.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { abortable, type JobContext } from "../jobs.ts";
import type { OpenedPass, PassApi } from "../protocol/pass.ts";
import { give, type HeldRun, openRun, stretches } from "./doge.ts";

interface Kept extends HeldRun {
  /** Of the pass that it leads to, whatever its steps. */
  readonly runKey: string;
}

/** A pause that was asked for. */
interface Standstill {
  readonly over: Promise<void>;
  end(): void;
  /** The run stands. */
  isReached: boolean;
}

/** Told after every stretch of steps: losses before each of them. */
type OnLosses = (losses: readonly { readonly at: number; readonly value: number }[]) => void;

export class PassRuns {
  readonly #models: () => Remote<PassApi>;
  readonly #onMemory: (bytes: number) => void;
  #kept: Kept | undefined;
  /** Ends with the last thing done to the kept run. */
  #last: Promise<unknown> = Promise.resolve();
  #pause: Standstill | undefined;
  /** Who waits for the run to stand still. */
  #standing: ((step: number) => void)[] = [];
  #isRunning = false;

  /** @param onMemory told what the kept run holds */
  constructor(models: () => Remote<PassApi>, onMemory: (bytes: number) => void) {
    this.#models = models;
    this.#onMemory = onMemory;
  }

  /** Gets the recipe's pass ready to step. @throws AppError recipe/…, eval/memory; the signal's reason */
  open(recipe: Recipe, context: JobContext): Promise<OpenedPass> {
    return this.#inTurn(async () => {
      const { run, bytes } = await this.#runOf(await this.#passOf(recipe), recipe, context);
      return { layers: run.layers.map(reportOf), losses: run.losses, bytes };
    });
  }

  /** Steps the recipe's pass to its end, hands over what it made, and measures that. @throws likewise */
  run(recipe: Recipe, context: JobContext, onLosses: OnLosses): Promise<readonly DeltaReport[]> {
    return this.#inTurn(async () => {
      this.pause(false);
      this.#isRunning = true;
      try {
        const pass = await this.#passOf(recipe);
        const kept = await this.#runOf(pass, recipe, context);
        await this.#step(kept, pass.steps, context, onLosses);
        await give(this.#models(), recipe, kept.run);
        return kept.run.report();
      } finally {
        this.#isRunning = false;
        this.#tellStanding();
      }
    });
  }

  /** Makes the recipe's pass beside the kept run, if it has one that is not known. @throws likewise */
  async ensure(recipe: Recipe, context: JobContext): Promise<void> {
    const models = this.#models();
    const pass = await models.longPass(recipe);
    if (!pass || pass.isKnown) return;
    const { run } = await openRun(models, recipe, context);
    for await (const _ of stretches(run, pass.steps, context)) context.progress(run.step, pass.steps);
    await give(models, recipe, run);
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

  async #step({ run }: Kept, steps: number, context: JobContext, onLosses: OnLosses): Promise<void> {
    await this.#stand(context);
    for await (const from of stretches(run, steps, context)) {
      onLosses(run.losses.slice(from).map((value, i) => ({ at: from + i, value })));
      context.progress(run.step, steps);
      if (run.step < steps) await this.#stand(context);
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
    context.signal.throwIfAborted();
    const known = this.#kept;
    if (known?.runKey === runKey && known.run.step <= steps) return known;
    // Both beside each other would take twice the memory.
    this.#kept = undefined;
    const kept = { runKey, ...(await openRun(this.#models(), recipe, context)) };
    this.#kept = kept;
    this.#onMemory(kept.bytes);
    return kept;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }
}

function standstill(): Standstill {
  let end = () => {};
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { over, end, isReached: false };
}

/** Plain: what a run knows of a layer beside this stays here. */
function reportOf({ name, rows, columns, rank, energy, lambdas }: OpenedPass["layers"][number]) {
  return { name, rows, columns, rank, energy, lambdas };
}
