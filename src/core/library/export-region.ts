/** Writes what a recipe's sparsifiers leave of one expert as a file of its own: the region, not the model. */
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { bytesSource } from "../formats/format.ts";
import { safetensors } from "../formats/safetensors.ts";
import { type SparseTensor, writeSparse } from "../formats/sparse.ts";
import type { Merger } from "../merge/merger.ts";
import { openExperts } from "../merge/open.ts";
import { ContentHasher, contentIdOf } from "../model/content-id.ts";
import type { Checkpoint } from "../model/library.ts";
import type { ExpertId, Recipe } from "../recipe/schema.ts";
import { encode, isFloat, writableAs } from "../tensor/dtype.ts";
import { sizeOf } from "../tensor/tensor.ts";
import { type Exported, joined } from "./export.ts";
import type { ZooLibrary } from "./zoo-library.ts";

/** A region with its size. */
export interface ExportedRegion extends Exported {
  readonly entries: number;
  /** Of the model's floating entries, 0…1. */
  readonly fraction: number;
}

/**
 * The expert's region at the recipe's stop step. Over the base, the file gives the base with the expert's own values at
 * the region's entries, bit for bit.
 *
 * @throws AppError recipe/unknown-expert, export/failed when the file does not hold what was written, what merging throws
 */
export async function exportRegion(
  library: Pick<ZooLibrary, "base" | "expert" | "evidence">,
  merger: Merger,
  recipe: Recipe,
  expert: ExpertId,
  context: Context,
): Promise<ExportedRegion> {
  const alone = { ...recipe, experts: recipe.experts.map((one) => ({ ...one, enabled: one.id === expert })) };
  const checkpoint = (await openExperts(alone, library)).all.get(expert);
  if (!checkpoint) {
    throw new AppError("recipe/unknown-expert", `The recipe has no expert “${expert}”.`, { expert });
  }
  const regions: SparseTensor[] = [];
  for await (const { spec, rows } of merger.vectors(alone, context)) {
    const region = await regionOf(spec.name, rows[0], checkpoint);
    if (region.indices.length > 0) regions.push(region);
  }
  const { base } = library;
  const floats = [...base.tensors.values()].filter(({ dtype }) => isFloat(dtype));
  const parameters = floats.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of writeSparse(regions, { base: base.id, expert, parameters })) pieces.push(piece);
  const entries = regions.reduce((sum, { indices }) => sum + indices.length, 0);
  const content = contentOf(regions);
  await requireReread(pieces, content, context);
  const fileName = `${expert}-region-${content.slice("sha256:".length).slice(0, 8)}.safetensors`;
  return { fileName, content, pieces, entries, fraction: parameters === 0 ? 0 : entries / parameters };
}

/** The entries that are left of the task vector, with the expert's values. */
async function regionOf(name: string, left: Float32Array, checkpoint: Checkpoint): Promise<SparseTensor> {
  const count = left.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0);
  const indices = new Int32Array(count);
  const values = new Float32Array(count);
  const weights = await checkpoint.load(name);
  let at = 0;
  for (let i = 0; i < left.length; i++) {
    if (left[i] === 0) continue;
    indices[at] = i;
    values[at++] = weights[i];
  }
  const dtype = writableAs(checkpoint.tensors.get(name)?.dtype ?? "f32");
  return { name, dtype, indices, values: encode(values, dtype).bytes };
}

async function requireReread(
  pieces: readonly Uint8Array[],
  content: string,
  context: Context,
): Promise<void> {
  const file = await safetensors.open(bytesSource(joined(pieces)), "the region");
  const found = await contentIdOf(file, context);
  if (found === content) return;
  const message = "The written file does not hold the region. Save again.";
  throw new AppError("export/failed", message, { expected: content, found });
}

function contentOf(regions: readonly SparseTensor[]): string {
  const hasher = new ContentHasher();
  for (const { name, dtype, indices, values } of regions) {
    const shape = [indices.length];
    hasher.add({ name: `${name}.indices`, dtype: "i32", shape }, new Uint8Array(indices.buffer));
    hasher.add({ name: `${name}.values`, dtype, shape }, values);
  }
  return hasher.id();
}
