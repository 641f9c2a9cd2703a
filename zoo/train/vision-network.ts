/** The vision network with a task's frozen head: what is trained, measured and looked at. */
import { readFile } from "node:fs/promises";
import { bytesSource } from "../../src/core/formats/format.ts";
import { encodeOnnx } from "../../src/core/formats/onnx.ts";
import { safetensors } from "../../src/core/formats/safetensors.ts";
import type { Graph, GraphRunner, GraphTensor } from "../../src/core/graph-runner.ts";
import type { Network } from "../../src/core/train/network.ts";
import { asData, type Pictures } from "../data/vision.ts";
import { visionSkeleton, visionWeights } from "../graphs/vision.ts";

/** f32 in memory, whatever the files hold. */
const weights = visionWeights.map((spec) => ({ ...spec, dtype: "f32" as const }));
const FEATURES = 64;
const CHUNK = 250;

/** The features' mean, and the direction of each class (C × 64) by task. */
export interface VisionHeads {
  readonly mu: GraphTensor;
  readonly W: ReadonlyMap<string, GraphTensor>;
}

export async function readHeads(path: string): Promise<VisionHeads> {
  const file = await safetensors.open(bytesSource(new Uint8Array(await readFile(path))), path);
  const tensor = async (name: string): Promise<GraphTensor> => ({
    data: await file.load(name),
    shape: file.tensors.get(name)?.shape ?? [],
  });
  const W = new Map<string, GraphTensor>();
  for (const name of file.tensors.keys()) {
    if (name.startsWith("W.")) W.set(name.slice(2), await tensor(name));
  }
  return { mu: await tensor("mu"), W };
}

/** Returns the network that tells the task's classes apart. */
export function visionNetwork({ mu, W }: VisionHeads, task: string): Network {
  const head = W.get(task);
  if (!head) throw new Error(`no head for ${task}`);
  return {
    model: visionSkeleton(),
    weights,
    input: { name: "x", shape: [1, 28, 28] },
    logits: "logits",
    classes: head.shape[0] ?? 0,
    constants: { W: head, mu },
  };
}

/** The network's forward pass alone. */
export class VisionForward {
  readonly #graph: Graph;

  static async open(runner: GraphRunner): Promise<VisionForward> {
    return new VisionForward(await runner.open({ graph: encodeOnnx(visionSkeleton()) }));
  }

  private constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** Returns features (count × 64). */
  features(model: ReadonlyMap<string, Float32Array>, pictures: Pictures): Promise<Float32Array> {
    const none = { data: new Float32Array(FEATURES), shape: [1, FEATURES] };
    const mu = { data: new Float32Array(FEATURES), shape: [FEATURES] };
    return this.#run(model, pictures, { W: none, mu }, "features", FEATURES);
  }

  /** Returns logits (count × C). */
  logits(
    model: ReadonlyMap<string, Float32Array>,
    pictures: Pictures,
    { mu, W }: VisionHeads,
    task: string,
  ): Promise<Float32Array> {
    const head = W.get(task);
    if (!head) throw new Error(`no head for ${task}`);
    return this.#run(model, pictures, { W: head, mu }, "logits", head.shape[0] ?? 0);
  }

  release(): Promise<void> {
    return this.#graph.release();
  }

  async #run(
    model: ReadonlyMap<string, Float32Array>,
    pictures: Pictures,
    head: { W: GraphTensor; mu: GraphTensor },
    output: string,
    width: number,
  ): Promise<Float32Array> {
    const feeds: Record<string, GraphTensor> = { ...head };
    for (const { name, shape } of weights) {
      const data = model.get(name);
      if (!data) throw new Error(`no weight ${name}`);
      feeds[name] = { data, shape };
    }
    const data = asData(pictures);
    const out = new Float32Array(pictures.count * width);
    for (let begin = 0; begin < pictures.count; begin += CHUNK) {
      const rows = Math.min(CHUNK, pictures.count - begin);
      const indices = Uint32Array.from({ length: rows }, (_, i) => begin + i);
      const x = { data: data.rows(indices, 0), shape: [rows, 1, 28, 28] };
      const { [output]: result } = await this.#graph.run({ ...feeds, x }, [output]);
      if (!(result?.data instanceof Float32Array)) throw new Error(`no output ${output}`);
      out.set(result.data, begin * width);
    }
    return out;
  }
}
