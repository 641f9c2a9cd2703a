/** Checkpoint steps on a log axis: where each lies, which is nearest, which is next. */

/** Position of a step between the first and the last, 0…1, by the logarithm. A single step lies at the end. */
export function placeOfStep(step: number, steps: readonly number[]): number {
  const low = log(steps[0] ?? 0);
  const high = log(steps.at(-1) ?? 0);
  return high > low ? Math.min(1, Math.max(0, (log(step) - low) / (high - low))) : 1;
}

/** The checkpoint nearest to a position 0…1 on the axis; undefined without checkpoints. */
export function stepAtPlace(place: number, steps: readonly number[]): number | undefined {
  return nearestBy(steps, (step) => Math.abs(placeOfStep(step, steps) - place));
}

/** The checkpoint nearest to a typed step, by the logarithm. */
export function nearestStep(typed: number, steps: readonly number[]): number | undefined {
  return nearestBy(steps, (step) => Math.abs(log(step) - log(typed)));
}

/** The checkpoint that a key moves to, or undefined for any other key. */
export function stepOfKey(key: string, step: number, steps: readonly number[]): number | undefined {
  const last = steps.length - 1;
  const at = Math.max(0, steps.indexOf(step));
  const to = (index: number) => steps[Math.min(last, Math.max(0, index))];
  switch (key) {
    case "ArrowRight":
    case "ArrowUp":
      return to(at + 1);
    case "ArrowLeft":
    case "ArrowDown":
      return to(at - 1);
    case "PageUp":
      return to(at + 3);
    case "PageDown":
      return to(at - 3);
    case "Home":
      return steps[0];
    case "End":
      return steps[last];
    default:
      return undefined;
  }
}

/** Step 0 is the base itself; it lies before 1. */
function log(step: number): number {
  return Math.log2(step + 1);
}

function nearestBy(steps: readonly number[], distance: (step: number) => number): number | undefined {
  return steps.reduce<number | undefined>(
    (best, step) => (best === undefined || distance(step) < distance(best) ? step : best),
    undefined,
  );
}
