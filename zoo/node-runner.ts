/** onnxruntime-node as core's GraphRunner: the page's code at the speed of the machine. */
import { availableParallelism } from "node:os";
import * as ort from "onnxruntime-node";
import type { GraphRunner } from "../src/core/graph-runner.ts";
import { graphOf } from "../src/core/ort-graph.ts";

/** Runs graphs natively, on all processors that it may use unless told otherwise. */
export function nodeRunner(threads: number = availableParallelism()): GraphRunner {
  return {
    async open({ graph, external }) {
      const session = await ort.InferenceSession.create(graph, {
        intraOpNumThreads: threads,
        ...(external && { externalData: [{ path: external.location, data: external.bytes }] }),
      });
      return graphOf(session, ort.Tensor);
    },
  };
}
