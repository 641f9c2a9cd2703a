/** Weights whose sum is nearer to zero than this cannot be divided by; mergekit's bound. */
const smallestSum = 1e-8;

/** Weights divided by their sum; unchanged where they cancel. */
export function shares(weights: readonly number[]): readonly number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Math.abs(total) < smallestSum ? weights : weights.map((weight) => weight / total);
}
