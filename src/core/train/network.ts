/** What can be run and differentiated for one task: a graph and what it is fed beside weights and examples. */
import type { ModelProto } from "onnx-buf";
import type { NamedTensors } from "../graph-runner.ts";
import type { TensorSpec } from "../tensor/tensor.ts";

export interface Network {
  /** Every weight is an f32 input (or initializer) of known shape. */
  readonly model: ModelProto;
  readonly weights: readonly TensorSpec[];
  /** The examples' input: its name and the shape of one example. */
  readonly input: { readonly name: string; readonly shape: readonly number[] };
  /** The output (N × C). */
  readonly logits: string;
  readonly classes: number;
  /** The task's frozen head (W, mu), or nothing: the same for every example, never trained. */
  readonly constants: NamedTensors;
}

/** Labelled examples to learn from or to measure on. */
export interface LabelledData {
  readonly count: number;
  /** Class of each example. */
  readonly labels: ArrayLike<number>;
  /**
   * Returns the examples as the graph's input, row-major; the caller owns it.
   *
   * @param draw counts the batches of a run, so that augmentation can depend on (seed, draw, row) and nothing else
   */
  rows(indices: ArrayLike<number>, draw: number): Float32Array<ArrayBuffer>;
}
