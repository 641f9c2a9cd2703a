/**
 * What was made here outlives the page: it comes back when its base is opened, and the store knows what is kept. Where
 * the browser has no storage, the app goes on and says so.
 */
import { isAppError } from "#core/errors.ts";
import type { StorageCommands } from "../commands.ts";
import type { Session } from "../session.ts";
import type { Failure } from "../slices/work.ts";
import type { AppStore } from "../store.ts";
import { failureOf, tell } from "../tell.ts";

export interface KeptFlow extends StorageCommands {
  /** Something was stored or deleted, or could not be. */
  heard(failure: Failure | undefined): void;
  /** The session is over. */
  end(): void;
}

/** A training may store several files a second. Milliseconds. */
const GATHER_MS = 300;

/** Whose browser has been asked in this visit not to delete anything. */
const asked = new WeakSet<AppStore>();

export function createKept(session: Session): KeptFlow {
  const { engine, store } = session;
  const life = new AbortController();
  const { signal } = life;
  const { notify, patchKept } = store.getState();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isTold = false;
  let hasChanged = false;

  const told = (done: Promise<void>) =>
    void done.catch((error: unknown) => {
      // A crash is told by whoever starts the next engine.
      if (!isCrash(error)) tell(store, error);
    });

  async function read(): Promise<void> {
    try {
      const things = await engine.models({ signal }, (api) => api.kept());
      const { quota } = await navigator.storage.estimate();
      patchKept({ things, quota });
      if (await navigator.storage.persisted()) patchKept({ persistence: "kept" });
      if (hasChanged && things.length > 0) await persistOnce();
    } catch (error) {
      if (isStorage(error)) patchKept({ things: [], failure: failureOf(error) });
      else if (!isCrash(error)) tell(store, error);
    }
  }

  function refresh(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void read(), GATHER_MS);
  }

  async function persist(): Promise<void> {
    asked.add(store);
    patchKept({ persistence: (await navigator.storage.persist()) ? "kept" : "refused" });
  }

  /** Once a visit, when the first thing has been stored: some browsers ask the user. */
  async function persistOnce(): Promise<void> {
    if (!asked.has(store) && store.getState().kept.persistence !== "kept") await persist();
  }

  async function clear(): Promise<void> {
    await engine.models({ signal }, (api) => api.clearKept());
    const { work, patchWork, setSavedRuns } = store.getState();
    setSavedRuns([]);
    for (const { id, state } of work) if (state === "paused") patchWork(id, { state: "cancelled" });
  }

  refresh();

  return {
    heard(failure) {
      if (failure && !isTold) notify({ kind: "error", ...failure, message: `${failure.message} ${UNKEPT}` });
      isTold = failure !== undefined;
      patchKept({ failure });
      hasChanged ||= failure === undefined;
      refresh();
    },
    refresh,
    remove: (keys) => told(engine.models({ signal }, (api) => api.removeKept(keys))),
    clear: () => told(clear()),
    setKeeping(isKeeping) {
      store.setState({ isKeeping });
      told(engine.models({ signal }, (api) => api.setKeeping(isKeeping)));
    },
    persist: () => told(persist()),
    end() {
      clearTimeout(timer);
      life.abort();
    },
  };
}

/** Brings back what was kept of the open base. @throws AppError worker/crashed */
export async function bringBack({ engine, store }: Session): Promise<void> {
  const { signal } = new AbortController();
  const { isKeeping, putExpert, putEvidence, patchKept, notify } = store.getState();
  try {
    await engine.models({ signal }, (api) => api.setKeeping(isKeeping));
    const { experts, evidence, damaged } = await engine.models({ signal }, (api) => api.restore());
    for (const expert of experts) putExpert(expert);
    putEvidence(evidence);
    patchKept({ damaged, failure: undefined });
    if (damaged.length > 0) notify({ kind: "error", code: "kept/damaged", message: DAMAGED });
  } catch (error) {
    if (!isStorage(error)) throw error;
    // Whoever makes something is told; until then there is nothing to lose.
    patchKept({ failure: failureOf(error) });
  }
}

const UNKEPT = "What is made meanwhile lasts until this page is closed.";
const DAMAGED =
  "Files in the browser’s storage are not as they were written, and were left out. Make what is missing again; the storage’s list can delete them.";

function isCrash(error: unknown): boolean {
  return isAppError(error) && error.code === "worker/crashed";
}

function isStorage(error: unknown): boolean {
  return isAppError(error) && error.code.startsWith("storage/");
}
