/** Gradient work stands still while the user edits: what they wait for would take twice as long beside it. */
import type { Session } from "../session.ts";
import type { AppState } from "../store.ts";

/** Follows the store from now on; returns a function that ends it. */
export function holdWhileEditing({ engine, store }: Session): () => void {
  const { signal } = new AbortController();
  return store.subscribe(isHeld, (held) => {
    // A worker that is gone needs no word of it.
    engine.optimise({ signal }, (api) => api.hold(held)).catch(() => {});
  });
}

function isHeld({ isDragging, phase, work }: AppState): boolean {
  const isEdited = isDragging || phase === "optimising" || phase === "merging" || phase === "quick";
  return isEdited && work.some(({ state }) => state === "running" || state === "pausing");
}
