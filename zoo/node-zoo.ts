/** A zoo family in a folder, and onnxruntime-node as core's GraphRunner: what a script needs to run the page's code. */
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import * as ort from "onnxruntime-node";
import { bytesSource } from "../src/core/formats/format.ts";
import { safetensors } from "../src/core/formats/safetensors.ts";
import type { Graph, GraphRunner, NamedTensors } from "../src/core/graph-runner.ts";
import { type FamilyFiles, ownerOf, parseZooJson, zooFamily } from "../src/core/zoo.ts";

/** Opens the family whose family.json lies in the folder of its id. @throws AppError zoo/unavailable when it does not fit */
export async function openFolder(folder: string): Promise<FamilyFiles> {
  const file = join(folder, "family.json");
  const family = parseZooJson(zooFamily, await readFile(file, "utf8"), file);
  const bytes = async (path: string): Promise<Uint8Array<ArrayBuffer>> => {
    const stored = await readFile(join(folder, "..", ownerOf(family, path), path));
    return new Uint8Array(stored[0] === 0x1f && stored[1] === 0x8b ? gunzipSync(stored) : stored);
  };
  return { family, bytes, open: async (path) => safetensors.open(bytesSource(await bytes(path)), path) };
}

/** Runs graphs natively, on all processors that it may use unless told otherwise. */
export function nodeRunner(threads: number = availableParallelism()): GraphRunner {
  return {
    async open({ graph, external }) {
      const session = await ort.InferenceSession.create(graph, {
        intraOpNumThreads: threads,
        ...(external && { externalData: [{ path: external.location, data: external.bytes }] }),
      });
      return nodeGraph(session);
    },
  };
}

function nodeGraph(session: ort.InferenceSession): Graph {
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    async run(feeds: NamedTensors, outputs = session.outputNames) {
      const tensors = Object.entries(feeds).map(([name, { data, shape }]) => [
        name,
        data instanceof Float32Array
          ? new ort.Tensor("float32", data, shape)
          : new ort.Tensor("int64", data, shape),
      ]);
      const results = await session.run(Object.fromEntries(tensors), [...outputs]);
      const named = Object.entries(results).map(([name, { data, dims }]) => {
        if (!(data instanceof Float32Array || data instanceof BigInt64Array)) {
          throw new Error(`${name} is neither float32 nor int64`);
        }
        return [name, { data, shape: dims }];
      });
      return Object.fromEntries(named);
    },
    release: () => session.release(),
  };
}
