/** Losses and gradients of a network, in micro-batches that fit the heap. */
import type { LossKind } from "../autodiff/loss.ts";
import type { Context } from "../context.ts";
import type { GraphRunner } from "../graph-runner.ts";
import type { Network } from "./network.ts";
import { NetworkGradients } from "./network-gradients.ts";

/** Weights by name, f32, row-major; read during a call and never kept. */
export type WeightValues = ReadonlyMap<string, Float32Array>;

export interface GradientBatch {
  /** rows × input shape. */
  readonly x: Float32Array;
  readonly rows: number;
  /** Classes, for losses that take labels. */
  readonly labels?: ArrayLike<number>;
  /** rows × C, for losses that take targets. */
  readonly targets?: Float32Array;
  /** Weight of each example in the sum; absent = 1 / rows, which makes it the mean (1 in `perExample`). */
  readonly weights?: ArrayLike<number>;
}

export interface GradientResult {
  /** Weighted sum over the batch; f64, in the order of the rows. */
  readonly loss: number;
  /** rows, unweighted. */
  readonly losses: Float32Array;
  /** rows × C. */
  readonly logits: Float32Array;
  /** By weight; valid until the next call (buffers are used again), read-only. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

/** How a batch is cut to fit the heap. */
export interface MicroBatch {
  /** Examples per run. */
  readonly rows: number;
  readonly runs: number;
  /** Estimate for one run, bytes. */
  readonly bytesAtPeak: number;
}

/**
 * Differentiates one network, one call at a time. Sessions are kept by (loss, weights, micro-batch); close it when done.
 *
 * `context` is asked between micro-batches, so that a cancel is heard at once.
 */
export interface Gradients {
  /** @param wrt weights to differentiate by; absent = all of the network's. @throws AppError eval/graph, eval/memory, autodiff/unsupported */
  evaluate(
    weights: WeightValues,
    batch: GradientBatch,
    loss: LossKind,
    wrt?: readonly string[],
    context?: Context,
  ): Promise<GradientResult>;
  /** Forward only: logits (rows × C). */
  predict(weights: WeightValues, x: Float32Array, rows: number, context?: Context): Promise<Float32Array>;
  /**
   * Calls `each` with the gradient of every single example (a graph of batch 1, rows in order); the buffers are valid
   * during the call only. What per-example Fisher information needs.
   */
  perExample(
    weights: WeightValues,
    batch: GradientBatch,
    loss: LossKind,
    each: (row: number, gradients: ReadonlyMap<string, Float32Array>) => void,
    wrt?: readonly string[],
    context?: Context,
  ): Promise<void>;
  /** Tells how `evaluate` would cut a batch of so many rows. @throws AppError eval/memory, autodiff/unsupported */
  microBatch(rows: number, loss: LossKind, wrt?: readonly string[]): MicroBatch;
  close(): Promise<void>;
}

export interface GradientsOptions {
  /** Bytes that all open gradient graphs together may take of the runtime's heap. */
  readonly heapBudget?: number;
  /** Most examples per run. */
  readonly microBatch?: number;
}

/** The heap of a wasm runtime never shrinks and ends at 4 GB; a page on a small machine should stay far below. */
const HEAP_BUDGET = 600e6;
/** Beyond, a step is no faster, and a cancel has longer to wait (about 0.1 s on a network of 200,000 weights). */
const MICRO_BATCH = 64;

/** Returns the gradients of a network. Nothing is opened before it is asked for. */
export function openGradients(
  runner: GraphRunner,
  network: Network,
  { heapBudget = HEAP_BUDGET, microBatch = MICRO_BATCH }: GradientsOptions = {},
): Gradients {
  return new NetworkGradients(runner, network, heapBudget, microBatch);
}
