/**
 * Optimise worker: whatever takes gradients or activations, one job at a time.
 *
 * It opens the family that the models worker has open, borrows weights from it and gives it what it makes; no rules
 * live here. Its heap never shrinks, so the page ends it when it has been idle for a while.
 */
import { expose, type Remote, wrap } from "comlink";
import { AppError, isAppError } from "#core/errors.ts";
import type { ContentId } from "#core/recipe/schema.ts";
import type { ExpertCard } from "#core/summary.ts";
import { openWorkbench, type Workbench } from "#core/train/workbench.ts";
import { hold, holding } from "./hold.ts";
import { cancelJob, type JobContext, runJob } from "./jobs.ts";
import { Pauses } from "./pauses.ts";
import type { JobId, WorkerEvent } from "./protocol/api.ts";
import { installErrorHandler } from "./protocol/errors.ts";
import type {
  CheckpointApi,
  OptimiseApi,
  SavedRun,
  TrainRequest,
  WorkOutcome,
  WorkRequest,
} from "./protocol/optimise.ts";
import { SavedRuns, withRun } from "./saved-runs.ts";
import { leaveRoom, runner, threads } from "./session.ts";
import { Traces } from "./traces.ts";
import { runAdamerge } from "./work/adamerge.ts";
import { costOf } from "./work/cost.ts";
import { runCalibrate, runFisher, runGram, runLocalise } from "./work/measure.ts";
import { PassRuns } from "./work/pass-runs.ts";
import type { Tools } from "./work/tools.ts";
import { runTrain } from "./work/train.ts";
import { nameOf, openFamily } from "./zoo-family.ts";

interface Open {
  /** nameOf its source. */
  readonly family: string;
  readonly base: ContentId;
  readonly bench: Workbench;
}

const runs = new SavedRuns();
const pauses = new Pauses();
const passes = new PassRuns(port, (bytes) => emit({ type: "memory", bytes }));
let events: MessagePort | undefined;
let models: Remote<CheckpointApi> | undefined;
let opened: Open | undefined;
/** Jobs take turns: each has sessions of its own, and the heap has room for one. */
let last: Promise<unknown> = Promise.resolve();

const api: OptimiseApi = {
  connect(eventsPort, modelsPort) {
    events = eventsPort;
    models = wrap<CheckpointApi>(modelsPort);
    leaveRoom();
    return { threads: threads(), isolated: self.crossOriginIsolated };
  },

  start: (job, request) =>
    inTurn(job, (tools, open) =>
      request.kind === "train" ? train(job, request, crypto.randomUUID(), tools, open) : work(request, tools),
    ),

  resume: (job, run) =>
    inTurn(job, async (tools, open) => {
      const saved = await runs.find(run);
      if (!saved) throw gone("This training is not saved any more.");
      if (saved.base !== open.base)
        throw gone("This training was started over another base. Open its family.");
      requireTask(saved.request, open.bench);
      return train(job, saved.request, run, tools, open, saved);
    }),

  pause(job) {
    pauses.ask(job);
  },

  hold,

  openPass: (job, recipe) => runJob(job, emit, (context) => passes.open(recipe, context)),

  runPass: (job, recipe) =>
    runJob(job, emit, (context) =>
      passes.run(recipe, context, (losses) =>
        emit({ type: "trace", job, points: losses.map((point) => ({ curve: "loss", ...point })) }),
      ),
    ),

  makePass: (job, recipe) => runJob(job, emit, (context) => passes.ensure(recipe, context)),

  pausePass: (isPaused) => passes.pause(isPaused),

  cost: (job, request) =>
    runJob(job, emit, async (context) => {
      const { bench } = await openBench(context);
      return costOf(request, { bench, models: port(), passes, context, trace() {} });
    }),
  cancel: cancelJob,
};

/** Runs a job when the ones before it are over, on the family that is open then. */
function inTurn<T>(job: JobId, work: (tools: Tools, open: Open) => Promise<T>): Promise<T> {
  const before = last;
  const turn = runJob(job, emit, async (own) => {
    await before;
    const context = holding(own);
    context.signal.throwIfAborted();
    const open = await openBench(context);
    const traces = new Traces((points) => emit({ type: "trace", job, points }));
    const { bench } = open;
    try {
      return await work(
        { bench, models: port(), passes, context, trace: (...points) => traces.add(...points) },
        open,
      );
    } finally {
      traces.flush();
      pauses.forget(job);
    }
  });
  last = turn.catch(() => {});
  return turn;
}

async function openBench({ signal }: JobContext): Promise<Open> {
  const { source, base } = await port().family();
  const family = nameOf(source);
  if (opened?.family !== family || opened.base !== base) {
    const bench = await openWorkbench(await openFamily(source, { signal }), runner);
    opened = { family, base, bench };
  }
  return opened;
}

function work(request: Exclude<WorkRequest, TrainRequest>, tools: Tools): Promise<WorkOutcome> {
  switch (request.kind) {
    case "localise":
      return runLocalise(request, tools);
    case "calibrate":
      return runCalibrate(request, tools);
    case "fisher":
      return runFisher(request, tools);
    case "gram":
      return runGram(request, tools);
    case "adamerge":
      return runAdamerge(request, tools);
    default:
      return request satisfies never;
  }
}

/** A training; what a cancelled or diverged one has saved is of no more use. */
async function train(
  job: JobId,
  request: TrainRequest,
  run: string,
  tools: Tools,
  { base }: Open,
  saved?: SavedRun,
): Promise<WorkOutcome> {
  let outcome: WorkOutcome | undefined;
  let isTold = false;
  const more = {
    runs,
    run,
    base,
    onExpert: (expert: ExpertCard) => emit({ type: "expert", job, expert }),
    onUnsaved: (error: unknown) => {
      if (!isTold && isAppError(error))
        emit({ type: "unsaved", job, code: error.code, message: error.message });
      isTold = true;
    },
    onPausable: (pause: () => void) => pauses.allow(job, pause),
  };
  try {
    const isOurs = await withRun(run, async () => {
      outcome = await runTrain(request, { ...tools, ...more }, saved === undefined);
    });
    if (!isOurs || !outcome) throw gone("This training goes on in another window.");
    return outcome;
  } catch (error) {
    const isUseless = tools.context.signal.aborted || (isAppError(error) && error.code === "train/diverged");
    if (isUseless) await runs.forget(run).catch(() => {});
    throw error;
  }
}

/** Added tasks are gone after a reload: their examples stay with the user. */
function requireTask({ task }: TrainRequest, { suite }: Workbench): void {
  if (suite.tasks.some(({ id }) => id === task)) return;
  const message = `This training learns the task “${task}”, which is not open. Drop its examples again, add them as a task of that name, and go on.`;
  throw new AppError("model/unknown-task", message, { task });
}

function gone(message: string): AppError {
  return new AppError("train/other-run", message);
}

function port(): Remote<CheckpointApi> {
  if (!models) throw new Error("connect comes first");
  return models;
}

function emit(event: WorkerEvent): void {
  events?.postMessage(event);
}

installErrorHandler();
expose(api);
