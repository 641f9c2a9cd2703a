/** A forward graph and a loss → one graph with the loss and its gradients as outputs. */
import type { ModelProto } from "onnx-buf";
import type { LossKind } from "./loss.ts";

export interface GradientRequest {
  /** Weights as graph inputs or as initializers; those in `wrt` become inputs. Left as it is. */
  readonly model: ModelProto;
  /** Concrete shapes of every graph input that is no weight: examples (N first), frozen heads. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  /** The output (N × C) that the loss is taken of. */
  readonly logits: string;
  readonly loss: LossKind;
  /** Weights and inputs to differentiate by. */
  readonly wrt: readonly string[];
}

export interface GradientGraph {
  /** Serialised, with every weight of `wrt` as an input, and the loss's inputs (LOSS_INPUTS). */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Scalar: Σ weight of example · its loss. */
  readonly loss: string;
  /** (N): each example's loss, unweighted. */
  readonly losses: string;
  readonly logits: string;
  /** The output that holds the gradient of the weighted loss, by weight; the gradient has the weight's shape. */
  readonly gradients: ReadonlyMap<string, string>;
  /** Estimate of the largest sum of live values, in bytes, for a heap budget. */
  readonly bytesAtPeak: number;
}
