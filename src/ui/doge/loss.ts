/** A loss curve in numbers. */
import type { Pass } from "#app/slices/pass.ts";
import { type Point, wholeCurve } from "../workbench/job-curves.ts";

export type LossCurve = NonNullable<Pass["curves"]["loss"]>;

/** How far the loss has fallen, as a share of where it began; undefined before the second step. May be negative. */
export function fallOf(curve: LossCurve | undefined): number | undefined {
  const [first, last] = endsOf(curve ? wholeCurve(curve) : []) ?? [];
  return first && last && first.value > 0 ? 1 - last.value / first.value : undefined;
}

/** The first and the newest point, where there are two. */
export function endsOf(points: readonly Point[]): readonly [Point, Point] | undefined {
  const [first] = points;
  const last = points.at(-1);
  return first && last && first !== last ? [first, last] : undefined;
}
