import type { z } from "zod";
import type { Context } from "../context.ts";
import type { Described } from "../described.ts";
import type { EvidenceKind } from "../model/evidence.ts";
import type { Digits, Kernels } from "../tensor/kernels.ts";
import type { TensorSpec } from "../tensor/tensor.ts";

/**
 * Turns a task vector into a sparser one, tensor by tensor. Chains are arrays: the output of one is the input of the next.
 *
 * Two passes: `prepare` sees the whole expert once (thresholds of model scope, budgets), `apply` one tensor.
 */
export interface Sparsifier<P = unknown, S = unknown> extends Described {
  readonly params: z.ZodObject & z.ZodType<P>;
  /** Bumped when results change for the same params: part of every key. */
  readonly revision: number;
  /** True when the recipe's seed decides what is dropped. */
  readonly usesSeed?: boolean;
  /** The kind of evidence about the expert that these params need, if any; at most one parameter decides. */
  needs?(params: P): EvidenceKind | undefined;
  /** A pass over the whole expert, if these params need one. Its result is cached under the params named in `reads`. */
  readonly prepare?: {
    readonly reads: readonly (keyof P & string)[];
    /** False when these params need no pass (a per-tensor scope, say). */
    needed(params: P): boolean;
    run(vector: VectorView, params: P, kernels: Kernels, context: Context): Promise<S>;
  };
  /** Sparsifies `delta` in place (the caller owns it) and says what it did. `state` is undefined when prepare was not needed. */
  apply(delta: Float32Array, site: Site, params: P, state: S | undefined, kernels: Kernels): Sparsified;
}

/** One tensor of one expert. */
export interface Site {
  readonly tensor: TensorSpec;
  readonly expert: string;
  readonly seed: number;
  /** Set by a rule: replaces whatever density the sparsifier would choose. 0…1. */
  readonly density?: number;
  /** What the needed evidence says of the tensor: n values, read-only; undefined where it says nothing. */
  readonly evidence?: Float32Array | undefined;
  /** Top digits of `delta` as it comes in, from a cache; absent where none is kept. */
  digits?(): Digits;
}

/** What happened at one site. */
export interface Sparsified {
  /** Density aimed at, 0…1, as the parameters or the formula gave it. */
  readonly density: number;
  /** Entries kept. */
  readonly kept: number;
  /** Where the density came from: the parameter itself, a formula over this tensor, the model-wide pool, evidence, a rule, or an exemption. */
  readonly by: "param" | "formula" | "pool" | "evidence" | "rule" | "exempt";
  /** |τ| at which the cut lies, for the histogram; absent for random drops. */
  readonly threshold?: number;
}

/** One expert's task vector, lazily; names in the base's order. */
export interface VectorView {
  readonly expert: string;
  /** The tensors of the pool: shared, floating, not kept from base, and without a density set by a rule (those leave the pool). */
  readonly tensors: readonly TensorSpec[];
  /** Tensors locked by the user: a budget match leaves their densities alone. */
  readonly locked?: ReadonlySet<string>;
  /** Task vector as it enters this sparsifier; read-only. */
  delta(name: string): Promise<Float32Array>;
  /** Its top digits, from a cache; undefined where none is kept. */
  digits?(name: string): Promise<Digits | undefined>;
  /** What the needed evidence says of a tensor; read-only, undefined where it says nothing. */
  evidence(name: string): Promise<Float32Array | undefined>;
}

/** Checks a sparsifier's types and forgets its parameter types, so that lists can hold it. */
export function defineSparsifier<P, S = undefined>(sparsifier: Sparsifier<P, S>): Sparsifier {
  return sparsifier as unknown as Sparsifier;
}
