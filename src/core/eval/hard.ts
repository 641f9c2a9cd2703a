/**
 * Which examples count as hard.
 *
 * EL2N is the length of the error vector early in training (arXiv:2107.07075); a high score marks an example that is
 * learned late or only by heart. Ranks are taken over the *whole* split, so that an example is hard or not whatever
 * part of the split has been evaluated so far.
 */
import type { HardOptions } from "./report.ts";

/** How hard the examples of one whole split of one task are. */
export interface Difficulty {
  /** 0…√2. */
  readonly el2n: Float32Array;
  /** First checkpoint step from which the expert is right to the end; NEVER when it never is. */
  readonly learned: Uint16Array;
}

/** `learned` of an example that the expert's last checkpoint gets wrong. */
export const NEVER = 65535;

/** Splits of at least this many examples are shown in deciles, smaller ones in halves. */
const DECILES_FROM = 1000;

/** Returns each row's place from the hardest (0) to the easiest; equal scores rank the lower row harder. */
export function placesFromHardest({ el2n }: Difficulty): Uint32Array {
  const order = Uint32Array.from(el2n, (_, row) => row).sort((a, b) => el2n[b] - el2n[a] || a - b);
  const places = new Uint32Array(order.length);
  for (const [place, row] of order.entries()) places[row] = place;
  return places;
}

/** Marks hard rows with 1: the top fraction by EL2N (at least one row), or those learned at `lateStep` or later. */
export function hardMask(difficulty: Difficulty, places: Uint32Array, options: HardOptions): Uint8Array {
  const n = places.length;
  switch (options.kind) {
    case "el2n": {
      const count = Math.max(1, Math.floor(options.fraction * n));
      return Uint8Array.from(places, (place) => (place < count ? 1 : 0));
    }
    case "late":
      return Uint8Array.from(difficulty.learned, (step) => (step >= options.lateStep ? 1 : 0));
    default:
      return options.kind satisfies never;
  }
}

/** Marks the easier half by EL2N with 1; the middle row of an odd number belongs to the harder half. */
export function easyMask(places: Uint32Array): Uint8Array {
  const hardHalf = Math.ceil(places.length / 2);
  return Uint8Array.from(places, (place) => (place >= hardHalf ? 1 : 0));
}

/** Returns how many equal-count bins of difficulty a report over n examples may show: 10, or 2 below 1,000. */
export function binCount(n: number): number {
  return n >= DECILES_FROM ? 10 : 2;
}

/** Returns each row's bin, 0 the easiest, `bins` bins of equal count over the whole split. */
export function binOfRow(places: Uint32Array, bins: number): Uint8Array {
  const n = places.length;
  return Uint8Array.from(places, (place) => Math.floor(((n - 1 - place) * bins) / n));
}
