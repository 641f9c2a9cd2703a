/** The numbers of a job's curves, side by side. */
import type { ChartTable } from "../charts/csv.ts";
import { type DrawnCurve, isShare } from "./job-curves.ts";
import type { jobWords } from "./job-words.ts";

type Words = Pick<(typeof jobWords)["en"], "low" | "high">;

/** One row for every step at which a curve has a point; shares carry their interval and n. */
export function curveTable(
  curves: readonly DrawnCurve[],
  unit: string,
  name: (curve: string) => string,
  { low, high }: Words,
): ChartTable {
  const columns = curves.flatMap((curve) => {
    const label = name(curve.name);
    return isShare(curve.name) ? [label, low(label), high(label), `${label}, n`] : [label];
  });
  const byStep = curves.map(({ points }) => new Map(points.map((point) => [point.at, point])));
  const steps = [...new Set(byStep.flatMap((points) => [...points.keys()]))].sort((a, b) => a - b);
  const rows = steps.map((step) => [
    step,
    ...curves.flatMap((curve, i) => {
      const point = byStep[i]?.get(step);
      return isShare(curve.name) ? [point?.value, point?.low, point?.high, point?.n] : [point?.value];
    }),
  ]);
  return { columns: [unit, ...columns], rows };
}
