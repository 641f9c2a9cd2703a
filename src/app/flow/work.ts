/**
 * The queue of work that takes gradients: one job at a time, live merging goes on beside it. Everything about a job is
 * in the store; a training that is paused, or cut off by a reload or a crash, goes on from its saved run.
 */
import type { JobId } from "#workers/protocol/api.ts";
import type { SavedRun, WorkOutcome, WorkRequest } from "#workers/protocol/optimise.ts";
import { isAbort } from "../bridge/engine.ts";
import type { Session } from "../session.ts";
import { isOver, type Work, type WorkId } from "../slices/work.ts";
import { failureOf } from "../tell.ts";
import { adopt } from "./adopt-outcome.ts";
import { titleOf } from "./requests.ts";

export interface WorkQueue {
  /** Puts a request at the end of the queue. */
  start(request: WorkRequest): WorkId;
  /** Asks a running training to save itself and stop; takes a queued job back. */
  pause(id: WorkId): void;
  /** Goes on with a saved run: in its own entry, or in a new one after a reload. */
  resume(run: string): void;
  /** Stops a job for good, with what it has saved; experts that are in the library stay. */
  cancel(id: WorkId): void;
  /** Takes a job that is over off the list. */
  dismiss(id: WorkId): void;
  /** Deletes a saved run. */
  forget(run: string): Promise<void>;
  /** Reads the saved runs from storage. */
  refresh(): Promise<void>;
  /** The engine is gone: what ran has failed, what is queued waits for the next queue. */
  stop(): void;
}

interface Current {
  readonly id: WorkId;
  readonly controller: AbortController;
  job: JobId | undefined;
}

/** Starts working off the queue in the store. `onFailure` gets whatever is not an abort, with the job's title. */
export function createWorkQueue(
  session: Session,
  onFailure: (error: unknown, title: string) => void,
): WorkQueue {
  const { engine, store } = session;
  const { addWork, patchWork, addPoints, removeWork, setSavedRuns, putExpert } = store.getState();
  let current: Current | undefined;
  let isStopped = false;

  const find = (id: WorkId) => store.getState().work.find((one) => one.id === id);

  async function next(): Promise<void> {
    if (current || isStopped) return;
    const work = store.getState().work.find(({ state }) => state === "queued");
    if (!work) return;
    const mine: Current = { id: work.id, controller: new AbortController(), job: undefined };
    current = mine;
    patchWork(work.id, {
      state: "running",
      startedAt: performance.now(),
      progress: undefined,
      firstProgress: undefined,
      curves: {},
    });
    try {
      settle(work, await run(work, mine));
    } catch (error) {
      fail(work, error);
    } finally {
      current = undefined;
      await refresh();
      void next();
    }
  }

  function run({ id, title, request, run: saved }: Work, mine: Current): Promise<WorkOutcome> {
    const options = {
      signal: mine.controller.signal,
      onProgress(done: number, total: number) {
        const progress = { done, total, at: performance.now() };
        patchWork(id, { progress, firstProgress: find(id)?.firstProgress ?? progress });
      },
      onTrace: (points: Parameters<typeof addPoints>[1]) => addPoints(id, points),
      onExpert: putExpert,
      onUnsaved: ({ code, message }: { readonly code: string; readonly message: string }) =>
        store.getState().notify({ kind: "error", code, message, subject: title }),
      onJob: (job: JobId) => {
        mine.job = job;
      },
    };
    return engine.optimise(
      options,
      async (api, job): Promise<WorkOutcome> =>
        saved === undefined ? await api.start(job, request) : await api.resume(job, saved),
    );
  }

  function settle(work: Work, outcome: WorkOutcome): void {
    const over = { outcome, endedAt: performance.now(), failure: undefined };
    if (outcome.kind === "paused") patchWork(work.id, { ...over, state: "paused", run: outcome.run.id });
    else patchWork(work.id, { ...over, state: "done" });
    adopt(store, outcome);
  }

  function fail({ id, title }: Work, error: unknown): void {
    const endedAt = performance.now();
    if (isAbort(error)) {
      patchWork(id, { state: "cancelled", endedAt });
    } else {
      patchWork(id, { state: "failed", endedAt, failure: failureOf(error) });
      // Why the engine has gone is told by whoever noticed, or asked for another family.
      if (!isStopped) onFailure(error, title);
    }
  }

  async function refresh(): Promise<void> {
    if (isStopped) return;
    const { signal } = new AbortController();
    try {
      const runs = await engine.models({ signal }, (api) => api.savedRuns());
      const { work } = store.getState();
      setSavedRuns(
        runs.filter(({ id, isRunning }) => !isRunning && !work.some((one) => one.run === id && !isOver(one))),
      );
    } catch {
      // Without storage nothing was saved; whoever wants to save is told why it cannot.
      setSavedRuns([]);
    }
  }

  async function forget(run: string): Promise<void> {
    const { signal } = new AbortController();
    const entry = store.getState().work.find((one) => one.run === run && one.state === "paused");
    try {
      await engine.models({ signal }, (api) => api.forgetRun(run));
      if (entry) removeWork(entry.id);
    } catch (error) {
      onFailure(error, entry?.title ?? "");
    }
    await refresh();
  }

  function enqueue(request: WorkRequest, saved?: SavedRun): WorkId {
    const id = addWork({ title: titleOf(request, store.getState().library), request, run: saved?.id });
    void next();
    return id;
  }

  void refresh();
  void next();

  return {
    start: (request) => enqueue(request),

    pause(id) {
      const job = current?.id === id ? current.job : undefined;
      if (job === undefined) {
        if (find(id)?.state === "queued") removeWork(id);
        return;
      }
      patchWork(id, { state: "pausing" });
      const { signal } = new AbortController();
      engine.optimise({ signal }, (api) => api.pause(job)).catch((error) => onFailure(error, ""));
    },

    resume(run) {
      const { work, savedRuns } = store.getState();
      const entry = work.find((one) => one.run === run && one.state === "paused");
      const saved = savedRuns.find(({ id }) => id === run);
      if (entry) {
        patchWork(entry.id, { state: "queued", outcome: undefined, endedAt: undefined });
        void next();
      } else if (saved) {
        setSavedRuns(savedRuns.filter((other) => other !== saved));
        enqueue(saved.request, saved);
      }
    },

    cancel(id) {
      if (current?.id === id) {
        current.controller.abort();
        return;
      }
      const work = find(id);
      if (work?.state !== "queued" && work?.state !== "paused") return;
      patchWork(id, { state: "cancelled", endedAt: performance.now() });
      if (work.run !== undefined) void forget(work.run);
    },

    dismiss(id) {
      if (current?.id !== id) removeWork(id);
    },

    forget,
    refresh,

    stop() {
      isStopped = true;
    },
  };
}
