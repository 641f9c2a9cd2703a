/** When a training keeps its weights. */

export interface CheckpointOptions {
  readonly checkpoints: "doubling" | "every" | "last";
  /** The first of "doubling" (k, 2k, 4k, …), the distance of "every". */
  readonly checkpointStep: number;
  /** Further steps to keep. */
  readonly checkpointSteps: readonly number[];
  readonly steps: number;
}

/** True when the weights after `step` updates are kept; those after the last always are. */
export function isCheckpoint(options: CheckpointOptions, step: number): boolean {
  const { checkpoints, checkpointStep, checkpointSteps, steps } = options;
  if (step === 0) return false;
  if (step === steps || checkpointSteps.includes(step)) return true;
  if (checkpoints === "every") return step % checkpointStep === 0;
  return checkpoints === "doubling" && isPowerOfTwo(step / checkpointStep);
}

function isPowerOfTwo(x: number): boolean {
  return Number.isInteger(x) && (x & (x - 1)) === 0;
}
