/**
 * The line to one worker: gives every call a job id, passes on cancellation and events, and notices when the worker has
 * died or fallen silent.
 */
import { type Remote, releaseProxy, wrap } from "comlink";
import { AppError } from "#core/errors.ts";
import type { RetentionReport } from "#core/eval/report.ts";
import type { ExpertCard } from "#core/summary.ts";
import type { JobId, WorkerEvent } from "#workers/protocol/api.ts";
import type { TracePoint } from "#workers/protocol/optimise.ts";
import type { Failure } from "../slices/work.ts";

export interface CallOptions {
  readonly signal: AbortSignal;
  readonly onReport?: (report: RetentionReport) => void;
  readonly onProgress?: (done: number, total: number) => void;
  /** Points of curves since the last call, oldest first. */
  readonly onTrace?: (points: readonly TracePoint[]) => void;
  /** An expert has got another checkpoint. */
  readonly onExpert?: (expert: ExpertCard) => void;
  /** The work goes on but would not survive a reload. */
  readonly onUnsaved?: (why: { readonly code: string; readonly message: string }) => void;
  /** The call has been given this job id: what pausing names. */
  readonly onJob?: (job: JobId) => void;
}

/** A method call on one worker: gets its proxy and the job id to pass first. */
export type Call<Api, T> = (api: Remote<Api>, job: JobId) => Promise<T>;

/** What every worker understands. */
interface Cancellable {
  cancel(job: JobId): void;
}

export interface LineOptions {
  /** For messages. */
  readonly name: string;
  readonly worker: Worker;
  /** A worker with calls under way that gives no sign of life for so long is dead. */
  readonly silenceMs: number;
  /** It must have heard of a cancelled call within this time; absent = it may take what it takes. */
  readonly cancelMs?: number;
  onMemory(bytes: number): void;
  /** What is kept in private storage has changed, or something could not be kept. */
  onKept?(failure: Failure | undefined): void;
  /** The worker died or fell silent; told once. The line is closed. */
  onDeath(reason: string): void;
}

export interface Line<Api> {
  readonly api: Remote<Api>;
  /** The worker's end of the port that its events come through. */
  readonly events: MessagePort;
  /** Rejects with AbortError after the signal, with AppError worker/crashed when the line is closed. */
  call<T>(options: CallOptions, call: Call<Api, T>): Promise<T>;
  /** Resolves when the worker has heard of every cancelled call, or is dead. */
  heard(): Promise<unknown>;
  /** Ends the worker; calls under way reject as crashed. */
  close(): void;
}

/** A worker with calls under way is asked for a sign of life this often. */
const PING_EVERY_MS = 2_000;
/** No job has it, so that cancelling it only asks for an answer. */
const NO_JOB = 0;

let lastJob = NO_JOB;

/** Opens the line to a worker that has just been made. */
export function openLine<Api extends Cancellable>(options: LineOptions): Line<Api> {
  const { name, worker, silenceMs, cancelMs = Number.POSITIVE_INFINITY } = options;
  const api = wrap<Api>(worker);
  // Generic proxies lose their methods' types; every Api has this one.
  const cancel = api.cancel as unknown as (job: JobId) => Promise<void>;
  const under = new Map<JobId, CallOptions>();
  const events = new MessageChannel();
  let crash: (error: AppError) => void = () => {};
  const crashed = new Promise<never>((_, reject) => {
    crash = reject;
  });
  crashed.catch(() => {});
  let isClosed = false;
  let hearing: Promise<unknown> = Promise.resolve();

  events.port1.onmessage = ({ data }: MessageEvent<WorkerEvent>) => {
    if (data.type === "memory") options.onMemory(data.bytes);
    else if (data.type === "kept") options.onKept?.(data.failure);
    else tell(under.get(data.job), data);
  };
  worker.onerror = (event) => die(event.message || "could not start");

  function die(reason: string): void {
    if (isClosed) return;
    close();
    options.onDeath(`${name}: ${reason}`);
  }

  function close(): void {
    if (isClosed) return;
    isClosed = true;
    crash(new AppError("worker/crashed", "A background worker stopped and was started again."));
    api[releaseProxy]();
    worker.terminate();
    events.port1.close();
  }

  async function call<T>(to: CallOptions, work: Call<Api, T>): Promise<T> {
    to.signal.throwIfAborted();
    if (isClosed) return crashed;
    const job = ++lastJob;
    under.set(job, to);
    let onAbort = () => {};
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => {
        const silent = () => die(`no answer to a cancel for ${cancelMs / 1000} s`);
        hearing = Promise.race([answered(() => cancel(job), cancelMs, silent), crashed]).catch(() => {});
        reject(to.signal.reason);
      };
    });
    to.signal.addEventListener("abort", onAbort, { once: true });
    const watch = watchdog(
      () => cancel(NO_JOB),
      silenceMs,
      () => die(`no sign of life for ${silenceMs / 1000} s`),
    );
    try {
      to.onJob?.(job);
      // An aborted call is left at once: the worker hears of it between two chunks, and its successor can queue by then.
      return await Promise.race([work(api, job), crashed, aborted]);
    } finally {
      watch.end();
      under.delete(job);
      to.signal.removeEventListener("abort", onAbort);
    }
  }

  return { api, events: events.port2, call, heard: () => hearing, close };
}

function tell(
  options: CallOptions | undefined,
  event: Exclude<WorkerEvent, { type: "memory" | "kept" }>,
): void {
  const { type } = event;
  if (type === "progress") options?.onProgress?.(event.done, event.total);
  else if (type === "report") options?.onReport?.(event.report);
  else if (type === "trace") options?.onTrace?.(event.points);
  else if (type === "expert") options?.onExpert?.(event.expert);
  else options?.onUnsaved?.(event);
}

/** Calls onSilence unless the answer comes in time; a worker that is gone answers nobody. */
async function answered(ask: () => Promise<unknown>, withinMs: number, onSilence: () => void): Promise<void> {
  const timer = Number.isFinite(withinMs) ? setTimeout(onSilence, withinMs) : undefined;
  await ask().catch(() => {});
  clearTimeout(timer);
}

/** Asks for a sign of life while a call is under way: a worker that was killed sends no event. */
function watchdog(ping: () => Promise<unknown>, silenceMs: number, onSilence: () => void): { end(): void } {
  let heard = performance.now();
  const timer = setInterval(() => {
    if (performance.now() - heard > silenceMs) {
      clearInterval(timer);
      onSilence();
      return;
    }
    ping().then(
      () => {
        heard = performance.now();
      },
      () => {},
    );
  }, PING_EVERY_MS);
  return { end: () => clearInterval(timer) };
}
