import type { Context } from "../context.ts";

/** Longest time between two breaths, in milliseconds: half a frame, so that a cancel is heard at once and breathing costs nothing. */
const BREATH = 8;

/** A context whose `breathe` and `progress` may be called as often as one likes: both pass on at most every 8 ms. */
export function paced(context: Context, now: () => number): Context {
  let last = now();
  let told = last;
  return {
    signal: context.signal,
    async breathe() {
      context.signal.throwIfAborted();
      if (now() - last < BREATH) return;
      await context.breathe();
      last = now();
      context.signal.throwIfAborted();
    },
    progress(done, total) {
      if (now() - told < BREATH) return;
      told = now();
      context.progress(done, total);
    },
  };
}
