/**
 * The page's side of the optimise worker: started at the first job, ended when it has been idle for a while (its heap
 * only ever grows), and replaced by itself when it dies, without a word to the other workers.
 */
import { transfer } from "comlink";
import type { OptimiseApi } from "#workers/protocol/optimise.ts";
import { type Call, type CallOptions, type Line, openLine } from "./line.ts";

export interface Optimiser {
  /** Rejects with AbortError after the signal, with AppError worker/crashed when the worker dies. */
  call<T>(options: CallOptions, call: Call<OptimiseApi, T>): Promise<T>;
  stop(): void;
}

export interface OptimiserOptions {
  /** Hands one end of a port to the models worker, for checkpoints and results. */
  lend(port: MessagePort): Promise<void>;
  onMemory(bytes: number): void;
}

/** One run of a large graph is one breath: seconds for a network of some million weights. */
const SILENCE_MS = 60_000;
const CANCEL_MS = 3_000;
/** Sessions of the last job are gone with the worker; they take about a second to make again. */
const IDLE_MS = 60_000;

export function createOptimiser({ lend, onMemory }: OptimiserOptions): Optimiser {
  let line: Line<OptimiseApi> | undefined;
  let ready: Promise<unknown> = Promise.resolve();
  let calls = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function end(): void {
    line?.close();
    line = undefined;
    onMemory(0);
  }

  function start(): Line<OptimiseApi> {
    const worker = new Worker(new URL("../../../workers/optimise.worker.ts", import.meta.url), {
      type: "module",
      name: "optimise",
    });
    const started: Line<OptimiseApi> = openLine({
      name: "optimise",
      worker,
      silenceMs: SILENCE_MS,
      cancelMs: CANCEL_MS,
      onMemory,
      onDeath: () => {
        if (line === started) end();
      },
    });
    const { port1, port2 } = new MessageChannel();
    const { events } = started;
    ready = Promise.all([
      started.api.connect(transfer(events, [events]), transfer(port1, [port1])),
      lend(port2),
    ]);
    // A worker that cannot start is told by its death.
    ready.catch(() => {});
    return started;
  }

  return {
    async call(options, call) {
      clearTimeout(timer);
      calls += 1;
      try {
        await line?.heard();
        options.signal.throwIfAborted();
        line ??= start();
        return await line.call(options, async (api, job) => {
          await ready;
          return call(api, job);
        });
      } finally {
        calls -= 1;
        clearTimeout(timer);
        if (calls === 0) timer = setTimeout(end, IDLE_MS);
      }
    },
    stop() {
      clearTimeout(timer);
      end();
    },
  };
}
