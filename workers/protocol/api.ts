/**
 * What the page may ask of the workers, and what they tell it unasked. Types only.
 *
 * Plain data in, plain summaries out; weights cross between workers over their own port and never touch the page.
 * Every long call takes a job id minted by the caller: it carries progress, cancellation and blame.
 */
import type { Flip, HardOptions, PairedComparison, RetentionReport, Split } from "#core/eval/report.ts";
import type { TaskChoice } from "#core/library/added-tasks.ts";
import type { AdapterReach, ExportedAdapter } from "#core/library/export-adapter.ts";
import type { ExportedRegion } from "#core/library/export-region.ts";
import type { FoundTask } from "#core/library/found-task.ts";
import type { OwnOptions } from "#core/library/own-family.ts";
import type { Shots } from "#core/library/prototypes.ts";
import type { RecipeSeal } from "#core/library/seal.ts";
import type { LongPass } from "#core/merge/merger.ts";
import type { OutputKind } from "#core/methods/method.ts";
import type { OpenExpert } from "#core/recipe/find-experts.ts";
import type { RepairPolicy } from "#core/recipe/repair.ts";
import type { ContentId, Recipe } from "#core/recipe/schema.ts";
import type { RecipeInputs } from "#core/recipe/share.ts";
import type { RoutedSite } from "#core/routing/sites.ts";
import type {
  Ancestry,
  ExpertCard,
  LibraryCard,
  MaskSummary,
  MergeSummary,
  OpenResult,
  Rederived,
  SavedModel,
  TensorDifference,
  TensorStats,
} from "#core/summary.ts";
import type { KeptThing, Restored } from "./kept.ts";
import type { SavedRun, TracePoint } from "./optimise.ts";

export type JobId = number;

/**
 * A merged model as the eval worker holds it. "live" follows the recipe on screen; "side" serves baselines,
 * trajectories and λ probes, so that they never disturb the live image.
 */
export type ImageId = "live" | "side";

/** A file that the user gave, with the folders that it came in: a File that crosses to a worker forgets them. */
export interface DroppedFile {
  readonly path: string;
  readonly file: File;
  /** What becomes of its entries that are no numbers; without it such a file is refused. */
  readonly nonFinite?: RepairPolicy | undefined;
}

/** A family made of the user's own files: base, experts (their heads are looked at), adapters' configs, examples. */
export interface OwnSource {
  /** Minted by the page, anew for every change. */
  readonly id: string;
  /** Path of the base among the files. */
  readonly base: string;
  readonly files: readonly DroppedFile[];
  readonly options: OwnOptions;
}

/** Examples that the user has added to a family as a task. */
export interface TaskSource extends TaskChoice {
  /** All that was dropped with them: several tasks may come from the same list. */
  readonly files: readonly DroppedFile[];
  /** Which of the data sets that the files hold. */
  readonly dataset: string;
  /** How many examples of a class its direction is drawn from, where heads are drawn. */
  readonly shots: Shots;
  /** The head (C × features), a few kB, drawn once so that all workers have the same; absent where none is drawn. */
  readonly directions?: Float32Array<ArrayBuffer> | undefined;
}

/** A family with more tasks than it came with. */
export interface ExtendedSource {
  /** Minted by the page, anew for every change. */
  readonly id: string;
  readonly family: string | OwnSource;
  readonly tasks: readonly TaskSource[];
}

/** The absolute address of a zoo family's family.json, on our own origin; or the user's own files; or one with added tasks. */
export type FamilySource = string | OwnSource | ExtendedSource;

export type WorkerEvent =
  | { readonly type: "progress"; readonly job: JobId; readonly done: number; readonly total: number }
  /** A growing sample: the report so far of an evaluation that goes on. */
  | { readonly type: "report"; readonly job: JobId; readonly report: RetentionReport }
  /** Points of a job's curves, gathered so that no more than some 30 events a second are sent. */
  | { readonly type: "trace"; readonly job: JobId; readonly points: readonly TracePoint[] }
  /** A training has made another checkpoint of its expert. */
  | { readonly type: "expert"; readonly job: JobId; readonly expert: ExpertCard }
  /** A job goes on but cannot be saved: it would not survive a reload. Told once. */
  | { readonly type: "unsaved"; readonly job: JobId; readonly code: string; readonly message: string }
  | { readonly type: "memory"; readonly bytes: number }
  /** What is kept in private storage has changed, or something could not be kept. */
  | { readonly type: "kept"; readonly failure?: { readonly code: string; readonly message: string } };

