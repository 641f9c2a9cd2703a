/** Long measurements give way to what the user does: they pause while numbers on screen follow an edit. */
import type { AppState, AppStore } from "../store.ts";

/** A slider is held, or the first numbers of an edit are on their way. */
function isBusy({ isDragging, phase }: AppState): boolean {
  return isDragging || phase === "merging" || phase === "quick";
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
