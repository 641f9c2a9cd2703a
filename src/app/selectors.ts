/** Pure reads of the state that several parts of the page share. Each returns a leaf that is stable between changes. */
import type { RetentionReport } from "#core/eval/report.ts";
import type { ExpertCard } from "#core/summary.ts";
import type { AppState } from "./store.ts";

/** The report that the charts draw: the recipe's own, or the last one known while the recipe's is on its way. */
export function shownReport(state: AppState): RetentionReport | undefined {
  return state.reports[state.recipeKey] ?? state.reports[state.shownKey];
}

/** True while the charts draw an older recipe's numbers. */
export function isStale(state: AppState): boolean {
  return state.reports[state.recipeKey] === undefined;
}

/** True while numbers come from the quick subset: hollow marks and a tilde. */
export function isQuick(state: AppState): boolean {
  return shownReport(state)?.subset !== "full";
}

export function pinnedReport(state: AppState): RetentionReport | undefined {
  return state.pinned && state.pinned.key !== state.recipeKey ? state.reports[state.pinned.key] : undefined;
}

export function expertCard(state: AppState, id: string): ExpertCard | undefined {
  return state.library?.experts.find((expert) => expert.id === id);
}
