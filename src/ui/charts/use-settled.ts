import { useDeferredValue, useState } from "react";
import { useApp } from "#app/store.ts";
import type { RetentionReport } from "#core/eval/report.ts";

/**
 * The newest report that a slow chart may draw: whole splits only, and none while a slider is held. The first report
 * is taken whatever it is, so that the chart is not empty. What is taken is drawn in pieces between frames.
 */
export function useSettled(report: RetentionReport): RetentionReport {
  const isDragging = useApp((state) => state.isDragging);
  const [settled, setSettled] = useState(report);
  const isBetter = report.subset === "full" || settled.subset !== "full" || report.split !== settled.split;
  if (report !== settled && isBetter && !isDragging) setSettled(report);
  return useDeferredValue(settled);
}
