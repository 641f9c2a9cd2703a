/** Computes a merged file again from its parents, and compares bit by bit. */
import type { Context } from "../context.ts";
import type { ModelFile } from "../formats/format.ts";
import type { Weight } from "../formats/onnx-tensor.ts";
import { createMerger } from "../merge/run.ts";
import type { ExpertModel } from "../model/library.ts";
import { builtIn, findSparsifier } from "../recipe/registry.ts";
import type { ExpertId, Recipe } from "../recipe/schema.ts";
import type { Rederived } from "../summary.ts";
import { decode, encode, writableAs } from "../tensor/dtype.ts";
import type { Kernels } from "../tensor/kernels.ts";
import { findParent, type ListedLibrary } from "./ancestry.ts";
import type { Made } from "./made.ts";
import { mergedWeights, type StoredLibrary } from "./merged-weights.ts";
import type { Provenance } from "./provenance.ts";

/**
 * Repeats the merge that a file says it is.
 *
 * Parents are found by content, whatever they are called here. @throws what merging throws
 */
export async function rederive(
  library: ListedLibrary,
  kernels: Kernels,
  file: ModelFile,
  made: Provenance,
  context: Context,
): Promise<Rederived> {
  const unfit = { status: "missing", canBeMade: [] } as const;
  if (library.base.id !== made.inputs.base) return { ...unfit, experts: [], isBaseMissing: true };
  if (made.names === undefined && drawsAtRandom(made.recipe)) return { status: "unrepeatable" };
  const { models, missing } = await findParents(library, made);
  if (missing.length > 0) {
    const canBeMade = await makeable(library, made, missing);
    return { ...unfit, experts: missing, isBaseMissing: false, canBeMade };
  }
  return compare(viewOf(library, models), kernels, file, made, context);
}

/** The parents under the names that the recipe calls them by, and the names of those that are not here. */
async function findParents(
  library: ListedLibrary,
  { inputs, expert, task }: Made,
): Promise<{ readonly models: ReadonlyMap<ExpertId, ExpertModel>; readonly missing: readonly ExpertId[] }> {
  const models = new Map<ExpertId, ExpertModel>();
  const missing: ExpertId[] = [];
  for (const [id, { step, id: content }] of Object.entries(inputs.experts)) {
    const parent = await findParent(library, { id, step, content });
    const own = id === expert ? task : undefined;
    if (parent)
      models.set(id, {
        id,
        steps: [step],
        checkpoint: async () => parent.checkpoint,
        ...(own && { task: own }),
      });
    else missing.push(id);
  }
  return { models, missing };
}

/** Those of the missing that are merges which can be made here. */
async function makeable(
  library: ListedLibrary,
  { inputs, ancestors }: Provenance,
  missing: readonly ExpertId[],
): Promise<readonly ExpertId[]> {
  const found: ExpertId[] = [];
  for (const id of missing) {
    const made = ancestors?.get(inputs.experts[id].id);
    if (!made || made.inputs.base !== library.base.id) continue;
    if (made.names === undefined && drawsAtRandom(made.recipe)) continue;
    if ((await findParents(library, made)).missing.length === 0) found.push(id);
  }
  return found;
}

/** The library with the parents under the names that the recipe calls them by. */
function viewOf(library: StoredLibrary, models: ReadonlyMap<ExpertId, ExpertModel>): StoredLibrary {
  return {
    base: library.base,
    baseFile: library.baseFile,
    expert: (id) => models.get(id),
    evidence: (id) => library.evidence(id),
    ...(library.linearLayers && { linearLayers: library.linearLayers.bind(library) }),
    fileOf: () => undefined,
  };
}

async function compare(
  library: StoredLibrary,
  kernels: Kernels,
  file: ModelFile,
  { recipe, expert, task = expert }: Provenance,
  context: Context,
): Promise<Rederived> {
  const merger = createMerger(library, kernels);
  let tensors = 0;
  for await (const weight of mergedWeights(library, merger, recipe, task, context)) {
    const difference = await firstDifference(file, weight);
    if (difference) return { status: "differs", tensor: weight.spec.name, ...difference };
    tensors++;
  }
  return { status: "equal", tensors };
}

type Difference =
  | { readonly index: number; readonly computed: number; readonly stored: number }
  | { readonly isMissing: true };

/** The first element whose bits differ; ONNX graphs may store a tensor wider than it was merged. */
async function firstDifference(file: ModelFile, { spec, bytes }: Weight): Promise<Difference | undefined> {
  const stored = file.tensors.get(spec.name);
  const isLike =
    stored?.shape.length === spec.shape.length && stored.shape.every((n, i) => n === spec.shape[i]);
  if (!stored || !isLike) return { isMissing: true };
  const found =
    stored.dtype === spec.dtype
      ? await file.bytes(spec.name)
      : encode(await file.load(spec.name), writableAs(spec.dtype)).bytes;
  let at = 0;
  while (at < bytes.length && bytes[at] === found[at]) at++;
  if (at === bytes.length) return undefined;
  const computed = decode(bytes, spec.dtype);
  const index = Math.floor((at * computed.length) / bytes.byteLength);
  return { index, computed: computed[index], stored: decode(found, spec.dtype)[index] };
}

/** Random masks are drawn by an expert's id. */
export function drawsAtRandom({ sparsifiers }: Recipe): boolean {
  return sparsifiers.some(({ id, enabled }) => enabled && findSparsifier(builtIn, id).usesSeed === true);
}
