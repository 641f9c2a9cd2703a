/** How much of the model the experts' regions hold, and how much they share: of any recipe, whatever its sparsifiers. */
import type { Context } from "../context.ts";
import { countBits, countBoth, packBits } from "../evidence/bits.ts";
import { blockOf, roleOf } from "../model/roles.ts";
import type { Recipe } from "../recipe/schema.ts";
import type { MaskShare, MaskSummary } from "../summary.ts";
import { dtypeInfo } from "../tensor/dtype.ts";
import type { Merger } from "./merger.ts";

/** Bytes of an index in the file of a region. */
const INDEX_BYTES = 4;

/** What the recipe's sparsifiers leave of each enabled expert's task vector, counted. @throws what planning throws */
export async function describeMasks(merger: Merger, recipe: Recipe, context: Context): Promise<MaskSummary> {
  const experts = recipe.experts.filter((expert) => expert.enabled).map(({ id }) => id);
  const tensors: MaskShare[] = [];
  const roles = new Map<string, MaskShare>();
  const blocks = new Map<string, MaskShare>();
  const both = experts.map(() => experts.map(() => 0));
  const overlap = [0, ...experts.map(() => 0)];
  const regionBytes = experts.map(() => 0);
  let modelBytes = 0;
  for await (const { spec, rows } of merger.vectors(recipe, context)) {
    const counted = overlapOf(rows);
    const entries = rows[0]?.length ?? 0;
    const kept = counted.both.map((row, k) => row[k]);
    const { bytes } = dtypeInfo[spec.dtype];
    counted.both.forEach((row, a) => {
      for (let b = 0; b < row.length; b++) both[a][b] += row[b];
      regionBytes[a] += kept[a] * (INDEX_BYTES + bytes);
    });
    counted.times.forEach((count, times) => {
      overlap[times] += count;
    });
    modelBytes += entries * bytes;
    tensors.push({ name: spec.name, entries, kept });
    addTo(roles, { name: roleOf(spec), entries, kept });
    addTo(blocks, { name: blockOf(spec.name), entries, kept });
  }
  const jaccard = both.map((row, a) =>
    row.map((shared, b) => ratio(shared, both[a][a] + both[b][b] - shared)),
  );
  return {
    experts,
    tensors,
    roles: [...roles.values()],
    blocks: [...blocks.values()],
    overlap,
    jaccard,
    modelBytes,
    regionBytes,
  };
}

/** Counts of one tensor's masks. */
export interface Overlap {
  /** Entries that both of two masks choose (K × K); on the diagonal, those of one. */
  readonly both: readonly (readonly number[])[];
  /** Entries by how many masks choose them: K + 1 counts, the first of those that none does. */
  readonly times: readonly number[];
}

/** Counts masks over the same entries, each given by the entries that are not zero. */
export function overlapOf(rows: readonly Float32Array[]): Overlap {
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

function addTo(parts: Map<string, MaskShare>, { name, entries, kept }: MaskShare): void {
  const known = parts.get(name);
  parts.set(name, {
    name,
    entries: entries + (known?.entries ?? 0),
    kept: kept.map((count, k) => count + (known?.kept[k] ?? 0)),
  });
}

/** |a ∧ b| / |a ∨ b|; 1 for two empty masks. */
function ratio(both: number, either: number): number {
  return either === 0 ? 1 : both / either;
}
