/** A family's graph, ready to take merged weights and a task's private tensors. */
import { AppError } from "../errors.ts";
import type { Graph, GraphRunner, NamedTensors } from "../graph-runner.ts";
import type { Heads } from "./heads.ts";
import type { MergedImage } from "./image.ts";
import { exampleShape, type InputSpec } from "./input.ts";
import type { SessionKind } from "./predictions.ts";
import { SharedGraph } from "./shared-graph.ts";
import type { Skeleton, Weights } from "./skeleton.ts";

export interface TrunkParts {
  /** Its inputs beside the weights are x and those of the heads. */
  readonly skeleton: Skeleton;
  readonly heads: Heads;
  readonly input: InputSpec;
  /** Name of the output (N × C). */
  readonly logits: string;
  /** Examples that the graph takes at once; absent = any number. */
  readonly batch?: number | undefined;
}

/** One image's weights in a graph. Close it when done. */
export interface Predictor {
  /** Returns logits (rows × C) of the task's model for inputs of rows × the shape of one example. */
  logits(task: string, x: Float32Array, rows: number): Promise<Float32Array>;
  close(): Promise<void>;
}

export class Trunk {
  readonly #runner: GraphRunner;
  readonly #parts: TrunkParts;
  readonly #plain: SharedGraph;
  /** The graph of the routed image seen last; another one's layers or ranks make another graph. */
  #routed: { readonly key: string; readonly graph: SharedGraph } | undefined;

  constructor(runner: GraphRunner, parts: TrunkParts) {
    this.#runner = runner;
    this.#parts = parts;
    this.#plain = new SharedGraph(runner, parts.skeleton);
  }

  /** Opens the graph that takes weights as inputs, and keeps it; the first use would do so otherwise. */
  warmUp(): Promise<Graph> {
    return this.#plain.open();
  }

  /** Takes the image's weights as they are now; later merges into the image do not reach the predictor. */
  predictor(image: MergedImage, session: SessionKind): Predictor {
    const shared = this.#graphOf(image);
    return session === "inputs" ? this.#withInputs(image, shared) : this.#withConstants(image, shared);
  }

  async release(): Promise<void> {
    await Promise.all([this.#plain.retire(), this.#routed?.graph.retire()]);
  }

  /** The family's graph, or the one in which experts join in at the image's layers. */
  #graphOf({ routing = [] }: MergedImage): SharedGraph {
    if (routing.length === 0) return this.#plain;
    const key = JSON.stringify(routing);
    if (this.#routed?.key === key) return this.#routed.graph;
    const graph = new SharedGraph(this.#runner, this.#parts.skeleton.routed(routing));
    void this.#routed?.graph.retire();
    this.#routed = { key, graph };
    return graph;
  }

  #withInputs(image: MergedImage, shared: SharedGraph): Predictor {
    const feeds = perTask(image, (weights) => shared.skeleton.feeds(weights));
    shared.enter();
    return {
      logits: async (task, x, rows) => this.#run(await shared.open(), task, x, rows, feeds(task)),
      close: () => shared.leave(),
    };
  }

  /** One graph for all tasks, or one for each: tasks take turns, so all stay open until the end. */
  #withConstants(image: MergedImage, { skeleton }: SharedGraph): Predictor {
    const opened: Promise<Graph>[] = [];
    const graphs = perTask(image, (weights) => {
      const graph = this.#runner.open(skeleton.frozen(weights));
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

  /** All rows in one run or, for a graph of a fixed batch, in runs of that many, the last one filled up with zeros. */
  async #run(graph: Graph, task: string, x: Float32Array, rows: number, weights: NamedTensors) {
    const { batch } = this.#parts;
    if (batch === undefined || batch === rows) return this.#runOnce(graph, task, x, rows, weights);
    const size = x.length / rows;
    const parts: Float32Array[] = [];
    for (let begin = 0; begin < rows; begin += batch) {
      const some = new Float32Array(batch * size);
      some.set(x.subarray(begin * size, (begin + batch) * size));
      const logits = await this.#runOnce(graph, task, some, batch, weights);
      parts.push(logits.subarray(0, (Math.min(rows - begin, batch) * logits.length) / batch));
    }
    const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  async #runOnce(graph: Graph, task: string, x: Float32Array, rows: number, weights: NamedTensors) {
    const { heads, input, logits } = this.#parts;
    const feeds = {
      ...weights,
      ...heads.of(task),
      [input.name]: { data: x, shape: [rows, ...exampleShape(input)] },
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
