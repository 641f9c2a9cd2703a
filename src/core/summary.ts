/** Plain summaries that cross from the workers to the page: no buffers of weights, no classes. */
import type { TensorNote } from "./methods/method.ts";
import type { EvidenceAbout } from "./model/evidence.ts";
import type { Repair, RepairPolicy } from "./recipe/repair.ts";
import type { ContentId, ExpertId, Recipe, Role } from "./recipe/schema.ts";
import type { RoutedSite } from "./routing/sites.ts";
import type { DType } from "./tensor/dtype.ts";

export interface CheckpointCard {
  readonly id?: ContentId;
  readonly step: number;
  /** File name as the user gave it, or the zoo's path. */
  readonly file: string;
  /** Set where the file says that it is a merge of ours: the method. */
  readonly mergedBy?: string;
  /** Set where entries of the file are no numbers and others stand in for them. */
  readonly repair?: Repair;
}

/** Where a merged file comes from. */
export interface Ancestry {
  readonly recipe: Recipe;
  /** Content of the merged tensors, as the file says. */
  readonly output: ContentId;
  /** Where a recipe gives one model per task: whose this is. */
  readonly expert?: ExpertId;
  readonly task?: string;
  readonly base: {
    readonly content: ContentId;
    readonly file?: string;
    readonly isHere: boolean;
    readonly repairedBy?: RepairPolicy;
    /** Set where it is a merge itself, and the file or the library tells of it. */
    readonly made?: Ancestry;
  };
  readonly experts: readonly AncestryExpert[];
  /** False when whoever saved it left the files' names out. */
  readonly hasNames: boolean;
}

export interface AncestryExpert {
  /** As the recipe calls it. */
  readonly id: ExpertId;
  readonly step: number;
  readonly content: ContentId;
  readonly file?: string;
  /** What stood in for entries of its file that are no numbers. */
  readonly repairedBy?: RepairPolicy;
  /** The library's own of that content. */
  readonly here?: { readonly expert: ExpertId; readonly step: number };
  /** Set where it is a merge itself, and the file or the library tells of it; told once for each content. */
  readonly made?: Ancestry;
}

/** What came of computing a merged file again. */
export type Rederived =
  | { readonly status: "equal"; readonly tensors: number }
  /** The first element, row-major, that differs. */
  | {
      readonly status: "differs";
      readonly tensor: string;
      readonly index: number;
      readonly computed: number;
      readonly stored: number;
    }
  | { readonly status: "differs"; readonly tensor: string; readonly isMissing: true }
  /** Parents that are not in the library, by the recipe's names for them. */
  | {
      readonly status: "missing";
      readonly experts: readonly ExpertId[];
      readonly isBaseMissing: boolean;
      /** Those of them that are merges whose own parents are all here: they can be made first. */
      readonly canBeMade: readonly ExpertId[];
    }
  /** Random masks are drawn by names, and those are hidden. */
  | { readonly status: "unrepeatable" };

export interface ExpertCard {
  readonly id: ExpertId;
  readonly label: string;
  /** The task it was trained for; absent for a dropped expert that nobody has assigned. */
  readonly task?: string;
  readonly source: "zoo" | "dropped" | "trained";
  /** Ascending steps; the last is the reference. */
  readonly checkpoints: readonly CheckpointCard[];
  readonly warnings: readonly string[];
}

export interface TaskCard {
  readonly id: string;
  readonly label: string;
  readonly classes: readonly string[];
  readonly chance: number;
  readonly n: {
    readonly validation: number;
    readonly quick: number;
    readonly test: number;
    readonly fewShot: number;
    /** Absent where the few shots are all that can be learned from. */
    readonly train?: number;
  };
}

export interface LibraryCard {
  readonly suite: string;
  readonly name: string;
  readonly base: {
    readonly id: ContentId;
    readonly label: string;
    readonly parameters: number;
    /** Set where entries of its file are no numbers and 0 stands in for them. */
    readonly repair?: Repair;
  };
  /** In depth order; merges and their summaries are in the base file's order. */
  readonly tensors: readonly TensorCard[];
  readonly tasks: readonly TaskCard[];
  readonly experts: readonly ExpertCard[];
}

/** Evidence that is here, for a recipe to name. */
export interface EvidenceCard {
  readonly id: ContentId;
  readonly about: EvidenceAbout;
  /** Weights that it speaks of, and the bytes that it takes in memory and in its file. */
  readonly tensors: number;
  readonly bytes: number;
  /** Share of its weights that a mask chooses, 0…1; absent for other kinds. */
  readonly density?: number;
}

/** What never changes about a tensor of the base. */
export interface TensorCard {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly count: number;
  readonly role: Role;
  /** Position in depth order, 0…tensors−1, and the block it belongs to ("blocks.2", "" for none). */
  readonly index: number;
  readonly block: string;
}

