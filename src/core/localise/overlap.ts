/** How much regions of different tasks share. */
import { type Mask, ones } from "./mask.ts";

/** |a ∧ b| / |a ∨ b| over the tensors of either, 0…1; 1 for two empty masks. */
export function jaccard(a: Mask, b: Mask): number {
  let both = 0;
  let either = 0;
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    const x = a.get(name);
    const y = b.get(name);
    if (!x || !y) {
      either += ones(x ?? y ?? new Uint8Array(0));
      continue;
    }
    for (let i = 0; i < x.length; i++) {
      both += x[i] & y[i];
      either += x[i] | y[i];
    }
  }
  return either === 0 ? 1 : both / either;
}

/** Jaccard of every pair, (K × K), row-major; the diagonal is 1. */
export function jaccardMatrix(masks: readonly Mask[]): Float64Array<ArrayBuffer> {
  const count = masks.length;
  const out = new Float64Array(count * count).fill(1);
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      const share = jaccard(masks[a], masks[b]);
      out[a * count + b] = share;
      out[b * count + a] = share;
    }
  }
  return out;
}

/** Counts weights by how many of the K masks choose them: K + 1 counts, the first of those that none does. */
export function overlapHistogram(masks: readonly Mask[]): readonly number[] {
  const counts = new Array<number>(masks.length + 1).fill(0);
  for (const name of new Set(masks.flatMap((mask) => [...mask.keys()]))) {
    const rows = masks.flatMap((mask) => mask.get(name) ?? []);
    const size = rows[0]?.length ?? 0;
    for (let i = 0; i < size; i++) {
      let times = 0;
      for (let k = 0; k < rows.length; k++) times += rows[k][i];
      counts[times]++;
    }
  }
  return counts;
}
