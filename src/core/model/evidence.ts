/**
 * Evidence: what data said about an expert or about the base, as tensors that a method reads beside the weights.
 *
 * It is computed once (by gradients or activations), kept under its content's hash and named by the recipe, so that a
 * merge stays a pure function of (recipe, checkpoints, evidence).
 */
import type { ContentId, ExpertId } from "../recipe/schema.ts";
import type { Checkpoint } from "./library.ts";

/**
 * - "mask": 0 or 1 per weight: the localised region of a task (Localize-and-Stitch)
 * - "fisher": diagonal Fisher information per weight, ≥ 0
 * - "gram": XᵀX / n of the inputs of a linear layer, (in × in) per 2-D weight that is one
 * - "sensitivity": TaLoS's score per weight of the base, for a task's data
 */
export const evidenceKinds = ["mask", "fisher", "gram", "sensitivity"] as const;
export type EvidenceKind = (typeof evidenceKinds)[number];

/** How evidence came about: enough to compute it again. */
export interface EvidenceAbout {
  readonly kind: EvidenceKind;
  readonly expert: ExpertId;
  /** The checkpoint it speaks of: the expert's, or the base's for "sensitivity". */
  readonly checkpoint: ContentId;
  readonly base: ContentId;
  /** Optimiser step of that checkpoint; absent for the base. */
  readonly step?: number;
  /** Task and split whose examples were read, and how many. */
  readonly task: string;
  readonly examples: number;
  /** Options of the computation, seed among them. */
  readonly options: Readonly<Record<string, number | string | boolean>>;
  /** Of "gram": the weights that are stored as (in × out), as ONNX's MatMul takes them; all others are (out × in). */
  readonly inputsFirst?: readonly string[];
}

/** `tensors` and `load` give the evidence itself, under the weights' names; weights that it says nothing of are absent. */
export interface Evidence extends Checkpoint {
  readonly about: EvidenceAbout;
}
