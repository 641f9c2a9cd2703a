/** A forward graph and a loss → one graph with the loss and its gradients as outputs. */
import type { ModelProto } from "onnx-buf";
import { AppError } from "../errors.ts";
import { clip, showShape } from "../formats/file-error.ts";
import { zeros } from "./emit.ts";
import { layForward } from "./forward.ts";
import { type LossKind, lossHead } from "./loss.ts";
import { bytesAtPeak } from "./memory.ts";
import { pullBack } from "./reverse.ts";
import { serialise } from "./serialise.ts";
import type { Tape } from "./tape.ts";

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
  /**
   * Serialised. Its inputs are the model's, every weight of `wrt`, and those of LOSS_INPUTS that the loss takes: weights
   * always, labels or targets. An input of open shape that the logits do not need is left out.
   */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Scalar: Σ weight of example · its loss. */
  readonly loss: string;
  /** (N): each example's loss, unweighted. */
  readonly losses: string;
  readonly logits: string;
  /**
   * The output that holds the gradient of the weighted loss, by each of `wrt` and of its shape; zeros where the logits do
   * not depend on it. No two share an output.
   */
  readonly gradients: ReadonlyMap<string, string>;
  /** Estimate of the largest sum of live values, in bytes, for a heap budget. */
  readonly bytesAtPeak: number;
}

/**
 * Returns a graph that computes the weighted loss and its gradients in one run.
 *
 * @throws AppError autodiff/unsupported with the node that stands in the way; eval/graph when inputs, outputs or weights
 * are not the graph's
 */
export function gradientGraph({ model, inputs, logits, loss, wrt }: GradientRequest): GradientGraph {
  const tape = layForward({ model, inputs, output: logits, wrt });
  requireRows(tape, logits);
  const head = lossHead(tape, logits, loss);
  const found = pullBack(tape, new Map([[logits, head.gradient]]), wrt);
  const own = ownOutputs(tape);
  const results = { loss: own(head.total), losses: own(head.losses), logits: own(logits) };
  const gradients = new Map(
    wrt.map((name) => [name, own(found.get(name) ?? zeros(tape, tape.type(name).shape))]),
  );
  const outputs = [...Object.values(results), ...gradients.values()];
  const { bytes, nodes } = serialise(model, tape, outputs);
  return { bytes, ...results, gradients, bytesAtPeak: bytesAtPeak(tape, nodes, outputs) };
}

/** Gives every result an output of its own, so that no two share memory. */
function ownOutputs(tape: Tape): (value: string) => string {
  const given = new Set<string>();
  return (value) => {
    const output = tape.makerOf(value) && !given.has(value) ? value : tape.copyOf(value);
    given.add(output);
    return output;
  };
}

/** @throws AppError eval/graph */
function requireRows(tape: Tape, logits: string): void {
  const { shape, dtype } = tape.type(logits);
  if (shape.length === 2 && dtype === "f32") return;
  throw new AppError(
    "eval/graph",
    `The output “${clip(logits)}” is ${showShape(shape)} in ${dtype}; a loss needs examples × classes in f32.`,
    { output: clip(logits) },
  );
}
