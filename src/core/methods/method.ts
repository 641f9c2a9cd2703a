import type { z } from "zod";
import type { Context } from "../context.ts";
import type { Described } from "../described.ts";
import type { Product } from "../linalg/product.ts";
import type { EvidenceKind } from "../model/evidence.ts";
import type { LinearUse, LowRank } from "../model/library.ts";
import type { Warning } from "../summary.ts";
import type { Kernels } from "../tensor/kernels.ts";
import type { TensorSpec } from "../tensor/tensor.ts";

/** A merge method: K rows of values in, one merged row out (or one per task). λ belongs to the engine, not to the method. */
export interface MergeMethod<G = unknown, S = unknown> extends Described {
  /** "delta": rows are (sparsified) task vectors and merged = base + λ · out. "weight": rows are weights and merged = out. */
  readonly space: "delta" | "weight";
  /**
   * "single": out has one row. "per-task": out has K rows, row k is the merge to use for expert k's task. "routed": out
   * has one row, for tensors without routes; where `route` gives some, the base stays and experts join in input by input.
   */
  readonly output: OutputKind;
  /** λ's default and upper end on the slider, or "none" for weight-space methods. */
  readonly lambda: { readonly default: number; readonly max: number } | "none";
  readonly params: z.ZodObject & z.ZodType<G>;
  /** Chain that a new recipe of this method starts with: the paper's own. */
  readonly sparsifiers?: readonly {
    readonly id: string;
    readonly params: Readonly<Record<string, number | boolean | string>>;
  }[];
  /** Bumped when results change for the same params: part of every key. */
  readonly revision: number;
  /** True when the order of experts changes the result by more than rounding. */
  readonly ordered?: boolean;
  /** True when even a lone expert comes out changed. */
  readonly reshapes?: boolean;
  /** True when these params give Σ weight · vector, with one vector per expert that depends on no weight. */
  isWeightedSum?(params: G): boolean;
  /** True when its pass holds every task vector at once, so that memory grows with the model. */
  readonly holdsAll?: boolean;
  /** What the user should know of these tensors before they are merged, by their shapes alone. */
  warn?(tensors: readonly TensorSpec[], experts: number, params: G): readonly Warning[];
  /** The kind of evidence about every expert that these params need, if any; at most one parameter decides. */
  needs?(params: G): EvidenceKind | undefined;
  /** A pass over all shared tensors before any is merged, if these params need one. Cached under its inputs and the params named in `reads`. */
  readonly prepare?: {
    readonly reads: readonly (keyof G & string)[];
    /**
     * True when it optimises for seconds and more, in as many steps as its parameter `steps` says: then it is better
     * made elsewhere (Merger.givePass), and `run` is given what was made.
     */
    readonly isLong?: boolean;
    needed(params: G): boolean;
    run(
      tensors: AsyncIterable<PrepareInput>,
      params: G,
      kernels: Kernels,
      context: Context,
      made?: PassMade,
    ): Promise<S>;
  };
  /** Fills out, and returns what there is to tell. `state` is undefined when prepare was not needed. */
  merge(input: MergeInput, params: G, state: S | undefined, kernels: Kernels): TensorNote | undefined;
  /** The row that `merge` fills as a product of thin factors, before λ; undefined where it is none. For saving adapters. */
  lowRank?(input: PrepareInput, params: G, kernels: Kernels): Product | undefined;
  /** Of "routed" methods: the experts' updates of a linear layer; undefined where the tensor is none, or nothing changes. */
  route?(input: PrepareInput, params: G, kernels: Kernels): Routes | undefined;
}

/** What a long pass makes of tensors, by name; read-only. */
export type PassMade = ReadonlyMap<string, readonly Float32Array[]>;

/** Models that a recipe gives: one, one per task, or one whose experts join in input by input. */
export type OutputKind = "single" | "per-task" | "routed";

/** What a method tells of one tensor beside its values. Small and plain. */
export interface TensorNote {
  /** Rank of the merged update; of routed layers the sum of the experts' ranks. */
  readonly rank: number;
  /** Share of the updates' energy (Σ of squares) that this rank keeps, 0…1. */
  readonly energy: number;
  /** ‖mean B · mean A − mean BA‖ ÷ ‖mean BA‖, where factors were averaged one by one. */
  readonly cross?: number;
  /** Of routed layers: each expert's rank. */
  readonly ranks?: readonly number[];
}

/** How a linear layer y = x · W, of `in` inputs and `out` outputs, hands inputs to experts. All row-major. */
export interface Routes {
  /** in × R: the experts' factors beside each other. */
  readonly down: Float32Array;
  /** R × out, with the experts' weights and scales in it; λ comes later. */
  readonly up: Float32Array;
  /** in × K: what each expert's update listens to, of length 1; 0 for one without an update. */
  readonly prototypes: Float32Array;
  /** Experts that an input goes to, 1…K. */
  readonly topK: number;
  readonly temperature: number;
  /** With `ranks`: K numbers that add up to R. */
  readonly note: TensorNote & { readonly ranks: readonly number[] };
}

/** One tensor as `prepare` sees it; the same rows that `merge` will get. Read-only. */
export type PrepareInput = Omit<MergeInput, "out">;

export interface MergeInput {
  readonly tensor: TensorSpec;
  /** K rows of n values; read-only. K ≥ 1. */
  readonly rows: readonly Float32Array[];
  /** K expert weights, resolved at this tensor. */
  readonly weights: readonly number[];
  /** n base values; read-only. */
  readonly base: Float32Array;
  /** One per row when the method needs evidence: n values ("gram": in × in), or undefined where it says nothing of this tensor. Read-only. */
  readonly evidence?: readonly (Float32Array | undefined)[];
  /** Of "gram": the weight is stored as (in × out), not as (out × in). */
  readonly inputsFirst?: boolean;
  /** For methods with `lowRank` or `route`, one per row: the row as an adapter's factors, where it is just that. */
  readonly factors?: readonly (LowRank | undefined)[];
  /** For methods with `route`: how the graph uses the tensor as a linear layer; undefined where it does not. */
  readonly layer?: LinearUse | undefined;
  /** 1 row, or K rows ("per-task"), of n values to fill; zeroed by the caller, never aliases rows or base. */
  readonly out: readonly Float32Array[];
}

/** Checks a method's types and forgets its parameter types, so that lists can hold it. */
export function defineMethod<G, S = undefined>(method: MergeMethod<G, S>): MergeMethod {
  return method as unknown as MergeMethod;
}
