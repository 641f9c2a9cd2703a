import type { StateCreator } from "zustand/vanilla";
import type { ContentId } from "#core/recipe/schema.ts";
import type { EvidenceCard } from "#core/summary.ts";
import type {
  SavedRun,
  TracePoint,
  WorkCost,
  WorkKind,
  WorkOutcome,
  WorkRequest,
} from "#workers/protocol/optimise.ts";
import type { AppState } from "../store.ts";
import { type Curves, withPoints } from "./traces.ts";

/** Names a job on the page, from the moment it is asked for. */
export type WorkId = number;

export type WorkState = "queued" | "running" | "pausing" | "paused" | "done" | "failed" | "cancelled";

/** Why something did not come about; the page words the code. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  /** By performance.now(), milliseconds. */
  readonly at: number;
}

/** One request for gradients, from queue to result. */
export interface Work {
  readonly id: WorkId;
  readonly kind: WorkKind;
  /** What it makes or is about: the name the user gave, an expert's label, a task's label. */
  readonly title: string;
  readonly request: WorkRequest;
  /** The saved run that it goes on with. */
  readonly run: string | undefined;
  readonly state: WorkState;
  readonly progress: Progress | undefined;
  /** The first progress that was told since it last started: what is done in how long gives the time left. */
  readonly firstProgress: Progress | undefined;
  readonly curves: Curves;
  /** "paused" outcomes name the saved run to go on with. */
  readonly outcome: WorkOutcome | undefined;
  readonly failure: Failure | undefined;
  /** By performance.now(), milliseconds. */
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
}

/** What a request would take; `key` is its `costKey`. */
export interface AskedCost {
  readonly key: string;
  readonly cost: WorkCost | undefined;
  readonly failure: Failure | undefined;
}

export interface WorkSlice {
  /** Newest last. */
  readonly work: readonly Work[];
  /** Runs that can go on and are not in `work`: paused, or cut off by a reload. Newest first. */
  readonly savedRuns: readonly SavedRun[];
  /** Evidence that is in the library, in the order in which it came. */
  readonly evidence: readonly EvidenceCard[];
  /** Newest last; asked and answered, or asked and being measured. */
  readonly costs: readonly AskedCost[];

  /** Adds a job to the end of the queue and returns its name. */
  addWork(work: Pick<Work, "title" | "request" | "run">): WorkId;
  patchWork(id: WorkId, patch: Partial<Omit<Work, "id" | "kind" | "request">>): void;
  addPoints(id: WorkId, points: readonly TracePoint[]): void;
  /** Takes a finished or queued job off the list. */
  removeWork(id: WorkId): void;
  setSavedRuns(runs: readonly SavedRun[]): void;
  putEvidence(cards: readonly EvidenceCard[]): void;
  dropEvidence(id: ContentId): void;
  /** Takes the place of what was known under the same key. */
  putCost(asked: AskedCost): void;
}

/** Jobs kept; the oldest finished ones go first. */
const MAX_WORK = 50;
/** Costs kept: more than there are forms and kinds of evidence. */
const MAX_COSTS = 24;

let lastWork = 0;

export const createWorkSlice: StateCreator<AppState, [], [], WorkSlice> = (set) => ({
  work: [],
  savedRuns: [],
  evidence: [],
  costs: [],

  addWork: ({ title, request, run }) => {
    const id = ++lastWork;
    const added: Work = {
      id,
      kind: request.kind,
      title,
      request,
      run,
      state: "queued",
      progress: undefined,
      firstProgress: undefined,
      curves: {},
      outcome: undefined,
      failure: undefined,
      startedAt: undefined,
      endedAt: undefined,
    };
    set(({ work }) => ({ work: [...trimmed(work), added] }));
    return id;
  },

  patchWork: (id, patch) => set(({ work }) => ({ work: changed(work, id, (one) => ({ ...one, ...patch })) })),
  addPoints: (id, points) =>
    set(({ work }) => ({
      work: changed(work, id, (one) => ({ ...one, curves: withPoints(one.curves, points) })),
    })),
  removeWork: (id) => set(({ work }) => ({ work: work.filter((one) => one.id !== id) })),
  setSavedRuns: (savedRuns) => set({ savedRuns }),
  putEvidence: (cards) =>
    set(({ evidence }) => ({
      evidence: [...evidence.filter((known) => !cards.some(({ id }) => id === known.id)), ...cards],
    })),
  dropEvidence: (id) => set(({ evidence }) => ({ evidence: evidence.filter((one) => one.id !== id) })),
  putCost: (asked) =>
    set(({ costs }) => ({
      costs: [...costs.filter(({ key }) => key !== asked.key), asked].slice(-MAX_COSTS),
    })),
});

function changed(work: readonly Work[], id: WorkId, change: (one: Work) => Work): readonly Work[] {
  return work.map((one) => (one.id === id ? change(one) : one));
}

/** Room for one more. */
function trimmed(work: readonly Work[]): readonly Work[] {
  let surplus = work.length + 1 - MAX_WORK;
  return work.filter((one) => !(isOver(one) && surplus-- > 0));
}

/** Under which a cost is known: the request without the name that the user gives. */
export function costKey(request: WorkRequest): string {
  return JSON.stringify(request.kind === "train" ? { ...request, label: "" } : request);
}

/** Nothing more will happen to it. */
export function isOver({ state }: Pick<Work, "state">): boolean {
  return state === "done" || state === "failed" || state === "cancelled";
}
