/** What ranks of an adapter keep, as the save dialog offers them. `kept` = share of the energy at rank 1, 2, …, 0…1. */

/** Shares that have a button of their own. */
const LEVELS = [0.8, 0.9, 0.95, 0.99] as const;
/** What is suggested first. */
const FIRST = 0.95;

/** Share kept at a rank; beyond the last rank nothing is gained. */
export function shareAt(kept: readonly number[], rank: number): number {
  return kept[Math.min(rank, kept.length) - 1] ?? 0;
}

/** The lowest rank that keeps at least so much; the last one where none does. */
export function rankFor(kept: readonly number[], share: number): number {
  const found = kept.findIndex((one) => one >= share);
  return found < 0 ? Math.max(1, kept.length) : found + 1;
}

/** The rank that the slider begins at. */
export function firstRankOf(kept: readonly number[]): number {
  return rankFor(kept, FIRST);
}

/** Shares that can be reached, each with its lowest rank. */
export function levels(
  kept: readonly number[],
): readonly { readonly share: number; readonly rank: number }[] {
  const reached = kept.at(-1) ?? 0;
  return LEVELS.filter((share) => share <= reached).map((share) => ({ share, rank: rankFor(kept, share) }));
}
