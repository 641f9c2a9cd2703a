/** onnxruntime-web as core's GraphRunner in Node: the runtime of the page, so that numbers agree with it. */
import * as ort from "onnxruntime-web/wasm";
import type { GraphRunner } from "#core/graph-runner.ts";
import { graphOf } from "#core/ort-graph.ts";

// Threads change no result, but their workers would keep the process alive.
ort.env.wasm.numThreads = 1;
ort.env.logLevel = "error";

/** Runs graphs in this process. */
export const webRunner: GraphRunner = {
  async open({ graph, external, rewriting }) {
    const session = await ort.InferenceSession.create(graph, {
      executionProviders: ["wasm"],
      graphOptimizationLevel: rewriting ?? "all",
      ...(external && { externalData: [{ path: external.location, data: external.bytes }] }),
    });
    return graphOf(session, ort.Tensor);
  },
};
