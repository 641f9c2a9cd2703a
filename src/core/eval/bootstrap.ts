/**
 * Paired bootstrap over counts.
 *
 * Resampling the n examples of a task with replacement makes the counts of its joint outcomes (both right, only one,
 * neither) a multinomial. Drawing that directly costs three binomials per task instead of n draws, and is the same
 * distribution. Strata (tasks) are resampled apart, so each keeps its own n. Where the counts show no variation at all
 * the interval has no width: the bootstrap knows nothing beyond the examples, and n says how few they are.
 */

/** Counts of the joint outcomes of one stratum; the order is the statistic's business. */
export type Counts = readonly number[];

/** A number computed from the strata's counts; NaN where it is not defined. */
export type Statistic = (strata: readonly Counts[]) => number;

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  /** Default 1,000. */
  readonly resamples?: number;
  /** 32-bit; equal seeds give equal bits. */
  readonly seed?: number;
}

/**
 * Returns each statistic with its percentile 95 % interval, all from the same resamples.
 *
 * The interval always contains the estimate. Resamples in which a statistic is not defined do not count for it; a
 * statistic that the counts themselves do not define comes back as NaN with NaN bounds.
 */
export function bootstrap(
  strata: readonly Counts[],
  statistics: readonly Statistic[],
  { resamples = 1000, seed = 0 }: BootstrapOptions = {},
): Interval[] {
  const draws = statistics.map(() => new Float64Array(resamples));
  const resampled = strata.map((counts) => counts.map(() => 0));
  const perResample = strata.reduce((sum, counts) => sum + counts.length, 0);
  for (let r = 0; r < resamples; r++) {
    let counter = r * perResample;
    for (const [s, counts] of strata.entries()) {
      fillMultinomial(resampled[s]!, counts, seed, counter);
      counter += counts.length;
    }
    for (const [j, statistic] of statistics.entries()) draws[j]![r] = statistic(resampled);
  }
  return statistics.map((statistic, j) => interval(statistic(strata), draws[j]!));
}

/** Bounds of the estimate from its resampled values. */
function interval(value: number, draws: Float64Array): Interval {
  const sorted = draws.filter((draw) => !Number.isNaN(draw)).sort();
  if (Number.isNaN(value) || sorted.length === 0) return { value, low: Number.NaN, high: Number.NaN };
  return {
    value,
    low: Math.min(value, quantile(sorted, 0.025)),
    high: Math.max(value, quantile(sorted, 0.975)),
  };
}

/** Linear interpolation between order statistics, numpy's default. */
function quantile(sorted: Float64Array, p: number): number {
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

/** Draws as many as there are counts, with their proportions; one binomial per cell but the last. */
function fillMultinomial(out: number[], counts: Counts, seed: number, counter: number): void {
  let left = counts.reduce((sum, count) => sum + count, 0);
  let mass = left;
  for (let c = 0; c < counts.length; c++) {
    const drawn = mass > 0 ? binomial(left, counts[c] / mass, uniform(seed, counter + c)) : 0;
    out[c] = drawn;
    left -= drawn;
    mass -= counts[c];
  }
}

/**
 * Inverts the binomial distribution at u, searching outwards from the mode: about one standard deviation of steps.
 *
 * Every value gets exactly its probability; the order in which values are laid along [0, 1) is free.
 */
export function binomial(n: number, p: number, u: number): number {
  if (n === 0 || p <= 0) return 0;
  if (p >= 1) return n;
  const odds = p / (1 - p);
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const peak = logFactorial(n) - logFactorial(mode) - logFactorial(n - mode);
  let above = Math.exp(peak + mode * Math.log(p) + (n - mode) * Math.log1p(-p));
  let below = above;
  let rest = u - above;
  let high = mode;
  let low = mode;
  while (rest >= 0 && (high < n || low > 0)) {
    if (high < n) {
      above *= ((n - high) / (high + 1)) * odds;
      high++;
      rest -= above;
      if (rest < 0) return high;
    }
    if (low > 0) {
      below *= low / ((n - low + 1) * odds);
      low--;
      rest -= below;
      if (rest < 0) return low;
    }
  }
  return mode;
}

const logFactorials = [0];

function logFactorial(n: number): number {
  for (let i = logFactorials.length; i <= n; i++) logFactorials.push(logFactorials[i - 1] + Math.log(i));
  return logFactorials[n];
}

/** A number in [0, 1) that depends on (seed, counter) alone: two rounds of a 32-bit avalanche, 53 bits kept. */
function uniform(seed: number, counter: number): number {
  const high = mix(mix(seed ^ 0x9e37_79b9) + Math.imul(counter, 0x85eb_ca6b));
  const low = mix(high ^ counter);
  return ((high >>> 5) * 0x400_0000 + (low >>> 6)) / 0x20_0000_0000_0000;
}

/** Source: "lowbias32", nullprogram.com/blog/2018/07/31 (public domain). */
function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb_352d);
  x = Math.imul(x ^ (x >>> 15), 0x846c_a68b);
  return (x ^ (x >>> 16)) >>> 0;
}
