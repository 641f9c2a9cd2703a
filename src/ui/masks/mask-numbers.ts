/** What the counts of regions say, and what random regions of the same sizes would. */
import type { Estimate, Proportion } from "#core/eval/report.ts";
import type { MaskShare, MaskSummary } from "#core/summary.ts";

/** Share of a part's entries that each expert's region holds, 0…1. */
export function densities({ entries, kept }: Pick<MaskShare, "entries" | "kept">): readonly number[] {
  return kept.map((count) => (entries === 0 ? 0 : count / entries));
}

/** All parts as one. */
export function wholeOf({ tensors, experts }: MaskSummary): MaskShare {
  return {
    name: "",
    entries: tensors.reduce((sum, { entries }) => sum + entries, 0),
    kept: experts.map((_, k) => tensors.reduce((sum, { kept }) => sum + (kept[k] ?? 0), 0)),
  };
}

/** Chances that a weight is in 0, 1, … regions drawn independently with these densities. */
export function expectedOverlap(shares: readonly number[]): readonly number[] {
  let chances = [1];
  for (const share of shares) {
    const next = [...chances, 0].map(
      (chance, times) => chance * (1 - share) + (chances[times - 1] ?? 0) * share,
    );
    chances = next;
  }
  return chances;
}

/** Jaccard index of two independent random regions, in expectation; 0 for two empty ones. */
export function expectedJaccard(a: number, b: number): number {
  const either = a + b - a * b;
  return either === 0 ? 0 : (a * b) / either;
}

/** The pair of regions that is most alike. */
export function mostAlike({ jaccard }: MaskSummary): readonly [number, number] | undefined {
  let best: readonly [number, number] | undefined;
  const value = ([a, b]: readonly [number, number]) => jaccard[a]?.[b] ?? 0;
  for (let a = 0; a < jaccard.length; a++)
    for (let b = a + 1; b < jaccard.length; b++) if (!best || value([a, b]) > value(best)) best = [a, b];
  return best;
}

/** The part's mean density over the experts. */
export function meanDensity(part: MaskShare): number {
  const shares = densities(part);
  return shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
}

/**
 * The share of the way from base to expert that an accuracy has come, base and expert taken as exact; undefined where the
 * expert is no better than the base.
 */
export function gainBack(of: Proportion, base: Proportion, expert: Proportion): Estimate | undefined {
  const from = base.k / base.n;
  const whole = expert.k / expert.n - from;
  if (!(whole > 0)) return undefined;
  const back = (share: number) => (share - from) / whole;
  return { value: back(of.k / of.n), low: back(of.low), high: back(of.high), n: of.n };
}
