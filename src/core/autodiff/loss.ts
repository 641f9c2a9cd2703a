/** The losses that a gradient graph can end in. */
import { cast, reduced, reshapedTo, scaled } from "./emit.ts";
import type { Tape } from "./tape.ts";

/**
 * - "cross-entropy": −log p(label), labels as classes
 * - "log-probability", "logit": log p(label) and the label's raw logit: what sensitivities are derivatives of
 * - "entropy": −Σ p log p, no labels
 * - "binary-cross-entropy": mean over classes of the logits' binary cross-entropy against targets in [0, 1]
 * - "mean-squared-error": mean over outputs of (output − target)²
 */
export type LossKind =
  | "cross-entropy"
  | "log-probability"
  | "logit"
  | "entropy"
  | "binary-cross-entropy"
  | "mean-squared-error";

/** Names of the inputs that a loss adds: labels int64 (N), targets f32 (N × C), weights f32 (N; 0 for padding). */
export const LOSS_INPUTS = {
  labels: "loss.labels",
  targets: "loss.targets",
  weights: "loss.weights",
} as const;

/** What a loss adds to a graph. */
export interface LossHead {
  /** Scalar: Σ weight · loss. */
  readonly total: string;
  /** (N), unweighted. */
  readonly losses: string;
  /** (N × C): derivative of the total by the logits. */
  readonly gradient: string;
}

/** Losses and their derivatives by the logits (both per example, unweighted), before the weights come in. */
interface Unweighted {
  /** (N). */
  readonly losses: string;
  /** (N × C). */
  readonly slopes: string;
}

/**
 * Writes the loss of the logits (N × C) and its derivative; both are written out rather than derived by the rules,
 * which saves nodes and keeps an example of weight 0 at exactly 0.
 */
export function lossHead(tape: Tape, logits: string, kind: LossKind): LossHead {
  const [n] = tape.type(logits).shape;
  const { losses, slopes } = unweighted(tape, logits, kind);
  tape.addInput(LOSS_INPUTS.weights, { dtype: "f32", shape: [n] });
  const weighted = tape.op("Mul", [losses, LOSS_INPUTS.weights]);
  const total = reduced(tape, "ReduceSum", weighted, [0], false);
  const gradient = tape.op("Mul", [slopes, reshapedTo(tape, LOSS_INPUTS.weights, [n, 1])]);
  return { total, losses, gradient };
}

function unweighted(tape: Tape, logits: string, kind: LossKind): Unweighted {
  switch (kind) {
    case "cross-entropy":
      return crossEntropy(tape, logits);
    case "log-probability": {
      const { losses, slopes } = crossEntropy(tape, logits);
      return { losses: tape.op("Neg", [losses]), slopes: tape.op("Neg", [slopes]) };
    }
    case "logit": {
      const slopes = labelled(tape, logits);
      return { losses: sumOverClasses(tape, tape.op("Mul", [logits, slopes])), slopes };
    }
    case "entropy":
      return entropy(tape, logits);
    case "binary-cross-entropy":
      return binaryCrossEntropy(tape, logits);
    case "mean-squared-error":
      return meanSquaredError(tape, logits);
    default:
      throw new Error(`no loss ${String(kind satisfies never)}`);
  }
}

/** −log p(label), and p − onehot(label). */
function crossEntropy(tape: Tape, logits: string): Unweighted {
  const logp = tape.op("LogSoftmax", [logits], { axis: 1 });
  const onehot = labelled(tape, logits);
  const picked = sumOverClasses(tape, tape.op("Mul", [logp, onehot]));
  return {
    losses: tape.op("Neg", [picked]),
    slopes: tape.op("Sub", [tape.op("Exp", [logp]), onehot]),
  };
}

/** H = −Σ p log p, and −p · (log p + H). */
function entropy(tape: Tape, logits: string): Unweighted {
  const [n] = tape.type(logits).shape;
  const logp = tape.op("LogSoftmax", [logits], { axis: 1 });
  const p = tape.op("Exp", [logp]);
  const losses = tape.op("Neg", [sumOverClasses(tape, tape.op("Mul", [p, logp]))]);
  const above = tape.op("Add", [logp, reshapedTo(tape, losses, [n, 1])]);
  return { losses, slopes: tape.op("Neg", [tape.op("Mul", [p, above])]) };
}

/** Mean over classes of softplus(z) − z · t, and (sigmoid(z) − t) / C. */
function binaryCrossEntropy(tape: Tape, logits: string): Unweighted {
  const { targets, classes } = targeted(tape, logits);
  const each = tape.op("Sub", [tape.op("Softplus", [logits]), tape.op("Mul", [logits, targets])]);
  const slopes = tape.op("Sub", [tape.op("Sigmoid", [logits]), targets]);
  return {
    losses: scaled(tape, sumOverClasses(tape, each), 1 / classes),
    slopes: scaled(tape, slopes, 1 / classes),
  };
}

/** Mean over outputs of (z − t)², and 2 (z − t) / C. */
function meanSquaredError(tape: Tape, logits: string): Unweighted {
  const { targets, classes } = targeted(tape, logits);
  const off = tape.op("Sub", [logits, targets]);
  return {
    losses: scaled(tape, sumOverClasses(tape, tape.op("Mul", [off, off])), 1 / classes),
    slopes: scaled(tape, off, 2 / classes),
  };
}

/** The label of each example as a row of zeros and a one (N × C); a label that is no class is a row of zeros. */
function labelled(tape: Tape, logits: string): string {
  const [n, classes] = tape.type(logits).shape;
  tape.addInput(LOSS_INPUTS.labels, { dtype: "i64", shape: [n] });
  const columns = tape.ints(Array.from({ length: classes }, (_, i) => i));
  return cast(tape, tape.op("Equal", [reshapedTo(tape, LOSS_INPUTS.labels, [n, 1]), columns]), "f32");
}

function targeted(tape: Tape, logits: string) {
  const { shape } = tape.type(logits);
  tape.addInput(LOSS_INPUTS.targets, { dtype: "f32", shape });
  return { targets: LOSS_INPUTS.targets, classes: shape[1] };
}

/** N × C → N. */
function sumOverClasses(tape: Tape, values: string): string {
  return reduced(tape, "ReduceSum", values, [1], false);
}
