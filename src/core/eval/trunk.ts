/** A family's graph, ready to take merged weights and a task's frozen head. */
import { AppError } from "../errors.ts";
import type { ModelFile } from "../formats/format.ts";
import type { Graph, GraphRunner, GraphTensor, NamedTensors } from "../graph-runner.ts";
import type { MergedImage } from "./image.ts";
import type { SessionKind } from "./predictions.ts";
import type { Skeleton, Weights } from "./skeleton.ts";
import type { EvalTask, InputSpec } from "./suite.ts";

/** The frozen cosine heads: `W` (C × F) of each task, and the features' mean `mu` (F). */
export interface Heads {
  readonly mu: GraphTensor;
  readonly W: ReadonlyMap<string, GraphTensor>;
}

export interface TrunkParts {
  /** Its inputs beside the weights are x, W and mu. */
  readonly skeleton: Skeleton;
  readonly heads: Heads;
  readonly input: InputSpec & { readonly name: string };
  /** Name of the output (N × C). */
  readonly logits: string;
}

/** One image's weights in a graph. Close it when done. */
export interface Predictor {
  /** Returns logits (rows × C) of the task's model for rows × 1 × height × width inputs. */
  logits(task: string, x: Float32Array, rows: number): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Names of the head's inputs in a skeleton. */
export const HEAD_INPUTS = ["W", "mu"] as const;

export class Trunk {
  readonly #runner: GraphRunner;
  readonly #parts: TrunkParts;
  #open: Promise<Graph> | undefined;

  constructor(runner: GraphRunner, parts: TrunkParts) {
    this.#runner = runner;
    this.#parts = parts;
  }

  /** Opens the graph that takes weights as inputs, and keeps it; the first use would do so otherwise. */
  warmUp(): Promise<Graph> {
    this.#open ??= this.#runner.open({ graph: this.#parts.skeleton.graph });
    return this.#open;
  }

  /** Takes the image's weights as they are now; later merges into the image do not reach the predictor. */
  predictor(image: MergedImage, session: SessionKind): Predictor {
    return session === "inputs" ? this.#withInputs(image) : this.#withConstants(image);
  }

  async release(): Promise<void> {
    await (await this.#open)?.release();
  }

  #withInputs(image: MergedImage): Predictor {
    const feeds = perTask(image, (weights) => this.#parts.skeleton.feeds(weights));
    return {
      logits: async (task, x, rows) => this.#run(await this.warmUp(), task, x, rows, feeds(task)),
      async close() {},
    };
  }

  /** One graph for all tasks, or one for each: tasks take turns, so all stay open until the end. */
  #withConstants(image: MergedImage): Predictor {
    const opened: Promise<Graph>[] = [];
    const graphs = perTask(image, (weights) => {
      const graph = this.#runner.open(this.#parts.skeleton.frozen(weights));
      opened.push(graph);
      return graph;
    });
    return {
      logits: async (task, x, rows) => this.#run(await graphs(task), task, x, rows, {}),
      async close() {
        for (const result of await Promise.allSettled(opened)) {
          if (result.status === "fulfilled") await result.value.release();
        }
      },
    };
  }

  async #run(graph: Graph, task: string, x: Float32Array, rows: number, weights: NamedTensors) {
    const { heads, input, logits } = this.#parts;
    const W = heads.W.get(task);
    if (!W) throw new AppError("model/unknown-task", `The task “${task}” has no head.`, { task });
    const feeds = {
      ...weights,
      [input.name]: { data: x, shape: [rows, 1, input.height, input.width] },
      W,
      mu: heads.mu,
    };
    const { [logits]: output } = await graph.run(feeds, [logits]);
    if (!(output?.data instanceof Float32Array)) {
      throw new AppError("eval/graph", `The graph has no float output ${logits}.`, { output: logits });
    }
    return output.data;
  }
}

/** Makes something of each task's weights once, or of the one image that serves all tasks. */
function perTask<T>(image: MergedImage, make: (weights: Weights) => T): (task: string) => T {
  const made = new Map<string, T>();
  return (task) => {
    const key = image.isPerTask ? task : "";
    const known = made.get(key) ?? make(image.weights(task));
    made.set(key, known);
    return known;
  };
}

/**
 * Reads `mu` and `W.<task>` of every task.
 *
 * @throws AppError file/malformed when one is missing or does not fit its task's classes
 */
export async function readHeads(file: ModelFile, tasks: readonly EvalTask[]): Promise<Heads> {
  const mu = await head(file, "mu");
  const features = mu.data.length;
  const W = new Map<string, GraphTensor>();
  for (const { id, classes } of tasks) W.set(id, await head(file, `W.${id}`, [classes.length, features]));
  return { mu, W };
}

async function head(file: ModelFile, name: string, expected?: readonly number[]): Promise<GraphTensor> {
  const shape = file.tensors.get(name)?.shape;
  if (!shape || (expected && shape.join() !== expected.join())) {
    const reason = shape ? `has shape ${shape.join(" × ")}, not ${expected?.join(" × ")}` : "is missing";
    throw new AppError("file/malformed", `${file.name}: ${name} ${reason}`, {
      file: file.name,
      tensor: name,
    });
  }
  return { data: await file.load(name), shape };
}
