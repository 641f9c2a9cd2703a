/** Gram matrices of linear layers' inputs, for RegMean. */
import { z } from "zod";
import type { Context } from "../context.ts";
import type { Cost } from "../cost.ts";
import type { Source } from "../described.ts";
import { AppError } from "../errors.ts";
import { feedsOf } from "../eval/skeleton.ts";
import { asInputs } from "../formats/onnx-skeleton.ts";
import type { Graph, GraphRunner, NamedTensors } from "../graph-runner.ts";
import type { WeightValues } from "../train/gradients.ts";
import type { LabelledData, Network } from "../train/network.ts";
import { declaredRows } from "../train/network-gradients.ts";
import { firstOf, inBatches } from "./examples.ts";
import { gramGraph, type LinearUse, linearUses } from "./gram-graph.ts";

export const gramSpec = z.object({
  examples: z.int().min(1).max(65_536).default(256).meta({
    label: "Examples",
    help: "The first so many of the task's validation examples; their labels are not read.",
    step: 32,
  }),
});
export type GramSpec = z.infer<typeof gramSpec>;

export const gramSource: Source = {
  paper: "arXiv:2212.09849",
  section: "3.2",
  code: "github.com/bloomberg/dataless-model-merging",
  deviations: [],
};

/** Examples per run. */
const ROWS = 32;

export interface Grams {
  /** XᵀX / n, (in × in), row-major, by weight; n counts examples. The caller owns them. */
  readonly matrices: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
  /** Weights that are stored (in × out); the others are (out × in). */
  readonly inputsFirst: readonly string[];
  /** Examples read. */
  readonly examples: number;
}

export interface GramInput {
  readonly runner: GraphRunner;
  readonly network: Network;
  readonly weights: WeightValues;
  readonly data: LabelledData;
}

/** Tells what the matrices take. */
export function gramCost(spec: GramSpec, network: Network, available: number): Cost {
  const examples = Math.min(spec.examples, available);
  const sizes = linearUses(network.model, network.weights).map(({ inputs }) => inputs ** 2);
  return {
    examples,
    passes: examples,
    gradientPasses: 0,
    rows: 0,
    // Sums (f64), one run's products and the result (f32).
    bytes:
      sizes.reduce((sum, size) => sum + size, 0) *
      (Float64Array.BYTES_PER_ELEMENT + 2 * Float32Array.BYTES_PER_ELEMENT),
  };
}

/**
 * Returns XᵀX / n of every linear layer's input. Weights that are no linear layer's (convolutions, norms, biases) have
 * none: a merge averages them.
 *
 * A graph of fixed batch size reads whole batches only. Products of a batch are f32, their sum over batches f64.
 *
 * @throws AppError eval/graph, eval/memory
 * Source: RegMean, arXiv:2212.09849 §3.2
 */
export async function gramMatrices(input: GramInput, spec: GramSpec, context: Context): Promise<Grams> {
  const { runner, network, data } = input;
  const model = asInputs(
    network.model,
    network.weights.map(({ name }) => name),
  );
  const uses = linearUses(model, network.weights);
  const inputsFirst = [...new Set(uses.filter((use) => use.inputsFirst).map(({ weight }) => weight))];
  if (uses.length === 0) return { matrices: new Map(), inputsFirst, examples: 0 };
  const plan = gramGraph(model, uses);
  const fixed = declaredRows(model, network.input.name);
  const rows = fixed ?? ROWS;
  const limit = Math.min(spec.examples, data.count);
  const examples = fixed === undefined ? limit : limit - (limit % rows);
  if (examples === 0) throw tooFew(limit, rows);
  const graph = await runner.open({ graph: plan.bytes });
  try {
    const sums = new GramSums(uses);
    for await (const { x, rows: count, first } of inBatches(data, firstOf(data, examples), rows, context)) {
      const outputs = await graph.run(feeds(graph, input, x, count), graph.outputs);
      for (const { use, output } of plan.outputs) sums.add(use, outputs[output]);
      context.progress(first + count, examples);
    }
    return { matrices: sums.means(examples), inputsFirst, examples };
  } finally {
    await graph.release();
  }
}

function feeds(graph: Graph, { network, weights }: GramInput, x: Float32Array, rows: number): NamedTensors {
  const all: NamedTensors = {
    ...network.constants,
    ...feedsOf(network.weights, weights),
    [network.input.name]: { data: x, shape: [rows, ...network.input.shape] },
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => graph.inputs.includes(name)));
}

/** f64 sums by weight; a weight that several layers share gets the sum over them. */
class GramSums {
  readonly #sums: ReadonlyMap<string, Float64Array>;

  constructor(uses: readonly LinearUse[]) {
    this.#sums = new Map(uses.map(({ weight, inputs }) => [weight, new Float64Array(inputs ** 2)]));
  }

  add({ weight }: LinearUse, product: NamedTensors[string] | undefined): void {
    const sum = this.#sums.get(weight);
    if (!sum || !(product?.data instanceof Float32Array)) throw new Error(`no product for ${weight}`);
    for (let i = 0; i < sum.length; i++) sum[i] += product.data[i];
  }

  means(examples: number): ReadonlyMap<string, Float32Array<ArrayBuffer>> {
    return new Map(
      [...this.#sums].map(([name, sum]) => [name, Float32Array.from(sum, (value) => value / examples)]),
    );
  }
}

function tooFew(available: number, rows: number): AppError {
  return new AppError(
    "eval/graph",
    `The network takes ${rows} examples at a time, and there are only ${available}. Export it with a free batch size, or give it more.`,
    { rows, available },
  );
}
