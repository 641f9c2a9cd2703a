/**
 * What the page may ask of the optimise worker: everything that takes gradients or activations. Types only.
 *
 * Requests are plain data with core's own specs in them; what is made (checkpoints, evidence) goes to the models worker
 * over a port of its own, and the page gets cards.
 */

import type { Coefficients } from "#core/adamerging/adamerging.ts";
import type { AdamergingSpec } from "#core/adamerging/spec.ts";
import type { Cost } from "#core/cost.ts";
import type { DeltaReport } from "#core/doge/run.ts";
import type { LocaliseSpec } from "#core/localise/spec.ts";
import type { EvidenceAbout } from "#core/model/evidence.ts";
import type { ContentId, ExpertId, Recipe, Rule } from "#core/recipe/schema.ts";
import type { FisherSpec } from "#core/statistics/fisher.ts";
import type { GramSpec } from "#core/statistics/gram.ts";
import type { EvidenceCard, ExpertCard } from "#core/summary.ts";
import type { TalosSpec } from "#core/talos/spec.ts";
import type { TrainSpec } from "#core/train/spec.ts";
import type { EngineInfo, FamilySource, JobId } from "./api.ts";
import type { OpenedPass, PassApi } from "./pass.ts";

/** Which weights to start from or to speak of; a step that is absent is the expert's last. */
export type CheckpointRef = "base" | ExpertStep;

export interface ExpertStep {
  readonly expert: ExpertId;
  readonly step?: number;
}

/** Trains an expert on all of a task's training examples; every checkpoint joins the library as soon as it is made. */
export interface TrainRequest {
  readonly kind: "train";
  readonly task: string;
  readonly from: CheckpointRef;
  readonly spec: TrainSpec;
  /** What the user calls the expert. */
  readonly label: string;
  /** A mask of the library, for the mode "sparse". */
  readonly mask?: ContentId;
}

/** Finds the region of an expert that does its task (Localize-and-Stitch): a mask. */
export interface LocaliseRequest extends ExpertStep {
  readonly kind: "localise";
  readonly spec: LocaliseSpec;
  /** The tensors that the region may lie in; absent = all. */
  readonly include?: Rule["match"];
}

/** Finds the weights of the base that a task's answers depend on least (TaLoS): a mask and the sensitivities. */
export interface CalibrateRequest {
  readonly kind: "calibrate";
  readonly task: string;
  /** The expert that a recipe will know the evidence by. */
  readonly expert: ExpertId;
  readonly spec: TalosSpec;
}

/** Measures the diagonal Fisher information of an expert on its task. */
export interface FisherRequest extends ExpertStep {
  readonly kind: "fisher";
  readonly spec: FisherSpec;
}

/** Measures the Gram matrices of an expert's linear layers on its task, for RegMean. */
export interface GramRequest extends ExpertStep {
  readonly kind: "gram";
  readonly spec: GramSpec;
}

/** Finds coefficients of the experts' task vectors by the entropy on their tasks' unlabelled examples (AdaMerging). */
export interface AdamergeRequest {
  readonly kind: "adamerge";
  readonly experts: readonly ExpertStep[];
  readonly spec: AdamergingSpec;
  /** A weighted sum of these experts: what it makes of each takes the place of its task vector. */
  readonly of?: Recipe;
}

export type WorkRequest =
  | TrainRequest
  | LocaliseRequest
  | CalibrateRequest
  | FisherRequest
  | GramRequest
  | AdamergeRequest;
export type WorkKind = WorkRequest["kind"];

/** What came of a request. A paused one is finished as a call, and goes on with `resume`. */
export type WorkOutcome =
  | {
      readonly kind: "trained";
      readonly expert: ExpertCard;
      /** Step of the checkpoint to merge where training ended on a plateau; the last one otherwise. */
      readonly best?: number;
    }
  | { readonly kind: "evidence"; readonly evidence: readonly EvidenceCard[] }
  /** `of`: the recipe whose vectors they scale; absent = the experts' task vectors. */
  | { readonly kind: "coefficients"; readonly coefficients: Coefficients; readonly of?: Recipe }
  | { readonly kind: "paused"; readonly run: SavedRun };

/** Curves that a job draws while it runs. */
export type CurveName =
  | "loss"
  | "learning-rate"
  | "gradient-norm"
  | "validation"
  | "density"
  | "grafted"
  | "entropy"
  | "checkpoint";

export interface TracePoint {
  readonly curve: CurveName;
  /** Optimiser step, epoch or round. */
  readonly at: number;
  /** Loss and entropy in nats, shares 0…1, a checkpoint's step. */
  readonly value: number;
  /** Proportions carry the examples behind them and their 95 % interval. */
  readonly n?: number;
  readonly low?: number;
  readonly high?: number;
}

