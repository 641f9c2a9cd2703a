/** Gradients of a network by its gradient graphs: micro-batches of one size, added up. */
import type { ModelProto } from "onnx-buf";
import type { LossKind } from "../autodiff/loss.ts";
import { type Context, quietContext } from "../context.ts";
import { AppError } from "../errors.ts";
import { feedsOf } from "../eval/skeleton.ts";
import { encodeOnnx } from "../formats/onnx.ts";
import { graphOf } from "../formats/onnx-message.ts";
import { asInputs, declarationOf } from "../formats/onnx-skeleton.ts";
import type { Graph, GraphRunner, NamedTensors } from "../graph-runner.ts";
import { sizeOf } from "../tensor/tensor.ts";
import { type GradientSession, GradientSessions } from "./gradient-sessions.ts";
import type { GradientBatch, GradientResult, Gradients, MicroBatch, WeightValues } from "./gradients.ts";
import { microBatchRows, sliceBatch } from "./micro-batch.ts";
import type { Network } from "./network.ts";

type Named = ReadonlyMap<string, Float32Array>;

export class NetworkGradients implements Gradients {
  readonly #runner: GraphRunner;
  readonly #network: Network;
  readonly #model: ModelProto;
  readonly #all: readonly string[];
  readonly #sessions: GradientSessions;
  /** The number of examples that every forward run must have, where the graph says so. */
  readonly #declaredRows: number | undefined;
  readonly #mostRows: number;
  #forward: Graph | undefined;
  #isBusy = false;

  constructor(runner: GraphRunner, network: Network, heapBudget: number, microBatch: number) {
    this.#runner = runner;
    this.#network = network;
    this.#all = network.weights.map(({ name }) => name);
    this.#model = asInputs(network.model, this.#all);
    this.#sessions = new GradientSessions(runner, network, this.#model, heapBudget, microBatch);
    this.#declaredRows = declaredRows(this.#model, network.input.name);
    this.#mostRows = microBatch;
  }

