/** Writes what a merge adds to the base as a LoRA adapter (PEFT), exactly where the rank allows it, else its best part. */
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { bytesSource } from "../formats/format.ts";
import { readLora } from "../formats/lora.ts";
import { readLoraConfig } from "../formats/lora-config.ts";
import { type LoraUpdate, loraConfigText, writeLora } from "../formats/lora-write.ts";
import { safetensors } from "../formats/safetensors.ts";
import type { Svd } from "../linalg/linear-algebra.ts";
import { energyOf, fromSvd, type Product, productSvd } from "../linalg/product.ts";
import type { MergedUpdate, Merger } from "../merge/merger.ts";
import { liveDirections, transposed } from "../methods/low-rank-rows.ts";
import type { MatrixShape } from "../methods/matrices.ts";
import { contentIdOf } from "../model/content-id.ts";
import type { ContentId, Recipe } from "../recipe/schema.ts";
import type { Kernels } from "../tensor/kernels.ts";
import { sizeOf } from "../tensor/tensor.ts";
import { type Exported, joined } from "./export.ts";
import { loraOverBase } from "./lora-over-base.ts";
import type { StoredLibrary } from "./merged-weights.ts";

/** Highest rank that is offered; beyond it a whole model is smaller. */
export const MAX_RANK = 256;

/** PEFT finds both by these names. */
const WEIGHTS = "adapter_model.safetensors";
const CONFIG = "adapter_config.json";

export interface AdapterRequest {
  readonly recipe: Recipe;
  /** The highest rank of any matrix, 1…MAX_RANK. */
  readonly rank: number;
}

/** How much of a merge an adapter holds. */
export interface AdapterReach {
  /** Share of the change's energy (Σ of squares over all tensors) kept at rank 1, 2, …; the last rank keeps what any can. */
  readonly kept: readonly number[];
  /** Tensors that change and are no matrices: an adapter leaves them at the base. */
  readonly left: number;
}

/** The adapter's two files: they belong into one folder. */
export interface ExportedAdapter extends Pick<Exported, "content"> {
  readonly files: readonly Pick<Exported, "fileName" | "pieces">[];
  readonly rank: number;
  /** Share of the change's energy in the files, 0…1. */
  readonly energy: number;
  readonly left: number;
}

/** One update taken apart. */
interface Part {
  readonly update: MergedUpdate;
  /** Undefined for a tensor that is no matrix. */
  readonly shape: MatrixShape | undefined;
  /** Σ of squares of λ · row. */
  readonly energy: number;
}

/** Measures how much of the merge adapters of every rank would keep. @throws AppError export/failed, what merging throws */
export async function adapterReach(
  merger: Merger,
  kernels: Kernels,
  recipe: Recipe,
  context: Context,
): Promise<AdapterReach> {
  const kept = new Float64Array(MAX_RANK);
  let [total, left, last] = [0, 0, 0];
  for await (const { update, shape, energy } of partsOf(merger, kernels, recipe, context)) {
    total += energy;
    if (!shape) left++;
    if (!shape) continue;
    const { s } = svdOf(update, shape, MAX_RANK, kernels);
    const live = liveDirections(s);
    for (let c = 0; c < live; c++) kept[c] += (update.lambda * s[c]) ** 2;
    last = Math.max(last, live);
  }
  let sum = 0;
  const shares = Array.from(kept.subarray(0, last), (energy) => {
    sum += energy;
    return total === 0 ? 1 : Math.min(1, sum / total);
  });
  return { kept: shares, left };
}

/**
 * Writes the adapter and reads it back. Factors are float32; a matrix whose rank is not above the wanted one is kept
 * whole, its factors laid side by side as they are.
 *
 * @throws AppError export/failed for recipes of several models and for merges that change no matrix, what merging throws
 */
