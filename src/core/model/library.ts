/** What the merge engine reads: a base, and experts with checkpoints, opened on demand. */
import type { Repair } from "../recipe/repair.ts";
import type { ContentId, ExpertId } from "../recipe/schema.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import type { Evidence } from "./evidence.ts";

export interface ModelLibrary {
  readonly base: Checkpoint;
  expert(id: ExpertId): ExpertModel | undefined;
  /** What data said, by content; undefined for what was neither computed nor opened here. */
  evidence(id: ContentId): Evidence | undefined;
  /** Weights that the family's graph uses as linear layers and nothing else. @throws AppError eval/graph without a graph */
  linearLayers?(): Promise<ReadonlyMap<string, LinearUse>>;
}

/** How a linear layer reads its weight: y = x · Wᵀ of (out × in), or y = x · W of (in × out). */
export type LinearUse = "outputs-first" | "inputs-first";

/** The tensors of one model at one moment of its training. */
export interface Checkpoint {
  readonly id: ContentId;
  /**
   * SHA-256 of every tensor's bytes, by name: tensors whose bytes are equal everywhere are tied, and stay so. Absent where
   * nobody has hashed them one by one.
   */
  readonly digests?: ReadonlyMap<string, string>;
  /** In file order for the base (which gives the merge its order); any order otherwise. */
  readonly tensors: ReadonlyMap<string, TensorSpec>;
  /** Values as f32. The callee owns the array: read-only for the caller, and it may be handed out again. */
  load(name: string): Promise<Float32Array>;
  /** The task vector as factors, for adapters; undefined where the tensor is no low-rank update of the base. */
  factors?(name: string): Promise<LowRank | undefined>;
  /** Set where entries of the file were no numbers and others stand in for them. */
  readonly repair?: Repair;
}

/** expert − base = scale · B · A, or its transpose; trailing dimensions of convolutions are part of the columns. */
export interface LowRank {
  /** rank × columns. */
  readonly A: Float32Array;
  /** rows × rank. */
  readonly B: Float32Array;
  readonly rank: number;
  readonly rows: number;
  readonly columns: number;
  readonly scale: number;
  readonly isTransposed: boolean;
}

export interface ExpertModel {
  readonly id: ExpertId;
  readonly task?: string;
  /** Ascending, never empty. */
  readonly steps: readonly number[];
  /** @throws AppError recipe/unknown-checkpoint for a step it does not have */
  checkpoint(step: number): Promise<Checkpoint>;
}
