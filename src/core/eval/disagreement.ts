import { NO_CLASS, type Predictions, wilson } from "./metrics.ts";
import type { Proportion } from "./report.ts";

/**
 * Returns the share of examples on which two models predict different classes, over the rows that both have seen. A
 * model without any number agrees with nobody.
 *
 * Source: the dist of the disentanglement error, arXiv:2305.12827, eq. 3.
 */
export function disagreement(a: Predictions, b: Predictions): Proportion {
  const n = Math.min(a.length, b.length);
  let differing = 0;
  for (let row = 0; row < n; row++) if (a[row] !== b[row] || a[row] === NO_CLASS) differing++;
  return wilson(differing, n);
}