export async function exportAdapter(
  library: StoredLibrary,
  merger: Merger,
  kernels: Kernels,
  { recipe, rank }: AdapterRequest,
  context: Context,
): Promise<ExportedAdapter> {
  const updates: LoraUpdate[] = [];
  let [total, kept, left] = [0, 0, 0];
  for await (const { update, shape, energy } of partsOf(merger, kernels, recipe, context)) {
    total += energy;
    if (!shape) left++;
    if (!shape) continue;
    const product = cut(update, shape, rank, kernels);
    kept += Math.min(energy, update.lambda ** 2 * energyOf(product));
    if (product.rank > 0) updates.push(loraUpdate(update, product));
  }
  if (updates.length === 0)
    throw failed("This merge changes no matrix of the base: nothing is to be adapted.");
  const config = loraConfigText(updates, { isRankStabilised: false });
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of writeLora(updates)) pieces.push(piece);
  return {
    content: await reread(library, pieces, config, context),
    files: [
      { fileName: WEIGHTS, pieces },
      { fileName: CONFIG, pieces: [new TextEncoder().encode(config)] },
    ],
    rank: Math.max(...updates.map(({ shapeA }) => shapeA[0])),
    energy: total === 0 ? 1 : kept / total,
    left,
  };
}

/** What the merge changes, tensor by tensor; tensors that stay as they are are left out. */
async function* partsOf(
  merger: Merger,
  kernels: Kernels,
  recipe: Recipe,
  context: Context,
): AsyncGenerator<Part> {
  if (merger.outputOf(recipe) !== "single") {
    throw failed("An adapter holds one model's change, and this recipe gives several, or one that routes.");
  }
  for await (const update of merger.updates(recipe, context)) {
    context.signal.throwIfAborted();
    const { lambda, row, product } = update;
    const energy = lambda ** 2 * (product ? energyOf(product) : kernels.norms(row).energy);
    if (energy > 0) yield { update, shape: matrixOf(update), energy };
  }
}

/** As a matrix of any sides: a layer of one output has an update too. */
function matrixOf({ spec: { shape } }: MergedUpdate): MatrixShape | undefined {
  const [rows, ...rest] = shape;
  return rest.length === 0 ? undefined : { rows, columns: sizeOf(rest) };
}

/** The update's leading k triples, before λ. */
function svdOf({ row, product }: MergedUpdate, shape: MatrixShape, k: number, kernels: Kernels): Svd {
  const { rows, columns } = shape;
  return product
    ? productSvd(product, Math.min(k, rows, columns, product.rank))
    : kernels.svd(row, rows, columns, Math.min(k, rows, columns));
}

function cut(update: MergedUpdate, shape: MatrixShape, rank: number, kernels: Kernels): Product {
  const { product } = update;
  if (product && product.rank <= rank) return product;
  const svd = svdOf(update, shape, rank, kernels);
  return fromSvd(svd, shape.rows, shape.columns, liveDirections(svd.s));
}

/** The pair of factors with λ in B; α = r, so that nothing else scales it. */
function loraUpdate({ spec, lambda, isTransposed }: MergedUpdate, product: Product): LoraUpdate {
  const { left, right, rows, columns, rank } = product;
  const module = spec.name.replace(/\.weight$/, "");
  const common = { module, dtype: "f32" as const, alpha: rank };
  if (isTransposed && spec.shape.length === 2) {
    const A = Float32Array.from(transposed(left, rows, rank));
    const B = Float32Array.from(transposed(right, rank, columns, lambda));
    return { ...common, A, shapeA: [rank, rows], B, shapeB: [columns, rank] };
  }
  const inner = spec.shape.slice(1);
  return {
    ...common,
    A: Float32Array.from(right),
    shapeA: [rank, ...inner],
    B: Float32Array.from(left, (value) => lambda * value),
    shapeB: [rows, rank, ...inner.slice(1).map(() => 1)],
  };
}

/** Opens what was written as an expert of the base, and returns the content that it will have there. */
async function reread(
  library: StoredLibrary,
  pieces: readonly Uint8Array[],
  config: string,
  context: Context,
): Promise<ContentId> {
  const file = await safetensors.open(bytesSource(joined(pieces)), WEIGHTS);
  const lora = readLora(file, readLoraConfig(config, CONFIG));
  return contentIdOf(loraOverBase(lora, library.baseFile), context);
}

function failed(message: string): AppError {
  return new AppError("export/failed", message);
}
