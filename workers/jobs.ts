/** Jobs: long calls that can be cancelled, say how far they are, and let messages in between. */
import type { Context } from "#core/context.ts";
import type { JobId, WorkerEvent } from "./protocol/api.ts";

/** The page repaints no faster, so more events would only be work. */
const PROGRESS_EVERY_MS = 30;

const running = new Map<JobId, AbortController>();

/** What a job's work gets: a context, and the signal itself for fetch and races. */
export interface JobContext extends Context {
  readonly signal: AbortSignal;
}

/** Runs work under a job id; `cancelJob(job)` trips its signal. @throws AbortError when the work heeds it */
export async function runJob<T>(
  job: JobId,
  emit: (event: WorkerEvent) => void,
  work: (context: JobContext) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  running.set(job, controller);
  try {
    return await work({ signal: controller.signal, breathe, progress: throttled(job, emit) });
  } finally {
    running.delete(job);
  }
}

/** Stops a job; one that is not running (finished, or never started) is left alone. */
export function cancelJob(job: JobId): void {
  running.get(job)?.abort();
}

/** Rejects as soon as the signal is tripped; what was waited for goes on unheard. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

const ticks = new MessageChannel();
const waiting: (() => void)[] = [];
ticks.port1.onmessage = () => waiting.shift()?.();

/** A macrotask, so that messages already in the queue come first; setTimeout would add 4 ms to each. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    ticks.port2.postMessage(undefined);
  });
}

/** The first and the last step are always told, others at most every 30 ms. */
function throttled(job: JobId, emit: (event: WorkerEvent) => void): Context["progress"] {
  let last = Number.NEGATIVE_INFINITY;
  return (done, total) => {
    const now = performance.now();
    if (done < total && now - last < PROGRESS_EVERY_MS) return;
    last = now;
    emit({ type: "progress", job, done, total });
  };
}
