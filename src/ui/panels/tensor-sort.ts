import type { SortKey } from "#app/slices/view.ts";

/** The sort after a click on a column: ascending, descending, depth. */
export function nextSort(
  current: { readonly key: SortKey; readonly descending: boolean },
  key: SortKey,
  isSameColumn: boolean,
): { readonly key: SortKey; readonly descending: boolean } {
  if (current.key !== key || !isSameColumn) return { key, descending: false };
  return current.descending ? { key: "depth", descending: false } : { key, descending: true };
}
