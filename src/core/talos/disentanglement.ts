/** Disentanglement error: where adding two task vectors changes what each of them does alone. */
import type { Context } from "../context.ts";
import { bootstrap, type Counts } from "../eval/bootstrap.ts";
import { estimate } from "../eval/means.ts";
import type { Estimate } from "../eval/report.ts";
import { only, type Predict, type ProtocolTask } from "./protocol.ts";

export interface DisentanglementPoint {
  readonly alphas: readonly [number, number];
  /** ξ: 0…2, the sum of two shares of changed predictions; n counts the examples of both tasks. */
  readonly error: Estimate;
}

/** α of each axis: so many points of [−1, 2], both ends among them; 7, 13 and 25 points lie within each other. */
export function mapAlphas(points: number): readonly number[] {
  return Array.from({ length: points }, (_, i) => -1 + (3 * i) / (points - 1));
}

/** 13 points. */
export const MAP_ALPHAS: readonly number[] = mapAlphas(13);

/**
 * ξ = Σ over both tasks of P(prediction by the task's own vector ≠ prediction by both), with its 95 % interval.
 *
 * @param alone predictions with the task's own scaled vector, by task
 * @param together predictions with both scaled vectors, by task
 * Source: Ortiz-Jiménez et al., arXiv:2305.12827 eq. 5, with the 0-1 distance
 */
export function disentanglementError(
  alone: readonly ArrayLike<number>[],
  together: readonly ArrayLike<number>[],
): Estimate {
  const strata = alone.map((own, task): Counts => {
    let changed = 0;
    for (let i = 0; i < own.length; i++) if (own[i] !== together[task][i]) changed++;
    return [changed, own.length - changed];
  });
  const n = alone.reduce((sum, { length }) => sum + length, 0);
  const [interval] = bootstrap(strata, [
    (counts) => counts.reduce((sum, [changed, same]) => sum + changed / (changed + same), 0),
  ]);
  return estimate(interval, n) ?? { ...interval, n };
}

/**
 * Maps ξ over (α1, α2), row by row; labels are not read. The quick subset's predictions suffice: `predict` decides
 * how many examples it answers for.
 */
export async function disentanglementMap(
  tasks: readonly [ProtocolTask, ProtocolTask],
  predict: Predict,
  context: Context,
  onPoint: (point: DisentanglementPoint) => void = () => {},
  alphas: readonly number[] = MAP_ALPHAS,
): Promise<readonly DisentanglementPoint[]> {
  const ask = async (coefficients: readonly number[], task: number) => {
    context.signal.throwIfAborted();
    await context.breathe();
    return predict(coefficients, task, "validation");
  };
  const alone: ArrayLike<number>[][] = tasks.map(() => []);
  for (const task of tasks.keys()) {
    for (const alpha of alphas) alone[task].push(await ask(only(task, 2, alpha), task));
  }
  const points: DisentanglementPoint[] = [];
  for (const [i, first] of alphas.entries()) {
    for (const [j, second] of alphas.entries()) {
      const together = [await ask([first, second], 0), await ask([first, second], 1)];
      const error = disentanglementError([alone[0][i], alone[1][j]], together);
      const point: DisentanglementPoint = { alphas: [first, second], error };
      points.push(point);
      context.progress(points.length, alphas.length ** 2);
      onPoint(point);
    }
  }
  return points;
}
