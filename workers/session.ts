/**
 * onnxruntime-web as core's GraphRunner: the only file that imports it.
 *
 * `/wasm` is the fastest CPU build; its loader and binary are addressed by URL and served by us.
 */

import mjsUrl from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import * as ort from "onnxruntime-web/wasm";
import { AppError } from "#core/errors.ts";
import type { Graph, GraphRunner, GraphSource, GraphTensor, NamedTensors } from "#core/graph-runner.ts";

/**
 * More threads than cores slow it down. One core fewer would be smoother where there are two (first numbers of a drag
 * in 110 ms, not 140), but takes a quarter longer for the whole quick subset and for settling.
 */
const MAX_THREADS = 4;
/** Constant weights above this many bytes are not repacked: the copy costs more than it saves. */
const PREPACK_LIMIT = 200e6;

ort.env.wasm.wasmPaths = { wasm: wasmUrl, mjs: mjsUrl };
ort.env.wasm.numThreads = self.crossOriginIsolated ? Math.min(MAX_THREADS, navigator.hardwareConcurrency) : 1;
ort.env.logLevel = "error";

/** Threads that runs use; fixed at the first session. */
export function threads(): number {
  return ort.env.wasm.numThreads ?? 1;
}

/** Leaves half the processors to others, before the first session: for work that goes on beside the live evaluation. */
export function leaveRoom(): void {
  ort.env.wasm.numThreads = Math.max(1, Math.min(threads(), Math.floor(navigator.hardwareConcurrency / 2)));
}

/** Two creations at once with one external path share a mount table, and silently the weights: one at a time. */
let creating: Promise<unknown> = Promise.resolve();

/** Runs graphs in this worker. */
export const runner: GraphRunner = {
  open(source) {
    const session = creating.then(() => create(source));
    creating = session.catch(() => {});
    return session;
  },
};

async function create({ graph, external, rewriting }: GraphSource): Promise<Graph> {
  try {
    const session = await ort.InferenceSession.create(graph, {
      executionProviders: ["wasm"],
      graphOptimizationLevel: rewriting ?? "all",
      ...(external && { externalData: [{ path: external.location, data: external.bytes }] }),
      extra: {
        session: {
          // Threads would go on spinning after a run, on the core that the page wants for the slider: 10 % of the latency.
          force_spinning_stop: "1",
          disable_prepacking: external && external.bytes.byteLength > PREPACK_LIMIT ? "1" : "0",
        },
      },
    });
    return new OrtGraph(session);
  } catch (error) {
    throw failure(error);
  }
}

class OrtGraph implements Graph {
  readonly #session: ort.InferenceSession;

  constructor(session: ort.InferenceSession) {
    this.#session = session;
  }

  get inputs(): readonly string[] {
    return this.#session.inputNames;
  }

  get outputs(): readonly string[] {
    return this.#session.outputNames;
  }

  async run(feeds: NamedTensors, outputs: readonly string[] = this.outputs): Promise<NamedTensors> {
    const tensors: Record<string, ort.Tensor> = {};
    for (const [name, tensor] of Object.entries(feeds)) tensors[name] = toOrt(tensor);
    try {
      const results = await this.#session.run(tensors, outputs);
      return Object.fromEntries(outputs.map((name) => [name, fromOrt(name, results[name])]));
    } catch (error) {
      throw failure(error);
    }
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

/** Wraps, does not copy. */
function toOrt({ data, shape }: GraphTensor): ort.Tensor {
  return data instanceof Float32Array
    ? new ort.Tensor("float32", data, shape)
    : new ort.Tensor("int64", data, shape);
}

function fromOrt(name: string, tensor: ort.Tensor | undefined): GraphTensor {
  const data = tensor?.data;
  if (data instanceof Float32Array || data instanceof BigInt64Array)
    return { data, shape: tensor?.dims ?? [] };
  throw new AppError("eval/graph", `The graph's output ${name} is neither float32 nor int64.`, {
    output: name,
  });
}

/** The runtime's words, sorted: out of memory, or a graph that does not fit what it was given. */
function failure(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const isMemory = error instanceof RangeError || /bad_alloc|out of memory|failed to allocate/i.test(reason);
  return isMemory
    ? new AppError("eval/memory", `The model does not fit into memory: ${reason}`, { reason })
    : new AppError("eval/graph", `The model's graph cannot be run: ${reason}`, { reason });
}
