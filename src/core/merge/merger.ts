/**
 * The merge engine's face. `createMerger` (run.ts) implements it.
 *
 * The merge is a pure function of (recipe, checkpoints); every stage is cached under a key of its own inputs, so
 * "incremental = full" holds by construction and is a property test.
 */
import type { Context } from "../context.ts";
import type { Product } from "../linalg/product.ts";
import type { OutputKind, PassMade, PrepareInput } from "../methods/method.ts";
import type { ExpertId, Recipe } from "../recipe/schema.ts";
import type { RoutedSite } from "../routing/sites.ts";
import type { MergeSummary, TensorStats, Warning } from "../summary.ts";
import type { TensorSpec } from "../tensor/tensor.ts";

export interface Merger {
  /**
   * Brings the named image to the recipe. Calls emit for every tensor whose merged bits may have changed since this
   * image's last merge (all of them the first time); emit owns the rows (fresh arrays, rounded to the recipe's outDtype).
   * A cancelled merge leaves the image consistent: what was emitted counts as done, the rest is redone next time.
   * @throws AppError recipe/…, model/…
   */
  merge(recipe: Recipe, image: string, emit: Emit, context: Context): Promise<MergeSummary>;
  /** All merged tensors in the base's order, for export and hashing; independent of any image. */
  full(recipe: Recipe, context: Context): AsyncGenerator<MergedTensor>;
  /**
   * What the merge adds to the base, before anything is rounded, for every tensor that is merged; other tensors that
   * differ from the base (kept from an expert) come whole. For methods of one output that is weights only.
   */
  updates(recipe: Recipe, context: Context): AsyncGenerator<MergedUpdate>;
  /** What `full` will give and by which numbers, without reading a tensor. @throws AppError as merging */
  outline(recipe: Recipe): Promise<MergeOutline>;
  /** Statistics of the unsparsified task vectors at the recipe's stop steps. */
  describe(recipe: Recipe, context: Context): Promise<readonly TensorStats[]>;
  /** The enabled experts' task vectors after all sparsifiers, for every merged tensor in the base's order. */
  vectors(recipe: Recipe, context: Context): AsyncGenerator<SparseVectors>;
  /** The long pass of a recipe's method (DOGE's optimisation, say); undefined where it has none. @throws AppError as merging */
  longPass(recipe: Recipe): Promise<LongPass | undefined>;
  /** What that pass reads, in the base's order; nothing where there is none. */
  passInputs(recipe: Recipe, context: Context): AsyncGenerator<PassInput>;
  /** Takes what was made elsewhere: merges of the recipe use it, and give the bits that they would give without it. */
  givePass(recipe: Recipe, made: PassMade, context: Context): Promise<void>;
  /** The task of each row of a per-task recipe, in row order; undefined for single-output methods. */
  rowTasks(recipe: Recipe): readonly string[] | undefined;
  outputOf(recipe: Recipe): OutputKind;
  /** Forgets images' states and caches (the library changed). */
  reset(): void;
  /** Bytes held by the caches. */
  readonly bytes: number;
}

/**
 * 1 row, or one per enabled expert for per-task methods. Non-float tensors of the base are never emitted; the inputs of
 * routed layers are, under names of their own, and once more with no rows when the layer is routed no longer.
 */
export type Emit = (name: string, rows: readonly Float32Array<ArrayBuffer>[]) => void;

/** A pass that takes long, before it is made. */
export interface LongPass {
  /** Everything that its result depends on. */
  readonly key: string;
  /** The same but for the number of steps. */
  readonly runKey: string;
  /** Its result is here. */
  readonly isKnown: boolean;
  readonly steps: number;
}

/** One tensor as a long pass reads it; arrays are lent. */
export type PassInput = Pick<PrepareInput, "tensor" | "rows" | "weights">;

/** What the sparsifiers leave of one tensor. */
export interface SparseVectors {
  /** The base's tensor. */
  readonly spec: TensorSpec;
  readonly experts: readonly ExpertId[];
  /** One per expert; read-only. */
  readonly rows: readonly Float32Array[];
}

export interface MergedTensor {
  /** name and shape of the base's tensor, dtype of the output. */
  readonly spec: TensorSpec;
  /** Fresh arrays, owned by the caller. */
  readonly rows: readonly Float32Array<ArrayBuffer>[];
  /** Set when the tensor is byte-identical to the base (kept, excluded, integer): write the base's own bytes. */
  readonly fromBase: boolean;
  /** Set where inputs choose among experts; the row is the base's weight then. */
  readonly routed?: RoutedLayer;
}

/** What a routed layer's graph is given beside the weight. */
export interface RoutedLayer {
  readonly site: RoutedSite;
  /** The tensors of `routedInputs`; fresh arrays, owned by the caller. */
  readonly inputs: readonly { readonly spec: TensorSpec; readonly values: Float32Array<ArrayBuffer> }[];
}

/** What a merge adds to one tensor of the base. */
export interface MergedUpdate {
  /** The base's tensor. */
  readonly spec: TensorSpec;
  readonly lambda: number;
  /** What λ multiplies; read-only. */
  readonly row: Float32Array;
  /** The same as a product of thin factors, where the method works on those. */
  readonly product: Product | undefined;
  /** The experts' adapters keep this weight as (in × out). */
  readonly isTransposed: boolean;
}

/** A merge before it is computed. */
export interface MergeOutline {
  /** In the base's order. */
  readonly tensors: readonly OutlinedTensor[];
  readonly warnings: readonly Warning[];
  /** Models that come out: 1, or one per enabled expert. */
  readonly rows: number;
}

export interface OutlinedTensor {
  /** name and shape of the base's tensor, dtype of the output. */
  readonly spec: TensorSpec;
  /** The base's own. */
  readonly storedAs: TensorSpec["dtype"];
  /** Where the tensor comes from when it is not merged. */
  readonly keep: "base" | ExpertId | undefined;
  readonly lambda: number;
  /** One per enabled expert of a merged tensor, else none. */
  readonly sites: readonly OutlinedSite[];
}

export interface OutlinedSite {
  readonly expert: ExpertId;
  readonly weight: number;
  /** What a rule or the first sparsifier's parameter asks for, 0…1; undefined where a formula, pool or evidence decides. */
  readonly density: number | undefined;
}