export interface ModelsApi {
  connect(events: MessagePort, toEval: MessagePort): void;
  /** Answers the optimise worker (as CheckpointApi) on this port from now on; a port lent before is closed. */
  lend(port: MessagePort): void;
  /** Trainings that can go on after a pause or a reload, newest first. @throws AppError storage/unavailable */
  savedRuns(): Promise<readonly SavedRun[]>;
  /** Deletes a saved training and its checkpoints; experts in the library stay. @throws AppError storage/unavailable */
  forgetRun(run: string): Promise<void>;
  /** Brings back what was made here over the open base and kept. @throws AppError model/no-base, storage/unavailable */
  restore(): Promise<Restored>;
  /** Whether what is made here is kept from now on: what this session has made already, too. */
  setKeeping(isKeeping: boolean): Promise<void>;
  /** All that is kept, of every base, oldest first. @throws AppError storage/unavailable */
  kept(): Promise<readonly KeptThing[]>;
  /** Deletes what is kept by the names of its files; what is open stays open. @throws AppError storage/unavailable */
  removeKept(keys: readonly string[]): Promise<void>;
  /** Deletes all that is kept, and every saved training that no window works on. @throws AppError storage/unavailable */
  clearKept(): Promise<void>;
  /**
   * Opens a family: base and descriptions now, experts' tensors on demand. Of the user's own files only the base and
   * the examples; experts among them are opened by `open`.
   *
   * @throws AppError zoo/unavailable, data/malformed, eval/graph, file/…
   */
  openZoo(job: JobId, family: FamilySource): Promise<LibraryCard>;
  /** Reads dropped files as experts or checkpoints of the open base; per file with weights an expert or why not. */
  open(job: JobId, files: readonly DroppedFile[]): Promise<readonly OpenResult[]>;
  /** Takes the open family with other tasks; everything else that is open stays. @throws as openZoo */
  retask(job: JobId, family: ExtendedSource): Promise<LibraryCard>;
  /** Drops an expert that was dropped in or trained, here and from what is kept; zoo experts stay. */
  forget(expert: string): Promise<void>;
  /** Merges into an image and sends the changed tensors to the eval worker. */
  merge(job: JobId, recipe: Recipe, image: ImageId): Promise<MergeSummary>;
  /** Tells of the recipe's long pass, if it has one; no tensor is read. */
  longPass(job: JobId, recipe: Recipe): Promise<LongPass | undefined>;
  /** The open checkpoints of these contents, as experts with their ids here; those of no content that is open are left out. */
  findByContent(job: JobId, inputs: RecipeInputs): Promise<readonly OpenExpert[]>;
  /** Statistics of the task vectors at the recipe's stop steps; cached per (tensor, checkpoints). */
  describe(job: JobId, recipe: Recipe): Promise<readonly TensorStats[]>;
  /** Writes the merged model. For per-task methods `task` says whose; names of files are told in it unless they are hidden. */
  export(
    job: JobId,
    recipe: Recipe,
    as: "safetensors" | "onnx",
    task?: string,
    hideNames?: boolean,
  ): Promise<SavedModel & { readonly blob: Blob }>;
  /** Where an expert that is a merge of ours comes from. @throws AppError recipe/unknown-checkpoint when it is none */
  ancestry(job: JobId, expert: string, step: number): Promise<Ancestry>;
  /** Computes such an expert again from its parents. @throws likewise, and what merging throws */
  rederive(job: JobId, expert: string, step: number): Promise<Rederived>;
  /** How far the merge of one recipe lies from that of another, tensor by tensor, largest first. */
  difference(job: JobId, recipe: Recipe, from: Recipe): Promise<readonly TensorDifference[]>;
  /** What the recipe's sparsifiers leave of each enabled expert, counted. */
  describeMasks(job: JobId, recipe: Recipe): Promise<MaskSummary>;
  /** Writes what the recipe's sparsifiers leave of one expert: indices and values. @throws AppError recipe/unknown-expert */
  exportRegion(
    job: JobId,
    recipe: Recipe,
    expert: string,
  ): Promise<Omit<ExportedRegion, "pieces"> & { readonly blob: Blob }>;
  /** How much of the merge LoRA adapters of every rank would keep. @throws AppError export/failed */
  adapterReach(job: JobId, recipe: Recipe): Promise<AdapterReach>;
  /** Writes the merge as a LoRA adapter of at most this rank: two files. @throws AppError export/failed */
  exportAdapter(
    job: JobId,
    recipe: Recipe,
    rank: number,
  ): Promise<
    Omit<ExportedAdapter, "files"> & {
      readonly files: readonly { readonly fileName: string; readonly blob: Blob }[];
    }
  >;
  /** A piece of evidence as a file that can be dropped again. @throws AppError recipe/missing-evidence */
  exportEvidence(job: JobId, id: ContentId): Promise<{ readonly fileName: string; readonly blob: Blob }>;
  /** Lets go of evidence, here and in what is kept; one that is not here changes nothing. */
  forgetEvidence(id: ContentId): Promise<void>;
  /** The contents that a recipe reads and gives, to be saved with it. Per-task methods have no one output. */
  seal(job: JobId, recipe: Recipe): Promise<RecipeSeal>;
  cancel(job: JobId): void;
}

