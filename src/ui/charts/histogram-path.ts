/** Geometry of histograms of |τ|: pure, in a box 1 wide and 1 high with the baseline at y = 1. */

const paths = new WeakMap<readonly number[], string>();

/**
 * An SVG path around the bins. Heights are square roots of counts, since most entries lie near zero; few entries
 * are drawn in fewer, wider bins, or the picture would be of chance.
 */
export function histogramPath(bins: readonly number[]): string {
  const known = paths.get(bins);
  if (known !== undefined) return known;
  const wide = coarsen(bins);
  const top = Math.sqrt(Math.max(1, ...wide));
  let path = "M0 1";
  wide.forEach((count, i) => {
    const y = trim(1 - Math.sqrt(count) / top);
    path += `V${y}H${trim((i + 1) / wide.length)}`;
  });
  path += "V1Z";
  paths.set(bins, path);
  return path;
}

/** Joins neighbours until about 2 ∛n bins are left for n entries (Rice's rule); equal widths stay equal. */
function coarsen(bins: readonly number[]): readonly number[] {
  const n = bins.reduce((sum, count) => sum + count, 0);
  const wanted = Math.max(1, 2 * Math.cbrt(n));
  let joined = 1;
  for (let by = 2; by <= bins.length / wanted; by++) if (bins.length % by === 0) joined = by;
  if (joined === 1) return bins;
  return Array.from({ length: bins.length / joined }, (_, i) =>
    bins.slice(i * joined, (i + 1) * joined).reduce((sum, count) => sum + count, 0),
  );
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
