/** How the page is laid out: panes beside each other, results under the recipe, or one tab at a time. */
import { useSyncExternalStore } from "react";

export type LayoutMode = "wide" | "medium" | "narrow";

const wide = "(min-width: 1100px)";
const narrow = "(max-width: 699.98px)";

/** The layout that the window's width asks for; the components change only when it crosses a limit. */
export function useLayoutMode(): LayoutMode {
  return useSyncExternalStore(subscribe, read);
}

function read(): LayoutMode {
  if (matchMedia(wide).matches) return "wide";
  return matchMedia(narrow).matches ? "narrow" : "medium";
}

function subscribe(onChange: () => void): () => void {
  const queries = [matchMedia(wide), matchMedia(narrow)];
  for (const query of queries) query.addEventListener("change", onChange);
  return () => {
    for (const query of queries) query.removeEventListener("change", onChange);
  };
}

/** Sizes of panes between visits; a full or forbidden storage only costs the memory. */
export const paneStorage = {
  getItem(key: string): string | null {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  setItem(key: string, value: string): void {
    try {
      localStorage.setItem(key, value);
    } catch {
      // Nothing is lost but the sizes.
    }
  },
};
