import type { StateCreator } from "zustand/vanilla";
import type { DeltaReport } from "#core/doge/run.ts";
import type { OpenedPass } from "#workers/protocol/pass.ts";
import type { AppState } from "../store.ts";
import { type Curves, withPoints } from "./traces.ts";
import type { Failure, Progress } from "./work.ts";

/**
 * How a method's long pass stands. "held": it begins when the slider is let go; "preparing": task vectors are fetched and
 * taken apart; "stopped": by the user; "inside": the merge makes it itself, in the models worker.
 */
export type PassState =
  | "held"
  | "preparing"
  | "running"
  | "pausing"
  | "paused"
  | "stopped"
  | "failed"
  | "inside"
  | "done";

/** The long pass of a recipe: what must be optimised before it can be merged. */
export interface Pass {
  /** What it depends on; equal keys, equal results. */
  readonly key: string;
  readonly state: PassState;
  /** Steps wanted. */
  readonly steps: number;
  /** Steps taken. */
  readonly step: number;
  /** Known once the subspaces are; what was made outside this page's sight has none. */
  readonly layers: OpenedPass["layers"] | undefined;
  /** How large the modifications came out, by layer, and how far inside; known once the pass is done here. */
  readonly made: readonly DeltaReport[] | undefined;
  /** "loss": before each step. */
  readonly curves: Curves;
  /** Held by the optimise worker; 0 until that is known. */
  readonly bytes: number;
  /** In steps, or in tensors while preparing. */
  readonly progress: Progress | undefined;
  /** The first since it last began to step: what was done in how long gives the time left. */
  readonly firstProgress: Progress | undefined;
  readonly failure: Failure | undefined;
}

export interface PassSlice {
  /** Newest last. */
  readonly passes: readonly Pass[];
  /** Of the recipe on screen; "" where it has none. */
  readonly passKey: string;
  /** Counts what the user asked for again after it was stopped or had failed. */
  readonly passTry: number;

  /** Changes a pass, or adds it in its first state. */
  putPass(key: string, patch: Partial<Omit<Pass, "key">>): void;
  addLosses(key: string, losses: readonly { readonly at: number; readonly value: number }[]): void;
}

/** Passes kept, for going back and forth between recipes. */
const MAX_PASSES = 8;

const fresh: Omit<Pass, "key"> = {
  state: "preparing",
  steps: 0,
  step: 0,
  layers: undefined,
  made: undefined,
  curves: {},
  bytes: 0,
  progress: undefined,
  firstProgress: undefined,
  failure: undefined,
};

export const createPassSlice: StateCreator<AppState, [], [], PassSlice> = (set) => ({
  passes: [],
  passKey: "",
  passTry: 0,

  putPass: (key, patch) =>
    set(({ passes }) => {
      const known = passes.find((pass) => pass.key === key);
      const next = { ...(known ?? { ...fresh, key }), ...patch };
      return {
        passes: known
          ? passes.map((pass) => (pass === known ? next : pass))
          : [...passes, next].slice(-MAX_PASSES),
      };
    }),
  addLosses: (key, losses) =>
    set(({ passes }) => ({
      passes: passes.map((pass) =>
        pass.key === key
          ? {
              ...pass,
              curves: withPoints(
                pass.curves,
                losses.map((point) => ({ curve: "loss", ...point })),
              ),
            }
          : pass,
      ),
    })),
});

/** The pass of the recipe on screen, if it has one. */
export function shownPass({ passes, passKey }: Pick<AppState, "passes" | "passKey">): Pass | undefined {
  return passKey === "" ? undefined : passes.find(({ key }) => key === passKey);
}
