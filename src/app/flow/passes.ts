/**
 * Long passes of methods: what must be optimised before a recipe can be merged. They are made in the optimise worker, so
 * that the models worker stays free; one at a time, and always the newest recipe's.
 */
import { setMethodParam } from "#core/recipe/edit.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import type { LongPass, OpenedPass } from "#workers/protocol/pass.ts";
import type { PassCommands } from "../commands.ts";
import { hasLongPass, type Session } from "../session.ts";
import { failureOf } from "../tell.ts";
import { stillness, unlessAborted } from "./rest.ts";

/** "inside": the merge is to make the pass itself; "refused": the user has stopped it, or it has failed. */
export type Readiness = "ready" | "inside" | "refused";

export interface Passes extends PassCommands {
  /**
   * Tells whether the recipe may be merged: at once where it has no long pass or that is known, else when it has been
   * made. A pass that is being made goes on when the signal trips, until another recipe is asked about.
   *
   * @throws the signal's reason, AppError recipe/…
   */
  ready(recipe: Recipe, signal: AbortSignal): Promise<Readiness>;
  /** The merge that was told "inside" is done. */
  made(): void;
  /** Ends what is running; nothing is told any more. */
  end(): void;
}

/** The pass that is being made. */
interface Current {
  readonly key: string;
  readonly controller: AbortController;
  /** Whether it came about; never rejects. */
  readonly made: Promise<Readiness>;
}

/** Long passes count their steps in this parameter. */
const STEPS = "steps";

export function createPasses({ engine, store }: Session): Passes {
  const { putPass, addLosses, patchRuns } = store.getState();
  const quiet = new AbortController().signal;
  let current: Current | undefined;
  /** Stopped or failed: not begun again unasked. */
  let refused = "";
  /** To be made by the merge, since the user asked for it. */
  let inside = "";

  const find = (key: string) => store.getState().passes.find((pass) => pass.key === key);

  function leave(): void {
    current?.controller.abort();
    current = undefined;
  }

  async function ready(recipe: Recipe, signal: AbortSignal): Promise<Readiness> {
    const card = hasLongPass(recipe)
      ? await engine.models({ signal }, (api, job) => api.longPass(job, recipe))
      : undefined;
    const key = card?.key ?? "";
    if (current?.key !== key) leave();
    if (refused !== key) refused = "";
    store.setState({ passKey: key });
    if (!card) return "ready";
    const { steps } = card;
    if (card.isKnown) {
      putPass(key, { state: "done", steps, step: steps, progress: undefined, failure: undefined });
      return "ready";
    }
    if (inside === key) {
      putPass(key, { ...idle, state: "inside", steps, curves: {}, failure: undefined });
      return "inside";
    }
    if (refused === key) return "refused";
    if (!current) {
      putPass(key, { state: "held", steps });
      patchRuns({ phase: "waiting" });
      // Every pass that begins while a slider moves would be thrown away at its next move.
      await stillness(store, signal);
      if (refused === key) return "refused";
      current = begin(card, recipe);
    }
    patchRuns({ phase: find(key)?.state === "paused" ? "waiting" : "optimising" });
    return unlessAborted(current.made, signal);
  }

  function begin(card: LongPass, recipe: Recipe): Current {
    const controller = new AbortController();
    const made = make(card, recipe, controller.signal).then(
      (): Readiness => "ready",
      (error: unknown): Readiness => {
        if (!controller.signal.aborted) fail(card.key, error);
        return "refused";
      },
    );
    const mine = { key: card.key, controller, made };
    void made.then(() => {
      if (current === mine) current = undefined;
    });
    return mine;
  }

  async function make({ key, steps }: LongPass, recipe: Recipe, signal: AbortSignal): Promise<void> {
    putPass(key, { state: "preparing", steps, failure: undefined });
    const tell = (done: number, total: number) => {
      const progress = { done, total, at: performance.now() };
      patchRuns({ progress });
      return progress;
    };
    const opened = await engine.optimise(
      { signal, onProgress: (done, total) => putPass(key, { progress: tell(done, total) }) },
      (api, job) => api.openPass(job, recipe),
    );
    signal.throwIfAborted();
    show(key, opened);
    const made = await engine.optimise(
      {
        signal,
        onTrace: (points) => addLosses(key, points),
        onProgress: (step, total) => {
          // Events come over a port of their own: they may follow the answer that the run stands.
          if (find(key)?.state !== "running") return;
          const progress = tell(step, total);
          putPass(key, { step, progress, firstProgress: find(key)?.firstProgress ?? progress });
        },
      },
      (api, job) => api.runPass(job, recipe),
    );
    putPass(key, { ...idle, state: "done", step: steps, made });
  }

  /** What the run begins with: nothing yet, or the steps of the run that it goes on from. */
  function show(key: string, { layers, losses, bytes }: OpenedPass): void {
    const begun = { layers, bytes, step: losses.length, curves: {}, made: undefined };
    putPass(key, { ...idle, state: "running", ...begun });
    addLosses(
      key,
      losses.map((value, at) => ({ at, value })),
    );
  }

  function fail(key: string, error: unknown): void {
    refused = key;
    putPass(key, { ...idle, state: "failed", failure: failureOf(error) });
  }

  /** The run stands still after this step, or is over. */
  const standing = () => engine.optimise({ signal: quiet }, (api) => api.pausePass(true));

  /** A command of the user's; a worker that is gone is told by the pass itself. */
  function ask(command: Promise<unknown>): void {
    command.catch(() => {});
  }

  function again(): void {
    store.setState(({ passTry }) => ({ passTry: passTry + 1 }));
  }

  async function pause(key: string): Promise<void> {
    putPass(key, { ...idle, state: "pausing" });
    const step = await standing();
    if (find(key)?.state !== "pausing") return;
    putPass(key, { state: "paused", step });
    patchRuns({ phase: "waiting", progress: undefined });
  }

  async function resume(key: string): Promise<void> {
    putPass(key, { state: "running" });
    patchRuns({ phase: "optimising" });
    await engine.optimise({ signal: quiet }, (api) => api.pausePass(false));
  }

  /** A recipe of so many steps is what the run is now; the edit ends it, and the next one takes it up from there. */
  async function keep(key: string): Promise<void> {
    const step = current?.key === key ? await standing() : find(key)?.step;
    if (step === undefined || store.getState().passKey !== key) return;
    store.getState().edit((recipe) => setMethodParam(recipe, STEPS, step));
  }

  return {
    ready,
    made() {
      const { passKey } = store.getState();
      const steps = find(passKey)?.steps;
      if (steps !== undefined) putPass(passKey, { ...idle, state: "done", step: steps });
    },
    end: leave,

    pause() {
      if (current && find(current.key)?.state === "running") ask(pause(current.key));
    },
    resume() {
      if (current && find(current.key)?.state === "paused") ask(resume(current.key));
    },
    keep() {
      const { passKey } = store.getState();
      if (passKey) ask(keep(passKey));
    },
    cancel() {
      const { passKey } = store.getState();
      if (!current && find(passKey)?.state !== "held") return;
      const isRunning = current !== undefined;
      leave();
      refused = passKey;
      putPass(passKey, { ...idle, state: "stopped" });
      if (isRunning)
        ask(standing().then((step) => find(passKey)?.state === "stopped" && putPass(passKey, { step })));
    },
    again() {
      refused = "";
      again();
    },
    inside() {
      inside = store.getState().passKey;
      again();
    },
  };
}

/** Nothing goes on. */
const idle = { progress: undefined, firstProgress: undefined } as const;
