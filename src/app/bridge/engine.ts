/**
 * The page's side of the workers: spawns them, gives every call a job id, passes on cancellation, and notices when a
 * worker has died. Whoever holds an engine need not know that comlink exists.
 */
import { type Remote, releaseProxy, transfer, wrap } from "comlink";
import { AppError } from "#core/errors.ts";
import type { RetentionReport } from "#core/eval/report.ts";
import type { EngineInfo, EvalApi, JobId, ModelsApi, WorkerEvent } from "#workers/protocol/api.ts";
import { installErrorHandler } from "#workers/protocol/errors.ts";

export interface CallOptions {
  readonly signal: AbortSignal;
  readonly onReport?: (report: RetentionReport) => void;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A method call on one worker: gets its proxy and the job id to pass first. */
export type Call<Api, T> = (api: Remote<Api>, job: JobId) => Promise<T>;

export interface Engine {
  readonly info: Promise<EngineInfo>;
  /** Calls the models worker. Rejects with AbortError after the signal, with AppError worker/crashed when the worker dies. */
  models<T>(options: CallOptions, call: Call<ModelsApi, T>): Promise<T>;
  /** Calls the eval worker; rejects likewise. */
  evaluate<T>(options: CallOptions, call: Call<EvalApi, T>): Promise<T>;
  /** Ends both workers; calls under way reject as crashed. */
  stop(): void;
}

export interface EngineEvents {
  onMemory(worker: "models" | "eval", bytes: number): void;
  /** A worker died or answers no more. The engine has stopped itself; start a new one. */
  onCrash(reason: string): void;
}

/** A worker with calls under way is asked for a sign of life this often. */
const PING_EVERY_MS = 2_000;
/** Both workers breathe every few milliseconds, save for one session creation or one chunk of examples. */
const SILENCE_MS = 20_000;

/** Starts both workers and the ports between them. */
export function startEngine({ onMemory, onCrash }: EngineEvents): Engine {
  installErrorHandler();
  const modelsWorker = new Worker(new URL("../../../workers/models.worker.ts", import.meta.url), {
    type: "module",
    name: "models",
  });
  const evalWorker = new Worker(new URL("../../../workers/eval.worker.ts", import.meta.url), {
    type: "module",
    name: "eval",
  });
  const models = wrap<ModelsApi>(modelsWorker);
  const evaluation = wrap<EvalApi>(evalWorker);
  const under = new Map<JobId, CallOptions>();
  let crash: (error: AppError) => void = () => {};
  const crashed = new Promise<never>((_, reject) => {
    crash = reject;
  });
  crashed.catch(() => {});
  let isStopped = false;

  const listen = (port: MessagePort) => {
    port.onmessage = ({ data }: MessageEvent<WorkerEvent>) => {
      if (data.type === "memory") onMemory(data.worker, data.bytes);
      else if (data.type === "report") under.get(data.job)?.onReport?.(data.report);
      else under.get(data.job)?.onProgress?.(data.done, data.total);
    };
  };
  const modelsEvents = new MessageChannel();
  const evalEvents = new MessageChannel();
  const weights = new MessageChannel();
  listen(modelsEvents.port1);
  listen(evalEvents.port1);
  void models.connect(...transferAll(modelsEvents.port2, weights.port1));
  const info = evaluation.connect(...transferAll(evalEvents.port2, weights.port2));
  info.catch(() => {});

  function die(reason: string): void {
    if (isStopped) return;
    stop();
    onCrash(reason);
  }
  modelsWorker.onerror = (event) => die(`models: ${event.message || "could not start"}`);
  evalWorker.onerror = (event) => die(`eval: ${event.message || "could not start"}`);

  function stop(): void {
    if (isStopped) return;
    isStopped = true;
    crash(new AppError("worker/crashed", "A background worker stopped and was started again."));
    models[releaseProxy]();
    evaluation[releaseProxy]();
    modelsWorker.terminate();
    evalWorker.terminate();
  }

  async function run<Api extends { cancel(job: JobId): void }, T>(
    api: Remote<Api>,
    name: string,
    options: CallOptions,
    call: Call<Api, T>,
  ): Promise<T> {
    options.signal.throwIfAborted();
    if (isStopped) return crashed;
    const job = ++lastJob;
    under.set(job, options);
    const cancel = api.cancel as unknown as (job: JobId) => Promise<void>;
    let onAbort = () => {};
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => {
        void cancel(job).catch(() => {});
        reject(options.signal.reason);
      };
    });
    options.signal.addEventListener("abort", onAbort, { once: true });
    const watch = watchdog(
      () => cancel(0),
      () => die(`${name}: no sign of life for ${SILENCE_MS / 1000} s`),
    );
    try {
      // An aborted call is left at once: the worker hears of it between two chunks, and its successor can queue by then.
      return await Promise.race([call(api, job), crashed, aborted]);
    } finally {
      watch.end();
      under.delete(job);
      options.signal.removeEventListener("abort", onAbort);
    }
  }

  return {
    info,
    models: (options, call) => run(models, "models", options, call),
    evaluate: (options, call) => run(evaluation, "eval", options, call),
    stop,
  };
}

let lastJob = 0;

/** Both ports as arguments; comlink moves each. */
function transferAll(a: MessagePort, b: MessagePort): [MessagePort, MessagePort] {
  return [transfer(a, [a]), transfer(b, [b])];
}

/** Asks for a sign of life while a call is under way: a worker that was killed sends no event. */
function watchdog(ping: () => Promise<unknown>, onSilence: () => void): { end(): void } {
  let heard = performance.now();
  const timer = setInterval(() => {
    if (performance.now() - heard > SILENCE_MS) {
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

/** True for the rejection of a cancelled or superseded call: never shown to the user. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
