/** What is stored, as components read it: leaves of the store only. */
import { type AppState, useApp } from "#app/store.ts";

/** Storing, and reading what is stored, takes no longer; only then a thing is said not to be. Milliseconds. */
export const STORING_MS = 2000;

/** Bytes of everything that is stored, unfinished trainings among them; undefined until it is known. */
export function useStoredBytes(): number | undefined {
  return useApp(({ kept, savedRuns }) => {
    if (!kept.things) return undefined;
    return [...kept.things, ...savedRuns].reduce((sum, { bytes }) => sum + bytes, 0);
  });
}

/** Whether a trained expert of the open base lies in the storage; undefined until it is known. */
export function isExpertStored({ kept, library }: AppState, id: string): boolean | undefined {
  return kept.things?.some(
    (thing) => thing.kind === "expert" && thing.expert === id && thing.base === library?.base.id,
  );
}

/** Whether evidence lies in the storage; undefined until it is known. */
export function isEvidenceStored({ kept }: AppState, id: string): boolean | undefined {
  return kept.things?.some((thing) => thing.kind === "evidence" && thing.id === id);
}
