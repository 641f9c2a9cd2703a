/** Gradients of softmax regression, x · wᵀ, worked out in plain code: what tests of training loops need of a runtime. */
import type { GradientBatch, Gradients, WeightValues } from "../train/gradients.ts";

/** One weight, "w" (classes × features). `onCall` may hold a call up or fail it. */
export function linearGradients(
  features: number,
  classes: number,
  onCall: (what: "evaluate" | "predict") => Promise<void> | void = () => {},
): Gradients {
  const forward = (weights: WeightValues, x: Float32Array, rows: number) => {
    const w = weights.get("w")!;
    const logits = new Float32Array(rows * classes);
    for (let row = 0; row < rows; row++) {
      for (let c = 0; c < classes; c++) {
        for (let f = 0; f < features; f++) {
          logits[row * classes + c] += w[c * features + f] * x[row * features + f];
        }
      }
    }
    return logits;
  };
  const unsupported = () => Promise.reject(new Error("not in this stand-in"));
  return {
    async evaluate(weights: WeightValues, { x, rows, labels }: GradientBatch) {
      await onCall("evaluate");
      const logits = forward(weights, x, rows);
      const losses = new Float32Array(rows);
      const gradient = new Float32Array(classes * features);
      for (let row = 0; row < rows; row++) {
        const exps = [...logits.subarray(row * classes, (row + 1) * classes)].map(Math.exp);
        const total = exps.reduce((sum, value) => sum + value, 0);
        losses[row] = Math.log(total / exps[labels![row]]);
        for (let c = 0; c < classes; c++) {
          const error = (exps[c] / total - (c === labels![row] ? 1 : 0)) / rows;
          for (let f = 0; f < features; f++) gradient[c * features + f] += error * x[row * features + f];
        }
      }
      const loss = losses.reduce((sum, value) => sum + value, 0) / rows;
      return { loss, losses, logits, gradients: new Map([["w", gradient]]) };
    },
    async predict(weights, x, rows) {
      await onCall("predict");
      return forward(weights, x, rows);
    },
    perExample: unsupported,
    microBatch: (rows) => ({ rows, runs: 1, bytesAtPeak: 0 }),
    async close() {},
  };
}
