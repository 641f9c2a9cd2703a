/** Questions about the selected tensors, answered in constant time per list. */

const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

export function isSelected(selection: readonly string[], name: string): boolean {
  let set = sets.get(selection);
  if (!set) {
    set = new Set(selection);
    sets.set(selection, set);
  }
  return set.has(name);
}

/** How a click or key changes a selection. */
export type SelectHow = "replace" | "add" | "toggle" | "range";

/** Plain replaces, Ctrl or ⌘ toggles, Shift takes the range; a finger, which has no keys, toggles. */
export function selectHow(event: {
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly pointerType?: string;
}): SelectHow {
  if (event.shiftKey) return "range";
  return event.ctrlKey || event.metaKey || event.pointerType === "touch" ? "toggle" : "replace";
}
