/** The parts under the recipe that are no part of the first load, in the order of their tabs. */
import { type ComponentType, lazy } from "react";
import type { WorkTab } from "#app/slices/view.ts";

export const workParts: ReadonlyMap<WorkTab, ComponentType> = new Map<WorkTab, ComponentType>([
  [
    "workbench",
    lazy(async () => ({ default: (await import("../workbench/WorkbenchPanel.tsx")).WorkbenchPanel })),
  ],
  ["masks", lazy(async () => ({ default: (await import("../masks/MasksPanel.tsx")).MasksPanel }))],
  [
    "arithmetic",
    lazy(async () => ({ default: (await import("../arithmetic/ArithmeticPanel.tsx")).ArithmeticPanel })),
  ],
]);
