/** Japanese words that are many: fetched when somebody first reads Japanese. */
import { useSyncExternalStore } from "react";
import { useApp } from "#app/store.ts";

/** A hook that gives what `load` brings: undefined in English, and until it is there. */
export function lazyJapanese<T>(load: () => Promise<T>): () => T | undefined {
  let loaded: T | undefined;
  let isAsked = false;
  const listeners = new Set<() => void>();
  const follow = (listener: () => void) => {
    listeners.add(listener);
    if (!isAsked) {
      isAsked = true;
      void load().then((words) => {
        loaded = words;
        for (const tell of listeners) tell();
      });
    }
    return () => listeners.delete(listener);
  };
  const followNothing = () => () => undefined;
  return () => {
    const isJapanese = useApp((state) => state.language === "ja");
    return useSyncExternalStore(isJapanese ? follow : followNothing, () => (isJapanese ? loaded : undefined));
  };
}
