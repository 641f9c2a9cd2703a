/** Which curves a job draws, and how far they go. */

import type { Curve } from "#app/slices/traces.ts";
import type { Work } from "#app/slices/work.ts";

type Request = Work["request"];
export type Point = Curve["points"][number];
export type CurveName = Point["curve"];

/** The curves of a kind that are worth drawing, the most telling first. */
const drawn: Readonly<Record<Request["kind"], readonly CurveName[]>> = {
  train: ["validation", "loss"],
  localise: ["grafted", "density", "loss"],
  calibrate: ["density"],
  adamerge: ["entropy"],
  fisher: [],
  gram: [],
};

export interface DrawnCurve {
  readonly name: CurveName;
  /** Ascending, with the newest at the end. */
  readonly points: readonly Point[];
}

/** The curves that have points already. */
export function drawnCurves({ kind, curves }: Pick<Work, "kind" | "curves">): readonly DrawnCurve[] {
  return drawn[kind].flatMap((name) => {
    const curve = curves[name];
    return curve ? [{ name, points: wholeCurve(curve) }] : [];
  });
}

/** Kept points and the newest, which may have fallen between two that are kept. */
export function wholeCurve({ points, last }: Curve): readonly Point[] {
  return last && points.at(-1)?.at !== last.at ? [...points, last] : points;
}

/** Where the axis ends: known from the request, so that charts keep their scale while they grow. */
export function lastStep(request: Request): number {
  switch (request.kind) {
    case "train":
    case "adamerge":
      return request.spec.steps;
    case "localise":
      return request.spec.epochs;
    case "calibrate":
      return request.spec.rounds;
    case "fisher":
    case "gram":
      return 1;
    default:
      return request satisfies never;
  }
}

/** Shares are drawn on 0…1; everything else from 0 to its largest value. */
export function isShare(name: CurveName): boolean {
  return name === "validation" || name === "grafted";
}

/** The largest value of a curve's axis: 1 for accuracies, else a round number above all points. */
export function topOf({ name, points }: DrawnCurve): number {
  if (isShare(name)) return 1;
  const largest = Math.max(...points.map(({ value }) => value).filter(Number.isFinite), 0);
  if (largest <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  const step = [1, 1.5, 2, 3, 5, 7.5, 10].find((factor) => factor * power >= largest) ?? 10;
  return step * power;
}

/** Seconds that what is running still needs, from its own pace; undefined until there is one. */
export function secondsLeft({ progress, firstProgress }: Pick<Work, "progress" | "firstProgress">) {
  if (!progress || !firstProgress) return undefined;
  const done = progress.done - firstProgress.done;
  const elapsed = progress.at - firstProgress.at;
  if (done <= 0 || elapsed < PACE_MS) return undefined;
  return ((progress.total - progress.done) * elapsed) / done / 1000;
}

/** A pace needs so many milliseconds to be worth telling. */
const PACE_MS = 800;
