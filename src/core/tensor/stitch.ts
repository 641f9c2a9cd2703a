/** Averages of what is there: see `Kernels.stitch`. */

/** Weights whose sum is nearer to zero than this cannot be divided by; mergekit's bound. */
const smallestSum = 1e-8;

/** The sum itself, or 1 where it cannot be divided by. */
export function dividable(sum: number): number {
  return Math.abs(sum) < smallestSum ? 1 : sum;
}

/** Fills out with the weighted mean of the rows that are not zero at an entry; out may be one of the rows. */
export function stitch(out: Float32Array, rows: readonly Float32Array[], weights: readonly number[]): void {
  const factors = weights.map(Math.fround);
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    let mass = 0;
    for (let k = 0; k < rows.length; k++) {
      const value = rows[k][i];
      if (value === 0) continue;
      sum = Math.fround(sum + Math.fround(factors[k] * value));
      mass = Math.fround(mass + factors[k]);
    }
    out[i] = sum === 0 ? -0 : sum / dividable(mass);
  }
}
