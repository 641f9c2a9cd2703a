/** Geometry of histograms of |τ|: pure, in a box 1 wide and 1 high with the baseline at y = 1. */

const paths = new WeakMap<readonly number[], string>();

/** An SVG path around the bins; heights are square roots of counts, since most entries lie near zero. */
export function histogramPath(bins: readonly number[]): string {
  const known = paths.get(bins);
  if (known !== undefined) return known;
  const top = Math.sqrt(Math.max(1, ...bins));
  let path = "M0 1";
  bins.forEach((count, i) => {
    const y = trim(1 - Math.sqrt(count) / top);
    path += `V${y}H${trim((i + 1) / bins.length)}`;
  });
  path += "V1Z";
  paths.set(bins, path);
  return path;
}

/**
 * |τ| below which a share `rate` (0…1) of the entries lies, from equal bins over [0, max]: between two bins' edges
 * it is interpolated, so it stands in for the exact cut only until the merge has answered.
 */
export function quantileOfBins(bins: readonly number[], max: number, rate: number): number {
  const total = bins.reduce((sum, count) => sum + count, 0);
  let left = rate * total;
  for (let i = 0; i < bins.length; i++) {
    const count = bins[i] ?? 0;
    if (count > 0 && left <= count) return (max * (i + left / count)) / bins.length;
    left -= count;
  }
  return max;
}

function trim(value: number): number {
  return Math.round(value * 1000) / 1000;
}
