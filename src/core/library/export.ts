/** Writes a merged model to a file, reads it back, and only then says that it is saved. */
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { headTensors } from "../eval/heads.ts";
import { type ByteSource, bytesSource } from "../formats/format.ts";
import { openOnnx, parseOnnx } from "../formats/onnx.ts";
import { type TaskHead, withTaskHeads } from "../formats/onnx-heads.ts";
import { withWeights } from "../formats/onnx-skeleton.ts";
import type { Weight } from "../formats/onnx-tensor.ts";
import { onnxPieces } from "../formats/onnx-write.ts";
import { safetensors } from "../formats/safetensors.ts";
import { writeSafetensors } from "../formats/safetensors-write.ts";
import type { Merger } from "../merge/merger.ts";
import { ContentHasher, contentIdOf } from "../model/content-id.ts";
import { recipeKey } from "../recipe/key.ts";
import type { ContentId, Recipe } from "../recipe/schema.ts";
import { recipeToText } from "../recipe/share.ts";
import type { SavedModel } from "../summary.ts";
import { encode, writableAs } from "../tensor/dtype.ts";
import type { ZooLibrary } from "./zoo-library.ts";

export interface ExportRequest {
  readonly recipe: Recipe;
  readonly as: "safetensors" | "onnx";
  /** Whose model of a per-task recipe; of a single one it only says whose head an ONNX file gets (all, without it). */
  readonly task?: string | undefined;
}

/** A file as pieces, some of which are shared with the merge's own memory: do not change them. */
export interface Exported extends SavedModel {
  readonly pieces: readonly Uint8Array<ArrayBuffer>[];
}

/** Merged tensors as they will be stored, in the base's order. */
export interface Merged {
  readonly weights: readonly Weight[];
  readonly content: ContentId;
}

/**
 * Merges everything and returns the bytes.
 *
 * @throws AppError model/unknown-task when a per-task recipe has no model for the task; what merging throws
 */
export async function mergeWhole(
  library: ZooLibrary,
  merger: Merger,
  recipe: Recipe,
  task: string | undefined,
  context: Context,
): Promise<Merged> {
  const row = rowOf(merger, recipe, task);
  const hasher = new ContentHasher();
  const weights: Weight[] = [];
  for await (const { spec, rows, fromBase } of merger.full(recipe, context)) {
    const values = rows[row] ?? rows[0];
    const weight = fromBase || !values ? await fromBaseFile(library, spec.name) : encoded(spec, values);
    hasher.add(weight.spec, weight.bytes);
    weights.push(weight);
    context.progress(weights.length, library.base.tensors.size);
  }
  return { weights, content: hasher.id() };
}

/**
 * Writes the merged model and checks that the file holds what was merged.
 *
 * @throws AppError export/failed when it does not; model/unknown-task, eval/graph, what merging throws
 */
export async function exportModel(
  library: ZooLibrary,
  merger: Merger,
  { recipe, as, task }: ExportRequest,
  context: Context,
): Promise<Exported> {
  const isPerTask = merger.rowTasks(recipe) !== undefined;
  const merged = await mergeWhole(library, merger, recipe, task, context);
  const metadata = metadataOf(recipe, isPerTask ? task : undefined);
  const fileName = fileNameOf(recipe, merged.content, isPerTask ? task : undefined, as);
  const pieces =
    as === "safetensors"
      ? await safetensorsPieces(merged.weights, metadata)
      : await onnxPiecesOf(library, merged.weights, metadata, task);
  await context.breathe();
  context.signal.throwIfAborted();
  const source = bytesSource(joined(pieces));
  const reread =
    as === "safetensors"
      ? await contentIdOf(await safetensors.open(source, fileName), context)
      : await onnxContent(source, fileName, merged.weights);
  if (reread !== merged.content) {
    throw new AppError("export/failed", "The written file does not hold what was merged. Save again.", {
      expected: merged.content,
      found: reread,
    });
  }
  return { fileName, content: merged.content, pieces };
}

