/** Learning rates and early stopping, as pure functions of the step and of what validation said so far. */

export interface ScheduleOptions {
  readonly schedule: "constant" | "cosine" | "plateau";
  /** At its peak. */
  readonly learningRate: number;
  /** Steps of linear warm-up. */
  readonly warmUp: number;
  /** Steps of the whole training: where cosine ends at 0. */
  readonly steps: number;
  /** The rate's factor when validation has not improved by more than the threshold for `plateauPatience` checks. */
  readonly plateauFactor: number;
  readonly plateauPatience: number;
  /** Share of right answers, 0…1. */
  readonly plateauThreshold: number;
  readonly plateauReductions: number;
  /** Whether training ends with the last reduction, or goes on at the lowest rate. */
  readonly plateauStop: boolean;
}

/** A check on validation data after `step` updates. */
export interface Validation {
  readonly step: number;
  readonly right: number;
  readonly n: number;
  /** Mean cross-entropy. */
  readonly loss: number;
}

export interface Plateau {
  /** Reductions so far, at most `plateauReductions`. */
  readonly reductions: number;
  /** True when nothing more is to be expected and the training should end. */
  readonly isOver: boolean;
}

/** Returns the rate of update number `step`: 1 is the first. */
export function learningRate(options: ScheduleOptions, step: number, history: readonly Validation[]): number {
  const { schedule, learningRate: peak, warmUp, steps, plateauFactor } = options;
  if (step <= warmUp) return (peak * step) / warmUp;
  if (schedule === "constant") return peak;
  if (schedule === "plateau") return peak * plateauFactor ** plateau(options, history).reductions;
  const done = (step - 1 - warmUp) / Math.max(1, steps - warmUp);
  return (peak / 2) * (1 + Math.cos(Math.PI * Math.min(1, done)));
}

/** Folds the checks, in order, into the state of reduce-on-plateau; checks during warm-up count as none. */
export function plateau(options: ScheduleOptions, history: readonly Validation[]): Plateau {
  const { warmUp, plateauPatience, plateauThreshold, plateauReductions, plateauStop } = options;
  let best = Number.NEGATIVE_INFINITY;
  let bad = 0;
  let reductions = 0;
  for (const { step, right, n } of history) {
    if (step < warmUp) continue;
    if (right / n > best + plateauThreshold) {
      best = right / n;
      bad = 0;
    } else if (++bad >= plateauPatience && reductions < plateauReductions) {
      reductions++;
      bad = 0;
    }
  }
  const isOver = options.schedule === "plateau" && plateauStop && reductions >= plateauReductions;
  return { reductions, isOver };
}
