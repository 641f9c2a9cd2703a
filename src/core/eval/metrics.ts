/** Counts of right answers and what may be said of them. */
import type { Proportion } from "./report.ts";

/** Two-sided 95 % quantile of the standard normal. */
const Z95 = 1.959963984540054;

/** Predicted class per example, in the split's order; NO_CLASS where no logit was a number. */
export type Predictions = Uint8Array<ArrayBuffer>;

/** What a model predicts whose logits are all NaN: no label has this value, so it is always wrong. */
export const NO_CLASS = 255;

/**
 * Returns k of n with its Wilson score interval.
 *
 * Source: Wilson 1927; the form is eq. 4 of Newcombe, Statistics in Medicine 17 (1998) 857–872.
 */
export function wilson(k: number, n: number): Proportion {
  if (n === 0) return { k, n, low: 0, high: 1 };
  const z2 = Z95 * Z95;
  const centre = (k + z2 / 2) / (n + z2);
  const half = (Z95 * Math.sqrt((k * (n - k)) / n + z2 / 4)) / (n + z2);
  return { k, n, low: k === 0 ? 0 : centre - half, high: k === n ? 1 : centre + half };
}

/**
 * Returns the exact two-sided p of McNemar's test: the chance that `won + lost` fair coins fall at least as unevenly.
 * 1 when nothing differs.
 */
export function mcnemar(won: number, lost: number): number {
  const flips = won + lost;
  const fewer = Math.min(won, lost);
  let logTerm = -flips * Math.LN2; // log of C(flips, i) / 2^flips, at i = 0: would underflow as a plain number
  let tail = 0;
  for (let i = 0; i <= fewer; i++) {
    tail += Math.exp(logTerm);
    logTerm += Math.log((flips - i) / (i + 1));
  }
  return Math.min(1, 2 * tail);
}

/** Counts the first n predictions that match their labels, with the interval. */
export function accuracy(predictions: Predictions, labels: Uint8Array, n = predictions.length): Proportion {
  let right = 0;
  for (let i = 0; i < n; i++) if (predictions[i] === labels[i]) right++;
  return wilson(right, n);
}

/** Fills out with the class of the largest logit per row; ties go to the lower class, all-NaN rows to NO_CLASS. */
export function fillArgmax(out: Predictions, logits: Float32Array, classes: number): void {
  for (let row = 0; row < out.length; row++) {
    let best = NO_CLASS;
    let top = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < classes; c++) {
      const logit = logits[row * classes + c];
      if (logit > top || (best === NO_CLASS && logit === top)) {
        top = logit;
        best = c;
      }
    }
    out[row] = best;
  }
}