function rowOf(merger: Merger, recipe: Recipe, task: string | undefined): number {
  const tasks = merger.rowTasks(recipe);
  if (!tasks) return 0;
  const row = task === undefined ? -1 : tasks.indexOf(task);
  if (row < 0) {
    throw new AppError(
      "model/unknown-task",
      `This recipe gives one model per task (${tasks.join(", ")}). Say which to save.`,
      { task: task ?? "", tasks },
    );
  }
  return row;
}

async function fromBaseFile({ baseFile }: ZooLibrary, name: string): Promise<Weight> {
  const spec = baseFile.tensors.get(name);
  if (!spec) throw new Error(`the base has no tensor ${name}`);
  return { spec, bytes: await baseFile.bytes(name) };
}

function encoded(spec: Weight["spec"], values: Float32Array): Weight {
  const dtype = writableAs(spec.dtype);
  return { spec: { ...spec, dtype }, bytes: encode(values, dtype).bytes };
}

async function safetensorsPieces(
  weights: readonly Weight[],
  metadata: ReadonlyMap<string, string>,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const bytes = new Map(weights.map((weight) => [weight.spec.name, weight.bytes]));
  const specs = weights.map(({ spec }) => spec);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of writeSafetensors(
    specs,
    metadata,
    ({ name }) => bytes.get(name) ?? new Uint8Array(),
  )) {
    pieces.push(piece);
  }
  return pieces;
}

/** The trunk once and every wanted task's private tensors: one output "logits_<task>" each; a plain graph without any. */
async function onnxPiecesOf(
  { files }: ZooLibrary,
  weights: readonly Weight[],
  metadata: ReadonlyMap<string, string>,
  task: string | undefined,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const { skeleton, heads, tasks } = files.family;
  const model = parseOnnx(await files.bytes(skeleton), skeleton);
  if (!heads) return onnxPieces(withWeights(model, weights, metadata));
  const file = await files.open(heads.file);
  const ids = tasks.map(({ id }) => id);
  const taskHeads: TaskHead[] = [];
  for (const id of task === undefined ? ids : ids.filter((one) => one === task)) {
    const own: Weight[] = [];
    for (const { input, stored } of headTensors(file.tensors, ids, id)) {
      own.push({ spec: { ...stored, name: input }, bytes: await file.bytes(stored.name) });
    }
    taskHeads.push({ task: id, weights: own });
  }
  return onnxPieces(withWeights(withTaskHeads(model, taskHeads), weights, metadata));
}

/** The content as it is in the graph, in the dtypes of the merge: graphs may store it wider, never narrower. */
async function onnxContent(source: ByteSource, name: string, weights: readonly Weight[]): Promise<ContentId> {
  const file = await openOnnx(source, name);
  const hasher = new ContentHasher();
  for (const { spec } of weights) {
    const stored = file.tensors.get(spec.name);
    if (!stored) continue; // the id will differ
    const bytes =
      stored.dtype === spec.dtype
        ? await file.bytes(spec.name)
        : encode(await file.load(spec.name), writableAs(spec.dtype)).bytes;
    hasher.add({ ...stored, dtype: spec.dtype }, bytes);
  }
  return hasher.id();
}

function metadataOf(recipe: Recipe, task: string | undefined): ReadonlyMap<string, string> {
  return new Map([
    ["format", "pt"], // readers of the transformers library insist on it
    ["kintsugi.base", recipe.base],
    ["kintsugi.recipe", recipeToText(recipe)],
    ["kintsugi.recipe_key", recipeKey(recipe)],
    ...(task === undefined ? [] : [["kintsugi.task", task] as const]),
  ]);
}

function fileNameOf(recipe: Recipe, content: ContentId, task: string | undefined, as: string): string {
  const short = content.slice("sha256:".length).slice(0, 8);
  return [recipe.method.id, ...(task === undefined ? [] : [task]), short].join("-").concat(`.${as}`);
}

/** One array of all pieces. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return bytes;
}
