import { useDeferredValue, useState } from "react";
import { type AppState, useApp } from "#app/store.ts";

/** True while numbers change under the user's hands: a slider is held, or the first numbers of an edit are on their way. */
function isMoving({ isDragging, phase }: AppState): boolean {
  return isDragging || phase === "merging" || phase === "quick";
}

/**
 * A value for charts that take longer to draw than a frame: it waits while numbers are moving, and is then drawn in
 * pieces between frames.
 */
export function useStill<T>(value: T): T {
  const moves = useApp(isMoving);
  const [still, setStill] = useState(value);
  if (still !== value && !moves) setStill(() => value);
  return useDeferredValue(still);
}
