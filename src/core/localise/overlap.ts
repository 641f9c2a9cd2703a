/** How much masks share. */
import { countBits, countBoth, packBits } from "../evidence/bits.ts";
import type { Mask } from "./mask.ts";

/** Counts of K masks over the same entries. */
export interface Overlap {
  /** Entries that both of two masks choose (K × K); on the diagonal, those of one. */
  readonly both: readonly (readonly number[])[];
  /** Entries by how many masks choose them: K + 1 counts, the first of those that none does. */
  readonly times: readonly number[];
}

/** Counts masks of equal length, each given by the entries that are not zero. */
export function overlapOf(rows: readonly (Float32Array | Uint8Array)[]): Overlap {
  const masks = rows.map(packBits);
  const counts = masks.map(countBits);
  const times = [0, ...rows.map(() => 0)];
  const n = rows[0]?.length ?? 0;
  for (let i = 0; i < n; i++) {
    let chosen = 0;
    for (let k = 0; k < rows.length; k++) if (rows[k][i] !== 0) chosen++;
    times[chosen]++;
  }
  const both = masks.map((a, k) => masks.map((b, l) => (k === l ? counts[k] : countBoth(a, b))));
  return { both, times };
}

/** |a ∧ b| / |a ∨ b| of every pair (K × K), 0…1; 1 for two empty masks. */
export function jaccardOf(both: Overlap["both"]): readonly (readonly number[])[] {
  return both.map((row, a) =>
    row.map((shared, b) => {
      const either = both[a][a] + both[b][b] - shared;
      return either === 0 ? 1 : shared / either;
    }),
  );
}

/** |a ∧ b| / |a ∨ b| over the tensors of either, 0…1; 1 for two empty masks. */
export function jaccard(a: Mask, b: Mask): number {
  const sums = [
    [0, 0],
    [0, 0],
  ];
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    const none = new Uint8Array((a.get(name) ?? b.get(name))?.length ?? 0);
    const { both } = overlapOf([a.get(name) ?? none, b.get(name) ?? none]);
    both.forEach((row, k) => {
      row.forEach((count, l) => {
        sums[k][l] += count;
      });
    });
  }
  return jaccardOf(sums)[0][1];
}
