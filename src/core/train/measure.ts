/** What validation data says of weights: right answers, and the mean loss beside them. */
import type { Context } from "../context.ts";
import { firstOf, inBatches, largestAt, READ_ROWS } from "../statistics/examples.ts";
import type { Gradients, WeightValues } from "./gradients.ts";
import type { LabelledData } from "./network.ts";
import type { Validation } from "./schedule.ts";

/** Measures weights on all examples: how many are right of how many, and the mean cross-entropy (f64). */
export async function measure(
  gradients: Gradients,
  weights: WeightValues,
  data: LabelledData,
  context: Context,
): Promise<Omit<Validation, "step">> {
  let right = 0;
  let loss = 0;
  for await (const { x, rows, labels } of inBatches(data, firstOf(data), READ_ROWS, context)) {
    const logits = await gradients.predict(weights, x, rows, context);
    const classes = logits.length / rows;
    for (const [row, label] of labels.entries()) {
      if (largestAt(logits, row, classes) === label) right++;
      loss += crossEntropy(logits.subarray(row * classes, (row + 1) * classes), label);
    }
  }
  return { right, n: data.count, loss: loss / data.count };
}

/** −log softmax(logits)[label]. */
function crossEntropy(logits: Float32Array, label: number): number {
  let top = Number.NEGATIVE_INFINITY;
  for (const logit of logits) top = Math.max(top, logit);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - top);
  return Math.log(sum) + top - logits[label];
}
