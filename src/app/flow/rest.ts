/** Long measurements give way to what the user does: they pause while numbers on screen follow an edit. */
import type { AppState, AppStore } from "../store.ts";

/** A slider is held, or the first numbers of an edit are on their way. */
function isBusy({ isDragging, phase }: AppState): boolean {
  return isDragging || phase === "merging" || phase === "quick" || phase === "optimising";
}

/** An edit that comes within this time is part of the same thought. */
const STILL_MS = 300;

/** Resolves when no slider is held and nothing has moved for a while. @throws the signal's reason, at once */
export async function stillness(store: AppStore, signal: AbortSignal): Promise<void> {
  do await pause(STILL_MS, signal);
  while (store.getState().isDragging);
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}

/** The promise's outcome, or the signal's reason as soon as it is tripped; what was waited for goes on unheard. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const end = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true, signal: end.signal });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    end.abort();
  }
}

/** Resolves when the page is at rest. @throws the signal's reason */
export function untilRest(store: AppStore, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    if (!isBusy(store.getState())) return resolve();
    const end = (settle: () => void) => {
      unsubscribe();
      signal.removeEventListener("abort", stop);
      settle();
    };
    const stop = () => end(() => reject(signal.reason));
    const unsubscribe = store.subscribe(isBusy, (busy) => {
      if (!busy) end(resolve);
    });
    signal.addEventListener("abort", stop, { once: true });
  });
}

/**
 * Works while the page is at rest. An edit trips the work's signal, and it is begun anew at the next rest, as often as it
 * takes; what the workers know already they do not compute again.
 *
 * @throws the signal's reason, what the work throws
 */
export async function whileResting<T>(
  store: AppStore,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  for (;;) {
    await untilRest(store, signal);
    const turn = new AbortController();
    const unsubscribe = store.subscribe(isBusy, (busy) => {
      if (busy) turn.abort();
    });
    try {
      return await work(AbortSignal.any([signal, turn.signal]));
    } catch (error) {
      signal.throwIfAborted();
      if (!turn.signal.aborted) throw error;
    } finally {
      unsubscribe();
    }
  }
}
