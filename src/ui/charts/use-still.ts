import { useState } from "react";
import { useApp } from "#app/store.ts";

/** A value that waits while a slider is held: for charts that take longer to draw than a frame. */
export function useStill<T>(value: T): T {
  const isDragging = useApp((state) => state.isDragging);
  const [still, setStill] = useState(value);
  if (still !== value && !isDragging) setStill(() => value);
  return still;
}
