/** The losses that a gradient graph can end in. */

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
