/** Losses and gradients of a network, in micro-batches that fit the heap. */
import type { LossKind } from "../autodiff/loss.ts";

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
  /** Weight of each example in the sum; absent = 1 / rows, which makes it the mean. */
  readonly weights?: ArrayLike<number>;
}

export interface GradientResult {
  /** Weighted sum over the batch. */
  readonly loss: number;
  /** rows, unweighted. */
  readonly losses: Float32Array;
  /** rows × C. */
  readonly logits: Float32Array;
  /** By weight; valid until the next call (buffers are used again), read-only. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

/** Differentiates one network. Sessions are cached by (loss, micro-batch); close it when done. */
export interface Gradients {
  /** @param wrt weights to differentiate by; absent = all of the network's. @throws AppError eval/graph, eval/memory, autodiff/unsupported */
  evaluate(
    weights: WeightValues,
    batch: GradientBatch,
    loss: LossKind,
    wrt?: readonly string[],
  ): Promise<GradientResult>;
  /** Forward only: logits (rows × C). */
  predict(weights: WeightValues, x: Float32Array, rows: number): Promise<Float32Array>;
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
  ): Promise<void>;
  close(): Promise<void>;
}
