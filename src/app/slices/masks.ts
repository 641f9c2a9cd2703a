import type { StateCreator } from "zustand/vanilla";
import type { Proportion, Subset } from "#core/eval/report.ts";
import type { ExpertId } from "#core/recipe/schema.ts";
import type { MaskSummary } from "#core/summary.ts";
import type { AppState } from "../store.ts";
import type { Failure } from "./work.ts";

/** Accuracy of the base with one region grafted in, on the region's own task. */
export interface Grafted {
  readonly accuracy: Proportion;
  readonly subset: Subset;
}

/** What is being measured of regions, or was last. */
export interface GraftRun {
  /** Every region beside its controls, or one expert's gain by density. */
  readonly of: { readonly kind: "regions" } | { readonly kind: "curve"; readonly expert: ExpertId };
  readonly state: "running" | "done" | "stopped" | "failed";
  readonly progress: { readonly done: number; readonly total: number };
  readonly failure: Failure | undefined;
}

export interface MasksSlice {
  /** Somebody looks at the regions: they are counted for every recipe that comes to rest. */
  readonly areMasksWanted: boolean;
  /** Key of the recipe's regions (regionsOnly) and what they hold, or why that is not known. */
  readonly masks:
    | {
        readonly key: string;
        readonly summary: MaskSummary | undefined;
        readonly failure: Failure | undefined;
      }
    | undefined;
  /** By graft key; a whole split replaces the quick subset. */
  readonly grafted: Readonly<Record<string, Grafted>>;
  readonly graftRun: GraftRun | undefined;
  patchMasks(patch: Partial<Pick<MasksSlice, "areMasksWanted" | "masks" | "graftRun">>): void;
  putGrafted(key: string, grafted: Grafted): void;
}

/** Grafts remembered; the oldest go first. */
const MAX_GRAFTED = 2000;

export const createMasksSlice: StateCreator<AppState, [], [], MasksSlice> = (set) => ({
  areMasksWanted: false,
  masks: undefined,
  grafted: {},
  graftRun: undefined,
  patchMasks: (patch) => set(patch),
  putGrafted: (key, one) =>
    set(({ grafted }) => {
      const { [key]: _, ...others } = grafted;
      const kept = Object.entries(others).slice(1 - MAX_GRAFTED);
      return { grafted: { ...Object.fromEntries(kept), [key]: one } };
    }),
});
