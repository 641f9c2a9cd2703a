import { isQuick, isStale } from "#app/selectors.ts";
import type { AppState } from "#app/store.ts";

/** True while the numbers on screen are an older recipe's or come from the quick subset: hollow marks, tildes. */
export function isTentative(state: AppState): boolean {
  return isStale(state) || isQuick(state);
}
