/** The networks that training steps are timed on, for our gradients and, as functions, for jax-js. */
import { type Array as JaxArray, lax, nn, numpy as np } from "@jax-js/jax";
import { readHeads } from "../../src/core/eval/heads.ts";
import { suiteOf } from "../../src/core/eval/open-evaluator.ts";
import { Skeleton } from "../../src/core/eval/skeleton.ts";
import { floatValue, node, onnxModel, wave } from "../../src/core/testing/onnx-graph.ts";
import type { WeightValues } from "../../src/core/train/gradients.ts";
import type { Network } from "../../src/core/train/network.ts";
import { networkOf } from "../../src/core/train/zoo-network.ts";
import type { FamilyFiles } from "../../src/core/zoo.ts";

export type Values = Readonly<Record<string, JaxArray>>;

export interface Timed {
  readonly name: string;
  readonly network: Network;
  readonly weights: WeightValues;
  /** The same logits in jax-js; values are owned, as jax-js wants it. */
  readonly jax: (x: JaxArray, values: Values) => JaxArray;
}

const PIXELS = 784;

type Shapes = Readonly<Record<string, readonly number[]>>;

/** Weights that neither vanish nor explode: waves scaled by the fan-in. */
function waves(shapes: Shapes): WeightValues {
  return new Map(
    Object.entries(shapes).map(([name, shape], i) => {
      const size = shape.reduce((a, b) => a * b, 1);
      const fanIn = size / (shape[0] ?? 1);
      return [name, wave(size, i).map((value) => value * Math.sqrt(2 / fanIn))];
    }),
  );
}

function networkFrom(shapes: Shapes, model: Network["model"], inputShape: readonly number[]): Network {
  return {
    model,
    weights: Object.entries(shapes).map(([name, shape]) => ({ name, dtype: "f32", shape })),
    input: { name: "x", shape: inputShape },
    logits: "logits",
    classes: 10,
    constants: {},
  };
}

function mlp(): Timed {
  const shapes = { w1: [256, PIXELS], b1: [256], w2: [256, 256], b2: [256], w3: [10, 256], b3: [10] };
  const model = onnxModel({
    input: [
      floatValue("x", ["N", PIXELS]),
      ...Object.entries(shapes).map(([name, shape]) => floatValue(name, shape)),
    ],
    output: [floatValue("logits", ["N", 10])],
    node: [
      node("Gemm", ["x", "w1", "b1"], ["h1"], { transB: 1 }),
      node("Relu", ["h1"], ["r1"]),
      node("Gemm", ["r1", "w2", "b2"], ["h2"], { transB: 1 }),
      node("Relu", ["h2"], ["r2"]),
      node("Gemm", ["r2", "w3", "b3"], ["logits"], { transB: 1 }),
    ],
  });
  return {
    name: "MLP 784-256-256-10",
    network: networkFrom(shapes, model, [PIXELS]),
    weights: waves(shapes),
    jax: (x, { w1, b1, w2, b2, w3, b3 }) => {
      const r1 = nn.relu(np.matmul(x, w1!.transpose()).add(b1!));
      const r2 = nn.relu(np.matmul(r1, w2!.transpose()).add(b2!));
      return np.matmul(r2, w3!.transpose()).add(b3!);
    },
  };
}

function cnn(): Timed {
  const shapes = { c1: [16, 1, 3, 3], c2: [32, 16, 3, 3], c3: [64, 32, 3, 3], w: [10, 64], b: [10] };
  const same = { pads: [1, 1, 1, 1] };
  const half = { kernel_shape: [2, 2], strides: [2, 2] };
  const model = onnxModel({
    input: [
      floatValue("x", ["N", 1, 28, 28]),
      ...Object.entries(shapes).map(([name, shape]) => floatValue(name, shape)),
    ],
    output: [floatValue("logits", ["N", 10])],
    node: [
      node("Conv", ["x", "c1"], ["h1"], same),
      node("Relu", ["h1"], ["r1"]),
      node("MaxPool", ["r1"], ["p1"], half),
      node("Conv", ["p1", "c2"], ["h2"], same),
      node("Relu", ["h2"], ["r2"]),
      node("MaxPool", ["r2"], ["p2"], half),
      node("Conv", ["p2", "c3"], ["h3"], same),
      node("Relu", ["h3"], ["r3"]),
      node("GlobalAveragePool", ["r3"], ["g"]),
      node("Flatten", ["g"], ["f"]),
      node("Gemm", ["f", "w", "b"], ["logits"], { transB: 1 }),
    ],
  });
  const convolved = (x: JaxArray, w: JaxArray) =>
    nn.relu(lax.convGeneralDilated(x, w, [1, 1], [[1, 1], [1, 1]])); // biome-ignore format: two pairs
  const pooled = (x: JaxArray, [n, c, h, w]: readonly number[]) =>
    np.max(x.reshape([n!, c!, h! / 2, 2, w! / 2, 2]), [3, 5]);
  return {
    name: "CNN 16-32-64",
    network: networkFrom(shapes, model, [1, 28, 28]),
    weights: waves(shapes),
    jax: (x, { c1, c2, c3, w, b }) => {
      const n = x.shape[0]!;
      const p1 = pooled(convolved(x, c1!), [n, 16, 28, 28]);
      const p2 = pooled(convolved(p1, c2!), [n, 32, 14, 14]);
      return np.matmul(np.mean(convolved(p2, c3!), [2, 3]), w!.transpose()).add(b!);
    },
  };
}

