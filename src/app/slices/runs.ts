import type { StateCreator } from "zustand/vanilla";
import type { Flip, HardOptions, PairedComparison, Proportion, RetentionReport } from "#core/eval/report.ts";
import type { MergeSummary, TensorStats } from "#core/summary.ts";
import type { AppState } from "../store.ts";

/**
 * What the engine is doing for the recipe on screen; "waiting" for the user: for evidence that has not been measured, or
 * an optimisation that stands still.
 */
export type Phase =
  | "starting"
  | "optimising"
  | "merging"
  | "quick"
  | "settling"
  | "settled"
  | "waiting"
  | "failed";

/** Accuracy of one expert on its own task, by stop step. */
export interface Trajectory {
  readonly own: Readonly<Record<number, Proportion>>;
}

/** The current recipe with all experts at one step, per task. */
export interface StepProbe {
  readonly step: number;
  readonly tasks: Readonly<Record<string, Proportion>>;
}

/** A quick evaluation of the recipe at another λ. */
export interface LambdaProbe {
  readonly lambda: number;
  /** Mean accuracy over tasks, quick subset. */
  readonly mean: number;
}

export interface RunsSlice {
  readonly phase: Phase;
  readonly progress: { readonly done: number; readonly total: number } | undefined;
  readonly engine: { readonly threads: number; readonly isolated: boolean } | undefined;
  readonly memory: { readonly models: number; readonly eval: number; readonly optimise: number };
  /** Edit → first numbers, last measured, in milliseconds. */
  readonly latency: number | undefined;
  readonly summary: MergeSummary | undefined;
  readonly stats: Readonly<Record<string, TensorStats>>;
  /** Newest report per recipe key; a full one replaces a quick one. */
  readonly reports: Readonly<Record<string, RetentionReport>>;
  /** Key of the report on screen: the newest that arrived for the recipe, or the last one until it does. */
  readonly shownKey: string;
  /** By expert id; measured once. */
  readonly trajectories: Readonly<Record<string, Trajectory>>;
  readonly stepProbes: { readonly key: string; readonly points: readonly StepProbe[] };
  readonly lambdaProbes: { readonly key: string; readonly points: readonly LambdaProbe[] };
  /** Against the pinned recipe, or against the recipe before the last edit when none is pinned. */
  readonly comparison:
    | { readonly key: string; readonly other: string; readonly tasks: readonly PairedComparison[] }
    | undefined;
  /** Against the simple average of the same experts at the same steps; never for one model per task. */
  readonly againstAverage: { readonly key: string; readonly tasks: readonly PairedComparison[] } | undefined;
  readonly flips:
    | { readonly key: string; readonly other: string; readonly list: readonly Flip[] }
    | undefined;

  /** The recipe on the test split, once the user asked for it; never used to choose anything. */
  readonly testReport: RetentionReport | undefined;

  setPhase(phase: Phase): void;
  patchRuns(patch: Partial<RunsSlice>): void;
  putReport(report: RetentionReport): void;
  putStats(stats: readonly TensorStats[]): void;
}

function isSameHard(a: HardOptions, b: HardOptions): boolean {
  return a.kind === b.kind && a.fraction === b.fraction && a.lateStep === b.lateStep;
}

/** Reports kept; the oldest go first, never the shown or pinned one. */
const MAX_REPORTS = 200;

export const createRunsSlice: StateCreator<AppState, [], [], RunsSlice> = (set) => ({
  phase: "starting",
  progress: undefined,
  engine: undefined,
  memory: { models: 0, eval: 0, optimise: 0 },
  latency: undefined,
  summary: undefined,
  stats: {},
  reports: {},
  shownKey: "",
  trajectories: {},
  stepProbes: { key: "", points: [] },
  lambdaProbes: { key: "", points: [] },
  comparison: undefined,
  againstAverage: undefined,
  flips: undefined,
  testReport: undefined,

  setPhase: (phase) => set({ phase }),
  patchRuns: (patch) => set(patch),
  putReport: (report) =>
    set(({ reports, recipeKey, shownKey, pinned }) => {
      const { [report.recipeKey]: known, ...others } = reports;
      // Settled numbers stay on screen when the quick ones of the same recipe come by again.
      if (known?.subset === "full" && report.subset === "quick" && isSameHard(known.hard, report.hard)) {
        return recipeKey === report.recipeKey ? { shownKey: recipeKey } : {};
      }
      const kept = Object.entries(others);
      const surplus = kept.length + 1 - MAX_REPORTS;
      const stay =
        surplus > 0
          ? kept.filter(([key], i) => i >= surplus || key === shownKey || key === pinned?.key)
          : kept;
      return {
        reports: { ...Object.fromEntries(stay), [report.recipeKey]: report },
        shownKey: recipeKey === report.recipeKey ? recipeKey : shownKey,
      };
    }),
  putStats: (stats) => set({ stats: Object.fromEntries(stats.map((row) => [row.name, row])) }),
});
