import { defaultDevice, type Array as JaxArray, lax, nn, numpy as np, valueAndGrad } from "@jax-js/jax";
import type { NodeProto } from "onnx-buf";
import * as ort from "onnxruntime-web/wasm";
import { beforeAll, describe, expect, test } from "vitest";
import { floatValue, node, onnxModel, wave } from "../testing/onnx-graph.ts";
import { fed, runOnnx } from "../testing/run-onnx.ts";
import { gradientGraph } from "./gradient-graph.ts";
import { LOSS_INPUTS } from "./loss.ts";

type Values = Readonly<Record<string, JaxArray>>;

/** The same function twice: as ONNX nodes that end in `logits` (3 × 4), and in jax-js, which has gradients of its own. */
interface Twin {
  readonly name: string;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly nodes: readonly NodeProto[];
  /** jax-js arrays are owned: an operation consumes its arguments, and `.ref` keeps one for another use. */
  readonly logits: (values: Values) => JaxArray;
  readonly opset?: number;
}

const LABELS = [2, 0, 3];
const SAMPLE_WEIGHTS = [1, 0.5, 2];

/** Two implementations in f32, of sums over at most a few hundred terms. */
const TOLERANCE = { rtol: 1e-4, atol: 2e-6 };

const twins: readonly Twin[] = [
  {
    name: "softmax and cross-entropy",
    shapes: { x: [3, 4] },
    nodes: [node("Identity", ["x"], ["logits"])],
    logits: ({ x }) => x,
  },
  {
    name: "a perceptron",
    shapes: { x: [3, 5], w1: [6, 5], b1: [6], w2: [6, 4] },
    nodes: [
      node("Gemm", ["x", "w1", "b1"], ["h"], { transB: 1 }),
      node("Tanh", ["h"], ["t"]),
      node("MatMul", ["t", "w2"], ["logits"]),
    ],
    logits: ({ x, w1, b1, w2 }) => np.matmul(np.tanh(np.matmul(x, w1.transpose()).add(b1)), w2),
  },
  {
    name: "convolution, ReLU and MaxPool",
    shapes: { x: [3, 2, 6, 6], w: [4, 2, 3, 3] },
    nodes: [
      node("Conv", ["x", "w"], ["c"], { pads: [1, 1, 1, 1] }),
      node("Relu", ["c"], ["r"]),
      node("MaxPool", ["r"], ["p"], { kernel_shape: [2, 2], strides: [2, 2] }),
      node("ReduceMean", ["p"], ["logits"], { axes: [2, 3], keepdims: 0 }),
    ],
    logits: ({ x, w }) => {
      const r = nn.relu(lax.convGeneralDilated(x, w, [1, 1], [[1, 1], [1, 1]])); // biome-ignore format: two pairs
      return np.mean(np.max(r.reshape([3, 4, 3, 2, 3, 2]), [3, 5]), [2, 3]);
    },
  },
  {
    name: "grouped, dilated, strided convolution",
    shapes: { x: [3, 4, 8, 7], w: [4, 2, 3, 2] },
    nodes: [
      node("Conv", ["x", "w"], ["c"], { pads: [1, 0, 2, 1], strides: [2, 1], dilations: [1, 2], group: 2 }),
      node("GlobalAveragePool", ["c"], ["g"]),
      node("Flatten", ["g"], ["logits"]),
    ],
    logits: ({ x, w }) => {
      const options = { rhsDilation: [1, 2], featureGroupCount: 2 };
      return np.mean(lax.convGeneralDilated(x, w, [2, 1], [[1, 2], [0, 1]], options), [2, 3]); // biome-ignore format: two pairs
    },
  },
  {
    name: "transposed convolution",
    shapes: { x: [3, 2, 3, 4], w: [2, 4, 3, 3] },
    nodes: [
      node("ConvTranspose", ["x", "w"], ["c"], {
        strides: [2, 2],
        pads: [1, 1, 1, 1],
        output_padding: [1, 0],
      }),
      node("Mul", ["c", "c"], ["s"]),
      node("ReduceMean", ["s"], ["logits"], { axes: [2, 3], keepdims: 0 }),
    ],
    logits: ({ x, w }) => {
      const kernel = np.flip(w, [2, 3]).transpose([1, 0, 2, 3]);
      const c = lax.convGeneralDilated(x, kernel, [1, 1], [[1, 2], [1, 1]], { lhsDilation: [2, 2] }); // biome-ignore format: two pairs
      return np.mean(c.ref.mul(c), [2, 3]);
    },
  },
  {
    name: "layer normalisation",
    shapes: { x: [3, 4], scale: [4], bias: [4] },
    nodes: [node("LayerNormalization", ["x", "scale", "bias"], ["logits"])],
    logits: ({ x, scale, bias }) => nn.standardize(x, -1).mul(scale).add(bias),
  },
  {
    name: "instance normalisation",
    shapes: { x: [3, 4, 5], scale: [4], bias: [4], w: [5] },
    nodes: [
      node("InstanceNormalization", ["x", "scale", "bias"], ["n"]),
      node("MatMul", ["n", "w"], ["logits"]),
    ],
    logits: ({ x, scale, bias, w }) => {
      const n = nn
        .standardize(x, -1)
        .mul(scale.reshape([4, 1]))
        .add(bias.reshape([4, 1]));
      return np.matmul(n, w);
    },
  },
  {
    name: "an attention block",
    shapes: { x: [3, 5, 4], q: [4, 4], k: [4, 4], v: [4, 4] },
    nodes: [
      ...["q", "k", "v"].map((name) => node("MatMul", ["x", name], [`x${name}`])),
      node("Transpose", ["xk"], ["kt"], { perm: [0, 2, 1] }),
      node("MatMul", ["xq", "kt"], ["scores"]),
      node("Softmax", ["scores"], ["shares"], { axis: -1 }),
      node("MatMul", ["shares", "xv"], ["mixed"]),
      node("Add", ["mixed", "x"], ["sum"]),
      node("ReduceMean", ["sum"], ["logits"], { axes: [1], keepdims: 0 }),
    ],
    logits: ({ x, q, k, v }) => {
      const scores = np.matmul(np.matmul(x.ref, q), np.matmul(x.ref, k).transpose([0, 2, 1]));
      const mixed = np.matmul(nn.softmax(scores, -1), np.matmul(x.ref, v));
      return np.mean(mixed.add(x), 1);
    },
  },
  {
    name: "SiLU and Mish, spelt out",
    shapes: { x: [3, 4] },
    nodes: [
      node("Sigmoid", ["x"], ["s"]),
      node("Mul", ["x", "s"], ["silu"]),
      node("Softplus", ["silu"], ["p"]),
      node("Tanh", ["p"], ["t"]),
      node("Mul", ["silu", "t"], ["logits"]),
    ],
    logits: ({ x }) => nn.mish(nn.silu(x)),
  },
];