/** The zoo's transformer with its base's weights and the head of its first task. */
async function vit(files: FamilyFiles): Promise<Timed> {
  const { family } = files;
  const suite = suiteOf(family);
  const [task] = suite.tasks;
  if (!family.heads || !task) throw new Error("the zoo has neither heads nor tasks");
  const heads = await readHeads(
    await files.open(family.heads.file),
    suite.tasks.map(({ id }) => id),
  );
  const skeleton = new Skeleton(await files.bytes(family.skeleton), family.skeleton, [
    suite.input.name,
    ...heads.inputs,
  ]);
  const network = networkOf({ skeleton, heads, input: suite.input, logits: family.logits }, task);
  const file = await files.open(family.base);
  const weights = new Map<string, Float32Array>();
  for (const { name } of network.weights) weights.set(name, Float32Array.from(await file.load(name)));
  const head = heads.of(task.id).W;
  if (!(head?.data instanceof Float32Array)) throw new Error("the zoo's head has no W");
  return { name: "zoo ViT", network, weights, jax: vitInJax(head.data, head.shape) };
}

const TOKENS = 16;
const DIM = 64;
const HEADS = 4;

function vitInJax(head: Float32Array, headShape: readonly number[]): Timed["jax"] {
  const linear = (x: JaxArray, v: Values, name: string) =>
    np.matmul(x, v[`${name}.weight`]!.transpose()).add(v[`${name}.bias`]!);
  const norm = (x: JaxArray, v: Values, name: string) =>
    nn.standardize(x, -1).mul(v[`${name}.weight`]!).add(v[`${name}.bias`]!);
  const heads = (x: JaxArray, n: number) =>
    x.reshape([n, TOKENS, HEADS, DIM / HEADS]).transpose([0, 2, 1, 3]);
  return (x, v) => {
    const n = x.shape[0]!;
    const patches = x.reshape([n, 4, 7, 4, 7]).transpose([0, 1, 3, 2, 4]).reshape([n, TOKENS, 49]);
    let h = linear(patches, v, "patch_embed").add(v.pos_embed!);
    for (let block = 0; block < 4; block++) {
      const at = (name: string) => `blocks.${block}.${name}`;
      const qkv = linear(norm(h.ref, v, at("norm1")), v, at("attn.qkv"));
      const [q, k, value] = np.split(qkv, 3, -1).map((part) => heads(part, n));
      const scores = np.matmul(q!, k!.transpose([0, 1, 3, 2])).mul(1 / Math.sqrt(DIM / HEADS));
      const mixed = np
        .matmul(nn.softmax(scores, -1), value!)
        .transpose([0, 2, 1, 3])
        .reshape([n, TOKENS, DIM]);
      h = h.add(linear(mixed, v, at("attn.proj")));
      const wide = nn.gelu(linear(norm(h.ref, v, at("norm2")), v, at("mlp.fc1")), { approximate: false });
      h = h.add(linear(wide, v, at("mlp.fc2")));
    }
    const features = np.mean(norm(h, v, "norm"), 1);
    const W = np.array(head).reshape([...headShape]);
    return np.matmul(features, W.transpose()).mul(12);
  };
}

/** All of them. */
export async function timedNetworks(files: FamilyFiles): Promise<readonly Timed[]> {
  return [mlp(), cnn(), await vit(files)];
}