export interface EvaluateRequest {
  readonly image: ImageId;
  /** The image must be at this revision; a newer one makes the call fail as superseded (an abort, not an error). */
  readonly revision: number;
  readonly recipeKey: string;
  readonly output: OutputKind;
  readonly split: Split;
  /** Examples per task after which a report is due, ascending; the last is where it ends. Capped at the split's size. */
  readonly stages: readonly number[];
  /** Absent = all tasks. */
  readonly tasks?: readonly string[];
  readonly hard: HardOptions;
  /** The recipe that the simple average must be of: the average of other stop steps is not shown. Absent = the one kept last. */
  readonly averageKey?: string;
  /** Keep the predictions as this baseline of the suite, for every later report. "expert" needs `tasks` of length 1. */
  readonly keepAs?: "base" | "average" | "expert";
  /** "inputs": weights are graph inputs, no session is made. "external": a session with constant weights. */
  readonly session: "inputs" | "external";
}

export interface EvalApi {
  connect(events: MessagePort, fromModels: MessagePort): Promise<EngineInfo>;
  /** Loads graph, heads and examples of a family, as for ModelsApi.openZoo; nothing of one without tasks. */
  openZoo(job: JobId, family: FamilySource): Promise<void>;
  /** Looks at examples as tasks of a family. @throws AppError data/malformed, eval/… when its base cannot be evaluated on them */
  inspectTasks(
    job: JobId,
    family: FamilySource,
    files: readonly DroppedFile[],
  ): Promise<readonly FoundTask[]>;
  /** Draws the heads of a family's tasks from the one of this number on; none where they need none. @throws AppError data/malformed, eval/… */
  prepareTasks(
    job: JobId,
    family: ExtendedSource,
    from: number,
  ): Promise<readonly (Float32Array<ArrayBuffer> | undefined)[]>;
  evaluate(job: JobId, request: EvaluateRequest): Promise<RetentionReport>;
  /**
   * Another report over predictions that are still known (new definition of hard, baselines arrived), or undefined.
   * `averageKey`: the recipe that the simple average must be of; absent = the average kept last.
   */
  report(
    recipeKey: string,
    split: Split,
    hard: HardOptions,
    averageKey?: string,
  ): Promise<RetentionReport | undefined>;
  /** Compares two evaluated recipes on the examples both have seen; empty when one is not known. */
  compare(recipeKey: string, otherKey: string, split: Split): Promise<readonly PairedComparison[]>;
  /** Up to `limit` examples each that recipeKey won and lost against otherKey, hardest first. */
  flips(recipeKey: string, otherKey: string, split: Split, limit: number): Promise<readonly Flip[]>;
  /** Classes that an evaluated recipe predicts for a task's first examples; undefined when they are not known any more. */
  predictions(recipeKey: string, split: Split, task: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Classes of a task's first n examples. @throws AppError model/unknown-task, zoo/unavailable */
  labels(task: string, split: Split, n: number): Promise<Uint8Array<ArrayBuffer>>;
  cancel(job: JobId): void;
}

export interface EngineInfo {
  readonly threads: number;
  readonly isolated: boolean;
}

/** Over the port from models to eval. Tensors are moved, not copied. */
export type ImageMessage =
  | {
      readonly type: "tensor";
      readonly image: ImageId;
      readonly name: string;
      /** One row, or one per expert of the recipe ("per-task"). */
      readonly rows: readonly Float32Array<ArrayBuffer>[];
    }
  /**
   * All changed tensors of this revision have been sent. `tasks` names the task of each row for "per-task" images,
   * `routing` the layers of "routed" ones at which experts join in.
   */
  | {
      readonly type: "commit";
      readonly image: ImageId;
      readonly revision: number;
      readonly tasks?: readonly string[];
      readonly routing?: readonly RoutedSite[];
    };
