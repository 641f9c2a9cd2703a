/** DOGE's optimisation in the optimise worker, from copies of what the models worker has. No state but the turn to read. */
import { type Remote, transfer } from "comlink";
import type { Context } from "#core/context.ts";
import { layerOf, type Matrix } from "#core/doge/layers.ts";
import { type DogeRun, openDoge } from "#core/doge/run.ts";
import { AppError } from "#core/errors.ts";
import { dogeOptions } from "#core/methods/doge.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { simdKernels } from "#kernels/simd.ts";
import type { JobContext } from "../jobs.ts";
import type { PassApi } from "../protocol/pass.ts";

/** A run and what it holds, task vectors included. */
export interface HeldRun {
  readonly run: DogeRun;
  readonly bytes: number;
}

/** A stretch of steps takes about this long: within it nobody is heard. */
const STRETCH_MS = 60;

/** Fetches what the recipe's pass reads, and finds what its layers share. @throws AppError recipe/…, eval/memory; the signal's reason */
export async function openRun(
  models: Remote<PassApi>,
  recipe: Recipe,
  context: JobContext,
): Promise<HeldRun> {
  try {
    const matrices = await inTurn(() => matricesOf(models, recipe, context));
    const run = await openDoge(matrices, dogeOptions(recipe.method.params), simdKernels(), context);
    const taus = matrices.flatMap((matrix) => matrix.taus);
    return { run, bytes: run.bytes + taus.reduce((sum, { byteLength }) => sum + byteLength, 0) };
  } catch (error) {
    throw error instanceof RangeError ? tooLarge(error) : error;
  }
}

/**
 * Steps a run to so many steps, and yields after each stretch the number of steps before it. A stretch that has begun
 * goes to its end, so that all layers stand alike.
 *
 * @throws the signal's reason
 */
export async function* stretches(run: DogeRun, steps: number, context: JobContext): AsyncGenerator<number> {
  let stride = 1;
  while (run.step < steps) {
    context.signal.throwIfAborted();
    const begin = performance.now();
    const from = run.step;
    await run.advanceTo(Math.min(steps, from + stride), uncancelled(context));
    const took = Math.max(1, performance.now() - begin);
    stride = Math.max(1, Math.min(2 * stride, Math.floor((stride * STRETCH_MS) / took)));
    yield from;
    await context.breathe();
  }
  context.signal.throwIfAborted();
}

/** Hands copies of what a run has made to the models worker: the run may go on. */
export async function give(models: Remote<PassApi>, recipe: Recipe, run: DogeRun): Promise<void> {
  const made = new Map([...run.deltas()].map(([name, rows]) => [name, rows.map((row) => row.slice())]));
  const buffers = [...made.values()].flat().map(({ buffer }) => buffer);
  await models.givePass(recipe, transfer(made, buffers));
}

/** Copies of the task vectors, layer by layer. */
async function matricesOf(
  models: Remote<PassApi>,
  recipe: Recipe,
  { signal }: JobContext,
): Promise<readonly Matrix[]> {
  signal.throwIfAborted();
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

/** The models worker reads for one pass at a time. */
let lastReading: Promise<unknown> = Promise.resolve();

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = lastReading.then(work);
  lastReading = turn.catch(() => {});
  return turn;
}

function uncancelled({ breathe }: JobContext): Context {
  return { breathe, signal: { aborted: false, throwIfAborted() {} }, progress() {} };
}

function tooLarge({ message }: RangeError): AppError {
  return new AppError(
    "eval/memory",
    `The task vectors do not fit into this tab's memory beside each other: ${message}. Leave experts out, or merge with the command.`,
    { reason: message },
  );
}
