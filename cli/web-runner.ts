/** onnxruntime-web as core's GraphRunner in Node: the runtime of the page, so that numbers agree with it. */
import * as ort from "onnxruntime-web/wasm";
import type { Graph, GraphRunner, GraphTensor } from "#core/graph-runner.ts";

// Threads change no result, but their workers would keep the process alive.
ort.env.wasm.numThreads = 1;
ort.env.logLevel = "error";

/** Runs graphs in this process. */
export const webRunner: GraphRunner = {
  async open({ graph, external, rewriting }) {
    return webGraph(
      await ort.InferenceSession.create(graph, {
        executionProviders: ["wasm"],
        graphOptimizationLevel: rewriting ?? "all",
        ...(external && { externalData: [{ path: external.location, data: external.bytes }] }),
      }),
    );
  },
};

function webGraph(session: ort.InferenceSession): Graph {
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    async run(feeds, outputs = session.outputNames) {
      const tensors = Object.entries(feeds).map(([name, { data, shape }]) => [
        name,
        data instanceof Float32Array
          ? new ort.Tensor("float32", data, shape)
          : new ort.Tensor("int64", data, shape),
      ]);
      const results = await session.run(Object.fromEntries(tensors), [...outputs]);
      return Object.fromEntries(outputs.map((name) => [name, plain(name, results[name])]));
    },
    release: () => session.release(),
  };
}

function plain(name: string, tensor: ort.Tensor | undefined): GraphTensor {
  const data = tensor?.data;
  if (data instanceof Float32Array || data instanceof BigInt64Array)
    return { data, shape: tensor?.dims ?? [] };
  throw new Error(`${name} is neither float32 nor int64`);
}