describe("jax-js finds the same gradients", () => {
  beforeAll(() => {
    defaultDevice("cpu"); // its WebAssembly is made for browsers
  });

  test.for(twins)("$name", async (twin) => {
    const names = Object.keys(twin.shapes);
    const values = Object.fromEntries(
      names.map((name, i) => [
        name,
        wave(
          twin.shapes[name].reduce((a, b) => a * b),
          i,
        ),
      ]),
    );
    const ours = await onnxGradients(twin, values);
    const theirs = await jaxGradients(twin, values);
    expect(ours.loss).toBeAllclose(theirs.loss, TOLERANCE);
    for (const name of names)
      expect(ours.gradients[name], name).toBeAllclose(theirs.gradients[name], TOLERANCE);
  });
});

type Feeds = Readonly<Record<string, Float32Array<ArrayBuffer>>>;

async function onnxGradients({ shapes, nodes, opset }: Twin, values: Feeds) {
  const names = Object.keys(shapes);
  const model = onnxModel(
    {
      input: names.map((name) => floatValue(name, shapes[name])),
      output: [floatValue("logits", [3, 4])],
      node: [...nodes],
    },
    opset,
  );
  const graph = gradientGraph({ model, inputs: shapes, logits: "logits", loss: "cross-entropy", wrt: names });
  const results = await runOnnx(graph.bytes, {
    ...Object.fromEntries(names.map((name) => [name, fed(shapes[name], values[name])])),
    [LOSS_INPUTS.labels]: new ort.Tensor("int64", BigInt64Array.from(LABELS, BigInt), [3]),
    [LOSS_INPUTS.weights]: fed([3], Float32Array.from(SAMPLE_WEIGHTS)),
  });
  const read = (name: string | undefined) => results.get(name ?? "")?.data ?? [];
  return {
    loss: read(graph.loss),
    gradients: Object.fromEntries(names.map((name) => [name, read(graph.gradients.get(name))])),
  };
}

async function jaxGradients({ shapes, logits }: Twin, values: Feeds) {
  const picked = Float32Array.from({ length: 12 }, (_, i) =>
    LABELS[Math.floor(i / 4)] === i % 4 ? -SAMPLE_WEIGHTS[Math.floor(i / 4)] : 0,
  );
  const loss = (tree: Values) =>
    np.sum(nn.logSoftmax(logits(tree), -1).mul(np.array(picked).reshape([3, 4])));
  const tree = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, np.array(values[name]).reshape([...shape])]),
  );
  const [value, gradients] = valueAndGrad(loss)(tree);
  const read = async (array: JaxArray) => Array.from(await array.data(), Number);
  const found = await Promise.all(
    Object.entries(gradients).map(async ([name, gradient]) => [name, await read(gradient)] as const),
  );
  return { loss: await read(value), gradients: Object.fromEntries(found) };
}
