/**
 * The page's side of the workers. Whoever holds an engine need not know that comlink exists.
 *
 * Models and eval live and die together: a merged image is halves of both. The optimise worker is a crash domain of
 * its own.
 */
import { transfer } from "comlink";
import type { EngineInfo, EvalApi, ModelsApi } from "#workers/protocol/api.ts";
import { installErrorHandler } from "#workers/protocol/errors.ts";
import type { OptimiseApi } from "#workers/protocol/optimise.ts";
import type { Failure } from "../slices/work.ts";
import { type Call, type CallOptions, type Line, openLine } from "./line.ts";
import { createOptimiser } from "./optimiser.ts";

export type { CallOptions } from "./line.ts";

export interface Engine {
  readonly info: Promise<EngineInfo>;
  /** Calls the models worker. Rejects with AbortError after the signal, with AppError worker/crashed when the worker dies. */
  models<T>(options: CallOptions, call: Call<ModelsApi, T>): Promise<T>;
  /** Calls the eval worker; rejects likewise. */
  evaluate<T>(options: CallOptions, call: Call<EvalApi, T>): Promise<T>;
  /** Calls the optimise worker, which is started when it is first needed; rejects likewise. */
  optimise<T>(options: CallOptions, call: Call<OptimiseApi, T>): Promise<T>;
  /** Ends all workers; calls under way reject as crashed. */
  stop(): void;
}

export type WorkerName = "models" | "eval" | "optimise";

export interface EngineEvents {
  onMemory(worker: WorkerName, bytes: number): void;
  /** What is kept in private storage has changed, or something could not be kept. */
  onKept(failure: Failure | undefined): void;
  /** The models or the eval worker died or answers no more. The engine has stopped itself; start a new one. */
  onCrash(reason: string): void;
}

/** Both workers breathe every few milliseconds, save for one session creation or one chunk of examples. */
const SILENCE_MS = 20_000;

/** Starts the models and the eval worker and the port between them. */
export function startEngine({ onMemory, onKept, onCrash }: EngineEvents): Engine {
  installErrorHandler();
  let isStopped = false;
  const onDeath = (reason: string) => {
    if (isStopped) return;
    stop();
    onCrash(reason);
  };
  const models: Line<ModelsApi> = openLine({
    name: "models",
    worker: new Worker(new URL("../../../workers/models.worker.ts", import.meta.url), {
      type: "module",
      name: "models",
    }),
    silenceMs: SILENCE_MS,
    onMemory: (bytes) => onMemory("models", bytes),
    onKept,
    onDeath,
  });
  const evaluation: Line<EvalApi> = openLine({
    name: "eval",
    worker: new Worker(new URL("../../../workers/eval.worker.ts", import.meta.url), {
      type: "module",
      name: "eval",
    }),
    silenceMs: SILENCE_MS,
    onMemory: (bytes) => onMemory("eval", bytes),
    onDeath,
  });
  const optimiser = createOptimiser({
    lend: (port) => models.api.lend(transfer(port, [port])),
    onMemory: (bytes) => onMemory("optimise", bytes),
  });
  const weights = new MessageChannel();
  void models.api.connect(...transferAll(models.events, weights.port1));
  const info = evaluation.api.connect(...transferAll(evaluation.events, weights.port2));
  info.catch(() => {});

  function stop(): void {
    isStopped = true;
    optimiser.stop();
    models.close();
    evaluation.close();
  }

  return {
    info,
    models: models.call,
    evaluate: evaluation.call,
    optimise: optimiser.call,
    stop,
  };
}

/** Both ports as arguments; comlink moves each. */
function transferAll(a: MessagePort, b: MessagePort): [MessagePort, MessagePort] {
  return [transfer(a, [a]), transfer(b, [b])];
}

/** True for the rejection of a cancelled or superseded call: never shown to the user. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
