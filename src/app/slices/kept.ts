import type { StateCreator } from "zustand/vanilla";
import type { KeptThing } from "#workers/protocol/kept.ts";
import type { AppState } from "../store.ts";
import type { Failure } from "./work.ts";

/** What the browser's private storage holds of what was made here. */
export interface Kept {
  /** Undefined until it has been read. Oldest first. */
  readonly things: readonly KeptThing[] | undefined;
  /** Names of files of the open base that could not be brought back. */
  readonly damaged: readonly string[];
  /** Whether the browser has agreed not to delete it by itself; "refused" when it was asked in this visit. */
  readonly persistence: "kept" | "refused" | "unasked";
  /** Bytes that the browser gives the page at most, where it says so. */
  readonly quota: number | undefined;
  /** Why storage cannot be used, or took the last thing no more. */
  readonly failure: Failure | undefined;
}

export interface KeptSlice {
  /** Whether what is made from now on outlives the page: the user's wish, remembered. */
  readonly isKeeping: boolean;
  readonly kept: Kept;
  patchKept(patch: Partial<Kept>): void;
}

export const createKeptSlice: StateCreator<AppState, [], [], KeptSlice> = (set) => ({
  isKeeping: true,
  kept: { things: undefined, damaged: [], persistence: "unasked", quota: undefined, failure: undefined },
  patchKept: (patch) => set(({ kept }) => ({ kept: { ...kept, ...patch } })),
});
