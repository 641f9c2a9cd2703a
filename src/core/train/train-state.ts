/** A training between two steps: all that its continuation depends on beside spec, base and data. */
import type { OptimiserState } from "./optimiser.ts";
import type { Validation } from "./schedule.ts";

/** Plain and self-contained: copies, not views. */
export interface TrainState {
  /** Updates made. */
  readonly step: number;
  readonly params: Float32Array<ArrayBuffer>;
  readonly optimiser: OptimiserState;
  readonly history: TrainHistory;
  /** The best validation so far and the parameters it was made with; the earliest of equals. */
  readonly best?: Best;
}

export interface TrainHistory {
  /** Mean loss of each step's batch, before its update. */
  readonly losses: Float64Array<ArrayBuffer>;
  /** Norm of each step's gradient, before clipping. */
  readonly norms: Float64Array<ArrayBuffer>;
  /** In order; the first is of step 0. */
  readonly validations: readonly Validation[];
}

export interface Best {
  readonly step: number;
  readonly params: Float32Array<ArrayBuffer>;
}
