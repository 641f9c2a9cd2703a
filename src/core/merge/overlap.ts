/** How much of the model the experts' regions hold, and how much they share: of any recipe, whatever its sparsifiers. */
import type { Context } from "../context.ts";
import { jaccardOf, overlapOf } from "../localise/overlap.ts";
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
  return {
    experts,
    tensors,
    roles: [...roles.values()],
    blocks: [...blocks.values()],
    overlap,
    jaccard: jaccardOf(both),
    modelBytes,
    regionBytes,
  };
}

function addTo(parts: Map<string, MaskShare>, { name, entries, kept }: MaskShare): void {
  const known = parts.get(name);
  parts.set(name, {
    name,
    entries: entries + (known?.entries ?? 0),
    kept: kept.map((count, k) => count + (known?.kept[k] ?? 0)),
  });
}