  microBatch(rows: number, loss: LossKind, wrt = this.#all): MicroBatch {
    const derivative = { loss, wrt };
    const size = microBatchRows(rows, this.#sessions.limit(derivative));
    const bytesAtPeak = this.#sessions.bytesAtPeak(derivative, size);
    return { rows: size, runs: Math.ceil(rows / size), bytesAtPeak };
  }

  evaluate(
    weights: WeightValues,
    batch: GradientBatch,
    loss: LossKind,
    wrt = this.#all,
    context: Context = quietContext,
  ): Promise<GradientResult> {
    return this.#alone(async () => {
      const { rows } = this.microBatch(batch.rows, loss, wrt);
      const session = await this.#sessions.session({ loss, wrt }, rows);
      return this.#accumulate(session, this.#fixed(weights), batch, wrt, context);
    });
  }

  predict(
    weights: WeightValues,
    x: Float32Array,
    rows: number,
    context: Context = quietContext,
  ): Promise<Float32Array> {
    return this.#alone(async () => {
      const { logits, classes, input } = this.#network;
      this.#forward ??= await this.#runner.open({ graph: encodeOnnx(this.#model) });
      const graph = this.#forward;
      const fixed = this.#fixed(weights);
      const out = new Float32Array(rows * classes);
      const size = this.#declaredRows ?? Math.min(this.#mostRows, rows);
      for (let begin = 0; begin < rows; begin += size) {
        await breath(context);
        const { [input.name]: examples } = sliceBatch({ x, rows }, input, begin, size);
        const outputs = await graph.run(taken(graph, { ...fixed, [input.name]: examples }), [logits]);
        copyRows(out, floats(outputs, logits), begin, classes);
      }
      return out;
    });
  }

  perExample(
    weights: WeightValues,
    batch: GradientBatch,
    loss: LossKind,
    each: (row: number, gradients: Named) => void,
    wrt = this.#all,
    context: Context = quietContext,
  ): Promise<void> {
    return this.#alone(async () => {
      const session = await this.#sessions.session({ loss, wrt }, 1);
      const fixed = this.#fixed(weights);
      const weighted = { weights: new Float32Array(batch.rows).fill(1), ...batch };
      for (let row = 0; row < batch.rows; row++) {
        await breath(context);
        const outputs = await this.#run(session, fixed, weighted, row);
        each(row, this.#gradientsOf(session, outputs, wrt));
      }
    });
  }

  async close(): Promise<void> {
    const forward = this.#forward;
    this.#forward = undefined;
    await this.#sessions.close();
    await forward?.release();
  }

  async #accumulate(
    session: GradientSession,
    fixed: NamedTensors,
    batch: GradientBatch,
    wrt: readonly string[],
    context: Context,
  ): Promise<GradientResult> {
    const { classes } = this.#network;
    const losses = new Float32Array(batch.rows);
    const logits = new Float32Array(batch.rows * classes);
    let gradients: Named | undefined;
    for (let begin = 0; begin < batch.rows; begin += session.rows) {
      await breath(context);
      const outputs = await this.#run(session, fixed, batch, begin);
      copyRows(losses, floats(outputs, session.plan.losses), begin, 1);
      copyRows(logits, floats(outputs, session.plan.logits), begin, classes);
      const part = this.#gradientsOf(session, outputs, wrt);
      if (gradients) addAll(gradients, part);
      else gradients = part;
    }
    if (!gradients) throw new Error("a batch needs at least one row");
    return { loss: weightedSum(losses, batch), losses, logits, gradients };
  }

  /** The runtime hands out fresh arrays, so gradients are its outputs themselves. */
  #gradientsOf({ plan }: GradientSession, outputs: NamedTensors, wrt: readonly string[]): Named {
    return new Map(
      wrt.map((name) => {
        const output = plan.gradients.get(name);
        return [name, output === undefined ? this.#zeros(name) : floats(outputs, output)];
      }),
    );
  }

  #zeros(name: string): Float32Array {
    const spec = this.#network.weights.find((weight) => weight.name === name);
    if (!spec) throw new Error(`${name} is no weight of the network`);
    return new Float32Array(sizeOf(spec.shape));
  }

  #run(
    { graph, plan, rows }: GradientSession,
    fixed: NamedTensors,
    batch: GradientBatch,
    begin: number,
  ): Promise<NamedTensors> {
    const feeds = { ...fixed, ...sliceBatch(batch, this.#network.input, begin, rows) };
    return graph.run(taken(graph, feeds), [plan.losses, plan.logits, ...plan.gradients.values()]);
  }

  /** What is the same in every run of a call. */
  #fixed(weights: WeightValues): NamedTensors {
    return { ...this.#network.constants, ...feedsOf(this.#network.weights, weights) };
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isBusy) throw new Error("gradients are computed one call at a time");
    this.#isBusy = true;
    try {
      return await work();
    } finally {
      this.#isBusy = false;
    }
  }
}

/** The number of examples that the graph is declared for, if it is. */
export function declaredRows(model: ModelProto, input: string): number | undefined {
  const declared = graphOf(model).input.find(({ name }) => name === input);
  const rows = declared && declarationOf(declared)?.shape[0];
  return typeof rows === "number" ? rows : undefined;
}

/** A graph refuses feeds that it has no input for: a loss without labels, a weight that nothing uses. */
function taken(graph: Graph, feeds: NamedTensors): NamedTensors {
  return Object.fromEntries(graph.inputs.filter((name) => feeds[name]).map((name) => [name, feeds[name]]));
}

function floats(outputs: NamedTensors, name: string): Float32Array {
  const data = outputs[name]?.data;
  if (data instanceof Float32Array) return data;
  throw new AppError("eval/graph", `The graph has no float output ${name}.`, { output: name });
}

/** Copies rows of `width` values into `out` from row `begin` on; what is padding does not fit and stays out. */
function copyRows(out: Float32Array, rows: Float32Array, begin: number, width: number): void {
  out.set(rows.subarray(0, out.length - begin * width), begin * width);
}

function addAll(sums: Named, parts: Named): void {
  for (const [name, sum] of sums) {
    const part = parts.get(name);
    if (part) for (let i = 0; i < sum.length; i++) sum[i] += part[i];
  }
}

function weightedSum(losses: Float32Array, { weights, rows }: GradientBatch): number {
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += losses[row] * (weights ? weights[row] : 1 / rows);
  return sum;
}

async function breath(context: Context): Promise<void> {
  await context.breathe();
  context.signal.throwIfAborted();
}
