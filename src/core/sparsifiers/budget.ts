/** Budget match: one factor on all drop rates, so that a whole expert reaches a target density. */

/** One tensor that takes part. */
interface Share {
  /** Entries. */
  readonly n: number;
  /** Drop rate before the factor, 0…1. */
  readonly rate: number;
}

interface Budget {
  readonly factor: number;
  /** Drop rates after factor and clipping, in the order given. */
  readonly rates: readonly number[];
  /** Realised share kept over all entries: the reachable value closest to the target; 1 for no entries. */
  readonly reached: number;
}

/** Enough halvings to separate any two steps that f64 rates can have. */
const halvings = 64;

/**
 * Finds the factor whose realised counts come closest to `target` (share kept, 0…1). Rates are clipped to [min, max]
 * again after the factor; of two equally close factors the smaller one, which keeps more, wins.
 */
export function matchBudget(shares: readonly Share[], target: number, min: number, max: number): Budget {
  const total = shares.reduce((sum, { n }) => sum + n, 0);
  const wanted = (1 - target) * total;
  const clipped = (factor: number) => shares.map(({ rate }) => Math.max(min, Math.min(factor * rate, max)));
  const dropped = (factor: number) =>
    clipped(factor).reduce((sum, rate, i) => sum + Math.floor(rate * shares[i].n), 0);

  // At `high` every rate is past its cap, rounding included. The count grows in steps: bisect to the one that crosses.
  const positive = shares.map(({ rate }) => rate).filter((rate) => rate > 0);
  let low = 0;
  let high = positive.length ? (2 * max) / Math.min(...positive) : 0;
  if (dropped(high) < wanted) low = high;
  for (let i = 0; i < halvings && low < high; i++) {
    const middle = (low + high) / 2;
    if (dropped(middle) < wanted) low = middle;
    else high = middle;
  }
  const factor = wanted - dropped(low) <= dropped(high) - wanted ? low : high;
  return { factor, rates: clipped(factor), reached: total === 0 ? 1 : 1 - dropped(factor) / total };
}