/** A run that can go on: paused, or cut off by a reload. */
export interface SavedRun {
  readonly id: string;
  readonly request: TrainRequest;
  /** The base that it was started on; it goes on only where that is open. */
  readonly base: ContentId;
  readonly step: number;
  readonly steps: number;
  /** Of everything that is kept of it. */
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  /** Running right now, here or in another window. */
  readonly isRunning: boolean;
}

/** What a request will take, before it starts. */
export interface WorkCost extends Cost {
  /** From a run of this network measured on this machine; within a factor of two. */
  readonly seconds: number;
  /** Largest estimate of what the runtime's heap holds at once. */
  readonly heapBytes: number;
}

/** What the optimise worker may ask of the models worker; arrays are moved. */
export interface CheckpointApi extends PassApi {
  /** Where the open family comes from, and its base's content. @throws AppError model/no-base */
  family(): Promise<{ readonly source: FamilySource; readonly base: ContentId }>;
  /** f32 by name, copies; absent names = all floating-point tensors. @throws AppError recipe/unknown-… */
  load(from: CheckpointRef, names?: readonly string[]): Promise<LoadedCheckpoint>;
  /** What a weighted sum makes of one of its experts, copies; tensors that it leaves alone are absent. @throws AppError recipe/… */
  vector(recipe: Recipe, expert: ExpertId): Promise<ReadonlyMap<string, Float32Array<ArrayBuffer>>>;
  /** A mask by weight, copies. @throws AppError recipe/missing-evidence, also for evidence of another kind */
  evidence(id: ContentId): Promise<ReadonlyMap<string, Float32Array<ArrayBuffer>>>;
  /** Takes what a training made; `run` gathers the checkpoints of one expert. @throws AppError model/… */
  addTrained(made: MadeCheckpoint): Promise<ExpertCard>;
  /** Keeps what was computed; base and checkpoint are filled in from `of`. @throws AppError recipe/unknown-… */
  addEvidence(made: MadeEvidence): Promise<EvidenceCard>;
}

export interface LoadedCheckpoint {
  readonly id: ContentId;
  /** Absent for the base and for experts of no task. */
  readonly task?: string;
  /** Absent for the base. */
  readonly step?: number;
  readonly tensors: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
}

export interface MadeCheckpoint {
  readonly run: string;
  readonly label: string;
  readonly task: string;
  readonly step: number;
  readonly tensors: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
}

export interface MadeEvidence {
  /** Whose checkpoint it speaks of. */
  readonly of: CheckpointRef;
  readonly about: Omit<EvidenceAbout, "base" | "checkpoint" | "step">;
  readonly tensors: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly values: Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;
  }[];
}

export interface OptimiseApi {
  /** @param models a port on which the models worker answers as CheckpointApi */
  connect(events: MessagePort, models: MessagePort): EngineInfo;
  /** Does the work to its end or to a pause. One job at a time: a second waits for the first. */
  start(job: JobId, request: WorkRequest): Promise<WorkOutcome>;
  /** Goes on with a saved run, bit for bit as if it had never stopped. */
  resume(job: JobId, run: string): Promise<WorkOutcome>;
  /** Has the job save itself and end as paused at its next step; jobs that cannot pause go on. */
  pause(job: JobId): void;
  /** Has all jobs wait at their next breath, or go on: while a slider is held, the processors are the live merge's. */
  hold(isHeld: boolean): void;
  /** Measures one run of the network and tells what the request would take; it does not wait for other jobs. */
  cost(job: JobId, request: WorkRequest): Promise<WorkCost>;
  /**
   * Fetches what the recipe's long pass needs and gets it ready to step; a run of the same pass that is still here goes
   * on. Passes do not wait for other jobs; a new one takes the place of the last.
   *
   * @throws AppError recipe/…, eval/memory
   */
  openPass(job: JobId, recipe: Recipe): Promise<OpenedPass>;
  /** Steps the opened pass to its end, tells its losses, hands what it made to the models worker, and measures it. */
  runPass(job: JobId, recipe: Recipe): Promise<readonly DeltaReport[]>;
  /** Makes the recipe's long pass, if it has one that is not known, beside the opened one. @throws as openPass */
  makePass(job: JobId, recipe: Recipe): Promise<void>;
  /** Has the running pass stand still, or go on; gives the steps taken, once it stands. */
  pausePass(isPaused: boolean): Promise<number>;
  cancel(job: JobId): void;
}