/** Statistics of the unsparsified task vectors of one tensor, at the chosen stop steps. */
export interface TensorStats {
  readonly name: string;
  readonly experts: readonly {
    readonly expert: ExpertId;
    readonly norm: number;
    /** RMS of τ relative to the RMS of base; 0 where base is 0. */
    readonly relative: number;
    /** 48 equal bins of |τ| over [0, max]. */
    readonly histogram: readonly number[];
    readonly max: number;
  }[];
  /** Mean over pairs of experts; NaN never, 0 with fewer than two experts. */
  readonly cosine: number;
  /** Share of entries where signs differ among those where both are non-zero; mean over pairs, 0…1. */
  readonly conflict: number;
}

/** How far two merges lie apart at one tensor, relative to how far the second one moves it; 1 where that is 0. */
export interface TensorDifference {
  readonly name: string;
  readonly relative: number;
}

/** What the merge did with one expert at one tensor. */
export interface SiteSummary {
  readonly expert: ExpertId;
  /** Realised share kept at the end of the chain, 0…1, and the share requested: what the chain's densities multiply to. */
  readonly density: number;
  readonly aim: number;
  readonly kept: number;
  /** Cut of the first sparsifier in |τ|. */
  readonly threshold?: number;
  /** What the first sparsifier went by; "rule" without a sparsifier is a trim by magnitude, "none" keeps everything. */
  readonly by: "param" | "formula" | "pool" | "evidence" | "rule" | "exempt" | "none";
  /** Index into recipe.rules of the rule that set the density; absent otherwise. */
  readonly rule?: number;
  readonly weight: number;
}

/** What the merge did with one tensor. */
export interface TensorSummary {
  readonly name: string;
  readonly lambda: number;
  /** Index of the rule that set λ or keep; absent otherwise. */
  readonly rule?: number;
  /** "base" or an expert when the tensor was not merged; absent otherwise. */
  readonly keep?: string;
  readonly sites: readonly SiteSummary[];
  /** What the method told of the tensor, if anything. */
  readonly note?: TensorNote;
}

/** How many entries of a part of the model each expert's region holds. */
export interface MaskShare {
  readonly name: string;
  readonly entries: number;
  /** One count per expert. */
  readonly kept: readonly number[];
}

/** What a recipe's sparsifiers leave of the experts, and how much of it they share; of the tensors that are merged. */
export interface MaskSummary {
  /** Enabled experts, in the recipe's order. */
  readonly experts: readonly ExpertId[];
  /** In the base's order. */
  readonly tensors: readonly MaskShare[];
  readonly roles: readonly MaskShare[];
  /** "" for what stands outside all blocks. */
  readonly blocks: readonly MaskShare[];
  /** Entries by how many experts hold them: one count more than there are experts, the first of those that nobody holds. */
  readonly overlap: readonly number[];
  /** |a ∧ b| / |a ∨ b| of each pair, 0…1; 1 for two empty regions. */
  readonly jaccard: readonly (readonly number[])[];
  /** Of the whole tensors, and of each region saved as indices and values: their ratio is the compression. */
  readonly modelBytes: number;
  readonly regionBytes: readonly number[];
}

export interface MergeSummary {
  readonly recipeKey: string;
  /** Counts merges into this image; evaluations name the revision they want. */
  readonly revision: number;
  readonly changed: number;
  readonly total: number;
  readonly milliseconds: number;
  /** One row per tensor, in the base's order. */
  readonly tensors: readonly TensorSummary[];
  readonly warnings: readonly Warning[];
  /** Of routed methods: the layers at which experts join in, in the base's order. */
  readonly routing?: readonly RoutedSite[];
}

/** Something the user should know though the merge went on. */
export interface Warning {
  readonly code:
    | "rule/no-match"
    | "rule/shadowed"
    | "density/zero"
    | "weight-space/lambda"
    | "expert/missing-tensors"
    | "evidence/other-step"
    | "non-finite"
    | "overflow"
    | "no-experts"
    | "method/two-kinds"
    | "subspace/no-room"
    | "lora/cross-terms";
  readonly message: string;
  readonly details: Readonly<Record<string, string | number>>;
}

/** One dropped file: what it became, or why it was refused. */
export type OpenResult =
  | { readonly ok: true; readonly file: string; readonly expert: ExpertCard }
  | { readonly ok: true; readonly file: string; readonly evidence: EvidenceCard }
  /** No model, but inputs and labels. */
  | { readonly ok: true; readonly file: string; readonly isExamples: true }
  | {
      readonly ok: false;
      readonly file: string;
      readonly code: string;
      readonly message: string;
      readonly details: Readonly<Record<string, unknown>>;
    };

/** A finished export; the bytes are handed out separately. */
export interface SavedModel {
  readonly fileName: string;
  /** Content hash of the merged tensors: equal recipes on equal inputs give equal hashes. */
  readonly content: ContentId;
}
