/** The networks that training steps are timed on. */
import type { ModelProto } from "onnx-buf";
import { suiteOf } from "../../src/core/eval/open-evaluator.ts";
import { coin, coinKey, coinRange } from "../../src/core/random.ts";
import { sizeOf } from "../../src/core/tensor/tensor.ts";
import type { GradientBatch, WeightValues } from "../../src/core/train/gradients.ts";
import type { Network } from "../../src/core/train/network.ts";
import { openWorkbench } from "../../src/core/train/workbench.ts";
import type { FamilyFiles } from "../../src/core/zoo.ts";
import { GraphWriter } from "../../zoo/graphs/writer.ts";

export const BATCH = 64;
export const LEARNING_RATE = 0.05;

export type NetworkId = "mlp" | "cnn" | "vit";

export interface TimedNetwork {
  readonly id: NetworkId;
  readonly name: string;
  readonly network: Network;
  readonly weights: WeightValues;
}

type Shapes = Readonly<Record<string, readonly number[]>>;

/** All of them; the transformer is the family's, with its base's weights and the head of its first task. */
export async function timedNetworks(files: FamilyFiles): Promise<readonly TimedNetwork[]> {
  return [mlp(), cnn(), await vit(files)];
}

/** A batch of noise in place of pictures, and labels in turn. */
export function batchOf({ input, classes }: Network): Required<Pick<GradientBatch, "x" | "rows" | "labels">> {
  const labels = Array.from({ length: BATCH }, (_, i) => i % classes);
  return { x: noise("x", BATCH * sizeOf(input.shape), 1), rows: BATCH, labels };
}

function mlp(): TimedNetwork {
  const shapes: Shapes = {
    "fc1.weight": [256, 784],
    "fc1.bias": [256],
    "fc2.weight": [256, 256],
    "fc2.bias": [256],
    "fc3.weight": [10, 256],
    "fc3.bias": [10],
  };
  const g = new GraphWriter();
  const h1 = g.node("Relu", [g.linear("x", "fc1")]);
  const h2 = g.node("Relu", [g.linear(h1, "fc2")]);
  g.linear(h2, "fc3", "logits");
  return drawn("mlp", "MLP 784-256-256-10", g, shapes, [784]);
}

function cnn(): TimedNetwork {
  const shapes: Shapes = {
    conv1: [16, 1, 3, 3],
    conv2: [32, 16, 3, 3],
    conv3: [64, 32, 3, 3],
    "fc.weight": [10, 64],
    "fc.bias": [10],
  };
  const g = new GraphWriter();
  const block = (x: string, weight: string) =>
    g.node("Relu", [g.node("Conv", [x, weight], { pads: [1, 1, 1, 1] })]);
  const halved = (x: string) => g.node("MaxPool", [x], { kernel_shape: [2, 2], strides: [2, 2] });
  const deep = block(halved(block(halved(block("x", "conv1")), "conv2")), "conv3");
  g.linear(g.node("Flatten", [g.node("GlobalAveragePool", [deep])]), "fc", "logits");
  return drawn("cnn", "CNN 16-32-64", g, shapes, [1, 28, 28]);
}

async function vit(files: FamilyFiles): Promise<TimedNetwork> {
  const neverRun = { open: () => Promise.reject(new Error("only the network is wanted")) };
  const bench = await openWorkbench(files, neverRun);
  const [task] = suiteOf(files.family).tasks;
  if (!task) throw new Error("the family has no task");
  const network = bench.network(task.id);
  const base = await files.open(files.family.base);
  const weights = new Map<string, Float32Array>();
  for (const { name } of network.weights) weights.set(name, await base.load(name));
  return { id: "vit", name: "zoo ViT", network, weights };
}

/** A network of drawn weights, from a graph that is written but for its inputs. */
function drawn(
  id: NetworkId,
  name: string,
  g: GraphWriter,
  shapes: Shapes,
  inputShape: readonly number[],
): TimedNetwork {
  g.input("x", ["N", ...inputShape]);
  for (const [weight, shape] of Object.entries(shapes)) g.input(weight, shape);
  const model: ModelProto = g.finish(id, { logits: ["N", 10] });
  const network: Network = {
    model,
    weights: Object.entries(shapes).map(([weight, shape]) => ({ name: weight, dtype: "f32", shape })),
    input: { name: "x", shape: inputShape },
    logits: "logits",
    classes: 10,
    constants: {},
  };
  const weights = new Map(
    Object.entries(shapes).map(([weight, shape]) => [weight, initial(weight, shape)] as const),
  );
  return { id, name, network, weights };
}

/** As He et al. start networks with ReLU; biases are 0. */
function initial(name: string, shape: readonly number[]): Float32Array<ArrayBuffer> {
  const size = sizeOf(shape);
  const fanIn = size / (shape[0] ?? 1);
  return noise(name, size, shape.length > 1 ? Math.sqrt(6 / fanIn) : 0);
}

/** Values in [−width, width] that depend on the name only. */
function noise(name: string, size: number, width: number): Float32Array<ArrayBuffer> {
  const key = coinKey(1, "bench", name);
  return Float32Array.from({ length: size }, (_, i) => (coin(key, i) / coinRange - 0.5) * 2 * width);
}
