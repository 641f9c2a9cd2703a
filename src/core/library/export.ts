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
import type { ContentId, Recipe } from "../recipe/schema.ts";
import { routedGraph } from "../routing/routed-graph.ts";
import type { SavedModel } from "../summary.ts";
import { encode, writableAs } from "../tensor/dtype.ts";
import type { FamilyFiles } from "../zoo.ts";
import { gatherAncestors } from "./ancestors.ts";
import { type Merged, mergeWhole, rowOf, type StoredLibrary } from "./merged-weights.ts";
import {
  type Provenance,
  provenanceMetadata,
  tryProvenance,
  UNKNOWN_OUTPUT,
  withoutNames,
} from "./provenance.ts";
import { inputsOf } from "./seal.ts";

export interface ExportRequest {
  readonly recipe: Recipe;
  readonly as: "safetensors" | "onnx";
  /** Whose model of a per-task recipe; of a single one it only says whose head an ONNX file gets (all, without it). */
  readonly task?: string | undefined;
  /** Leave out of the metadata whatever comes from a file's name; they are told unless this is true. */
  readonly hideNames?: boolean | undefined;
}

/** What can be written: a library, and the graph and heads of its family for ONNX files. */
export interface ExportableLibrary extends StoredLibrary {
  readonly files: FamilyFiles;
}

/** A file as pieces, some of which are shared with the merge's own memory: do not change them. */
export interface Exported extends SavedModel {
  readonly pieces: readonly Uint8Array<ArrayBuffer>[];
}

/**
 * Writes the merged model and checks that the file holds what was merged.
 *
 * @throws AppError export/failed when it does not; model/unknown-task, eval/graph, what merging throws
 */
export async function exportModel(
  library: ExportableLibrary,
  merger: Merger,
  request: ExportRequest,
  context: Context,
): Promise<Exported> {
  const { recipe, as, task } = request;
  if (as === "safetensors") requireWeights(merger, recipe);
  const merged = await mergeWhole(library, merger, recipe, task, context);
  const made = await provenanceOf(library, merger, request);
  const metadata = provenanceMetadata({ ...made, output: merged.content });
  const isPerTask = merger.rowTasks(recipe) !== undefined;
  const fileName = fileNameOf(recipe, merged.content, isPerTask && !request.hideNames ? task : undefined, as);
  const pieces =
    as === "safetensors"
      ? await safetensorsPieces(merged.weights, metadata)
      : await onnxPiecesOf(library, merged, metadata, task);
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

/** @throws AppError export/failed for a recipe whose model is more than weights */
export function requireWeights(merger: Merger, recipe: Recipe): void {
  if (merger.outputOf(recipe) !== "routed") return;
  throw new AppError(
    "export/failed",
    "A model that routes its inputs is more than weights: save it as ONNX, which holds its graph too.",
  );
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
  { files }: ExportableLibrary,
  { weights, routing }: Merged,
  metadata: ReadonlyMap<string, string>,
  task: string | undefined,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const { skeleton, heads, tasks } = files.family;
  const plain = parseOnnx(await files.bytes(skeleton), skeleton);
  const model = routing.length > 0 ? routedGraph(plain, routing) : plain;
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

/** What the file will say of its making; the output is not known yet. @throws AppError model/unknown-task, recipe/… */
export async function provenanceOf(
  library: StoredLibrary,
  merger: Merger,
  { recipe, task, hideNames = false }: Omit<ExportRequest, "as">,
): Promise<Provenance> {
  const row = rowOf(merger, recipe, task);
  const inputs = await inputsOf(library, recipe);
  const files = Object.entries(inputs.experts).flatMap(([id, { step }]) => {
    const file = library.fileOf(id, step);
    return file === undefined ? [] : [[id, file] as const];
  });
  const ancestors = gatherAncestors(inputs, (content) => {
    if (content === inputs.base) return tryProvenance(library.baseFile.metadata).made;
    const parent = Object.entries(inputs.experts).find(([, { id }]) => id === content);
    return parent && library.madeOf?.(parent[0], parent[1].step);
  });
  const provenance: Provenance = {
    recipe,
    inputs,
    output: UNKNOWN_OUTPUT,
    ...(merger.rowTasks(recipe) && {
      task,
      expert: recipe.experts.filter(({ enabled }) => enabled)[row]?.id,
    }),
    names: { base: library.baseFile.name, experts: Object.fromEntries(files) },
    ...(ancestors.size > 0 && { ancestors }),
  };
  return hideNames ? withoutNames(provenance) : provenance;
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
