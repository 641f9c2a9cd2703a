/**
 * What a merge will take, told before it starts: from a trial of this very recipe on made-up values, and from the sizes
 * of the real tensors.
 */
import type { Context } from "#core/context.ts";
import { isAppError } from "#core/errors.ts";
import type { MergeOutline } from "#core/merge/merger.ts";
import { createMerger } from "#core/merge/run.ts";
import { methods } from "#core/methods/index.ts";
import type { Checkpoint, ModelLibrary } from "#core/model/library.ts";
import type { Recipe } from "#core/recipe/schema.ts";
import { HELD_ENTRIES } from "#core/sparsifiers/pool.ts";
import { dtypeInfo } from "#core/tensor/dtype.ts";
import type { Kernels } from "#core/tensor/kernels.ts";
import { sizeOf } from "#core/tensor/tensor.ts";

export interface Estimate {
  /** From the start of the command to its end. */
  readonly seconds: number;
  /** Most that is held at once, the runtime's own included. */
  readonly memoryBytes: number;
  /** Of all inputs together, over all passes. */
  readonly readBytes: number;
  readonly outputBytes: number;
  /** The method holds every task vector at once. */
  readonly holdsAll: boolean;
}

/** Entries of the trial: large enough for the kernels to be at their speed, small enough for a tenth of a second. */
const TRIAL = 2 ** 18;
/** Bytes per second of reading and hashing, where too little was read to tell: an ordinary disk. */
const THROUGHPUT = 500e6;
/** Inputs of fewer bytes tell nothing of the disk. */
const TELLING = 50e6;
/** Seconds that trials may take after the first, which also compiles. */
const PATIENCE = 0.4;
/** What Node itself, the code and its caches hold: bytes. */
const RUNTIME = 120e6;
/** Arrays of a tensor that are alive at once beside one per expert: base, sparsified copy, mix, output, bytes on the way. */
const ARRAYS = 6;
/** A pass over a model that is larger than memory reads it three times. */
const PASSES = 3;

/** Estimates a merge. @param loadSeconds what it took to open the inputs, which reads them once and hashes them */
export async function estimate(
  recipe: Recipe,
  { library, loadSeconds }: { readonly library: ModelLibrary; readonly loadSeconds: number },
  { tensors, rows }: MergeOutline,
  { kernels, context }: { readonly kernels: Kernels; readonly context: Context },
): Promise<Estimate> {
  const sizes = tensors.map(({ spec }) => sizeOf(spec.shape));
  const entries = sizes.reduce((sum, n) => sum + n, 0);
  const experts = recipe.experts.filter(({ enabled }) => enabled).length;
  const inputBytes = tensors.reduce(
    (sum, { spec, storedAs }) => sum + sizeOf(spec.shape) * dtypeInfo[storedAs].bytes * (experts + 1),
    0,
  );
  const outputBytes = tensors.reduce(
    (sum, { spec }) => sum + sizeOf(spec.shape) * dtypeInfo[spec.dtype].bytes,
    0,
  );
  const passes = usesPool(recipe, tensors) && entries > HELD_ENTRIES ? PASSES : 0;
  const readBytes = inputBytes * (2 + passes);
  const holdsAll = methods.find(({ id }) => id === recipe.method.id)?.holdsAll ?? false;
  const largest = Math.max(0, ...sizes) * 4;
  const perEntry = await trial(recipe, library, kernels, context);
  const speed = inputBytes > TELLING ? inputBytes / loadSeconds : THROUGHPUT;
  return {
    // The output is hashed, written, read back and hashed again.
    seconds: perEntry * entries + (readBytes + 2 * outputBytes) / speed,
    memoryBytes: RUNTIME + largest * (experts + rows + ARRAYS) + (holdsAll ? 4 * entries * experts : 0),
    readBytes,
    outputBytes,
    holdsAll,
  };
}

function usesPool(recipe: Recipe, tensors: MergeOutline["tensors"]): boolean {
  return (
    recipe.sparsifiers.some(({ enabled }) => enabled) &&
    tensors.some(({ sites }) => sites.some(({ density }) => density === undefined))
  );
}

/** Seconds per entry of this recipe, without its rules; 0 for a recipe that needs evidence, which made-up values have not. */
async function trial(
  recipe: Recipe,
  library: ModelLibrary,
  kernels: Kernels,
  context: Context,
): Promise<number> {
  const merger = createMerger(madeUp(library), kernels, { budget: 0 });
  const plain = { ...recipe, rules: [], locks: [] };
  const quiet = { ...context, progress() {} };
  const once = async () => {
    const begun = performance.now();
    for await (const _ of merger.full(plain, quiet)); // only the time counts
    return (performance.now() - begun) / 1000;
  };
  try {
    let best = await once();
    const patience = performance.now() + 1000 * PATIENCE;
    do best = Math.min(best, await once());
    while (performance.now() < patience);
    return best / TRIAL;
  } catch (error) {
    if (isAppError(error)) return 0;
    throw error;
  }
}

/** A library with the same names and one square weight, of values that are spread as weights are. */
function madeUp({ base }: ModelLibrary): ModelLibrary {
  const side = Math.sqrt(TRIAL);
  const name = "layers.0.mlp.weight";
  const checkpoint = (seed: number, id: string): Checkpoint => {
    const values = Float32Array.from({ length: TRIAL }, (_, i) => Math.sin(i * seed) ** 3 / 50);
    return {
      id,
      tensors: new Map([[name, { name, dtype: "f32" as const, shape: [side, side] }]]),
      load: async () => values,
    };
  };
  const made = new Map<string, Checkpoint>();
  const expertOf = (id: string): Checkpoint => {
    const own = made.get(id) ?? checkpoint(2 + made.size / 7, `${base.id}-${id}`);
    made.set(id, own);
    return own;
  };
  return {
    base: checkpoint(1, base.id),
    evidence: () => undefined,
    expert: (id) => ({ id, steps: [0], checkpoint: async () => expertOf(id) }),
  };
}
