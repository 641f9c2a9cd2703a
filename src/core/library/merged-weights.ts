/** A merge as bytes: every tensor as it will be stored. */
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import type { ModelFile } from "../formats/format.ts";
import type { Weight } from "../formats/onnx-tensor.ts";
import type { Merger } from "../merge/merger.ts";
import { ContentHasher } from "../model/content-id.ts";
import type { ModelLibrary } from "../model/library.ts";
import type { ContentId, ExpertId, Recipe } from "../recipe/schema.ts";
import type { RoutedSite } from "../routing/sites.ts";
import { encode, writableAs } from "../tensor/dtype.ts";
import type { Provenance } from "./provenance.ts";

/** A library whose base is at hand as it is stored. */
export interface StoredLibrary extends ModelLibrary {
  readonly baseFile: ModelFile;
  /** The name of the file that a checkpoint was read from; undefined where there is none. */
  fileOf(expert: ExpertId, step: number): string | undefined;
  /** What the file of a checkpoint says of its making; undefined where it is no merge of ours. */
  madeOf?(expert: ExpertId, step: number): Provenance | undefined;
}

/** Merged tensors as they will be stored, in the base's order; the inputs of a routed layer follow its weight. */
export interface Merged {
  readonly weights: readonly Weight[];
  /** Layers at which inputs choose among experts. */
  readonly routing: readonly RoutedSite[];
  readonly content: ContentId;
}

/**
 * Merges everything and returns the bytes.
 *
 * @throws AppError model/unknown-task when a per-task recipe has no model for the task; what merging throws
 */
export async function mergeWhole(
  library: StoredLibrary,
  merger: Merger,
  recipe: Recipe,
  task: string | undefined,
  context: Context,
): Promise<Merged> {
  const hasher = new ContentHasher();
  const weights: Weight[] = [];
  const routing: RoutedSite[] = [];
  for await (const weight of mergedWeights(library, merger, recipe, task, context)) {
    hasher.add(weight.spec, weight.bytes);
    weights.push(weight);
    if (weight.routed) routing.push(weight.routed);
  }
  return { weights, routing, content: hasher.id() };
}

/** A tensor as it is stored; `routed` where the inputs of a routed layer follow. */
type MergedWeight = Weight & { readonly routed?: RoutedSite };

/** The merged tensors one at a time, in the base's order; bytes are the caller's. @throws as `mergeWhole` */
export async function* mergedWeights(
  library: StoredLibrary,
  merger: Merger,
  recipe: Recipe,
  task: string | undefined,
  context: Context,
): AsyncGenerator<MergedWeight> {
  const row = rowOf(merger, recipe, task);
  let done = 0;
  for await (const { spec, rows, fromBase, routed } of merger.full(recipe, context)) {
    const values = rows[row] ?? rows[0];
    const weight = fromBase || !values ? await fromBaseFile(library, spec.name) : encoded(spec, values);
    yield routed ? { ...weight, routed: routed.site } : weight;
    for (const input of routed?.inputs ?? []) yield encoded(input.spec, input.values);
    context.progress(++done, library.base.tensors.size);
  }
}

/** The row of the task's model; 0 where there is one model for all. @throws AppError model/unknown-task */
export function rowOf(merger: Merger, recipe: Recipe, task: string | undefined): number {
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

async function fromBaseFile({ baseFile }: StoredLibrary, name: string): Promise<Weight> {
  const spec = baseFile.tensors.get(name);
  if (!spec) throw new Error(`the base has no tensor ${name}`);
  return { spec, bytes: await baseFile.bytes(name) };
}

/** The values' own memory where they are stored as they are. */
function encoded(spec: Weight["spec"], values: Float32Array<ArrayBuffer>): Weight {
  const dtype = writableAs(spec.dtype);
  const bytes =
    dtype === "f32"
      ? new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
      : encode(values, dtype).bytes;
  return { spec: { ...spec, dtype }, bytes };
}
