/** The same training step in jax-js: one jitted function of loss, gradients and update. */
import { type Array as JaxArray, jit, lax, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { batchOf, LEARNING_RATE, type NetworkId, type TimedNetwork } from "./networks.ts";
import type { Step } from "./step.ts";

type Values = Record<string, JaxArray>;

/** Logits of the examples. Arrays are owned: an operation consumes its arguments, and `.ref` keeps one for another use. */
type Logits = (x: JaxArray, weights: Values, constants: Values) => JaxArray;

const logitsOf: Readonly<Record<NetworkId, Logits>> = { mlp, cnn, vit };

/** Returns steps of plain SGD; the device (`init`, `defaultDevice`) is chosen before. */
export function jaxStepper({ id, network, weights: start }: TimedNetwork): Step {
  const { x, rows, labels } = batchOf(network);
  const onehot = new Float32Array(rows * network.classes);
  for (const [row, label] of Array.from(labels).entries()) onehot[row * network.classes + label] = 1;

  const logits = logitsOf[id];
  const lossOf = (weights: Values, input: JaxArray, wanted: JaxArray, constants: Values) =>
    np.sum(nn.logSoftmax(logits(input, weights, constants), -1).mul(wanted)).mul(-1 / rows);
  const step = jit((weights: Values, input: JaxArray, wanted: JaxArray, constants: Values) => {
    const [loss, gradients] = valueAndGrad(lossOf)(tree.ref(weights), input, wanted, constants);
    const moved = tree.map(
      (value: JaxArray, gradient: JaxArray) => value.sub(gradient.mul(LEARNING_RATE)),
      weights,
      gradients,
    );
    return { loss, moved };
  });

  const constants = valuesOf(
    Object.entries(network.constants).map(([name, { data, shape }]) => [
      name,
      Float32Array.from(data, Number),
      shape,
    ]),
  );
  let weights = valuesOf(
    network.weights.map(({ name, shape }) => [name, Float32Array.from(start.get(name) ?? []), shape]),
  );
  return async () => {
    // A batch is new in every step of a real training, so both sides hand theirs over.
    const input = np.array(x).reshape([rows, ...network.input.shape]);
    const wanted = np.array(onehot).reshape([rows, network.classes]);
    const { loss, moved } = step(weights, input, wanted, tree.ref(constants));
    weights = moved;
    for (const value of Object.values(weights)) await value.blockUntilReady();
    const [value] = await loss.data();
    return Number(value);
  };
}

function valuesOf(
  entries: readonly (readonly [name: string, values: Float32Array<ArrayBuffer>, shape: readonly number[]])[],
): Values {
  return Object.fromEntries(
    entries.map(([name, values, shape]) => [name, np.array(values).reshape([...shape])]),
  );
}

function linear(x: JaxArray, weights: Values, name: string): JaxArray {
  return np.matmul(x, part(weights, `${name}.weight`).transpose()).add(part(weights, `${name}.bias`));
}

function mlp(x: JaxArray, weights: Values): JaxArray {
  const h1 = nn.relu(linear(x, weights, "fc1"));
  return linear(nn.relu(linear(h1, weights, "fc2")), weights, "fc3");
}

function cnn(x: JaxArray, weights: Values): JaxArray {
  const block = (input: JaxArray, name: string) => {
    const padding: [number, number][] = [
      [1, 1],
      [1, 1],
    ];
    return nn.relu(lax.convGeneralDilated(input, part(weights, name), [1, 1], padding));
  };
  const halved = (input: JaxArray, channels: number, side: number) =>
    np.max(input.reshape([-1, channels, side / 2, 2, side / 2, 2]), [3, 5]);
  const h1 = halved(block(x, "conv1"), 16, 28);
  const h2 = halved(block(h1, "conv2"), 32, 14);
  return linear(np.mean(block(h2, "conv3"), [2, 3]), weights, "fc");
}

const TOKENS = 16;
const DIM = 64;
const HEADS = 4;
const BLOCKS = 4;
const PATCH = 7;
const GRID = 4;
/** Logits are this times a cosine, as in the zoo's graph. */
const LOGIT_SCALE = 12;

function vit(x: JaxArray, weights: Values, { W, mu }: Values): JaxArray {
  if (!W || !mu) throw new Error("the head has no W and mu");
  const patches = x.reshape([-1, GRID, PATCH, GRID, PATCH]).transpose([0, 1, 3, 2, 4]);
  let h = linear(patches.reshape([-1, TOKENS, PATCH ** 2]), weights, "patch_embed").add(
    part(weights, "pos_embed"),
  );
  for (let block = 0; block < BLOCKS; block++) {
    const name = `blocks.${block}`;
    h = h.ref.add(attention(norm(h, weights, `${name}.norm1`), weights, `${name}.attn`));
    const wide = linear(norm(h.ref, weights, `${name}.norm2`), weights, `${name}.mlp.fc1`);
    h = h.add(linear(nn.gelu(wide, { approximate: false }), weights, `${name}.mlp.fc2`));
  }
  const centred = np.mean(norm(h, weights, "norm"), 1).sub(mu);
  const length = np.sqrt(np.sum(centred.ref.mul(centred.ref), 1, { keepdims: true }));
  return np.matmul(centred.div(length), W.transpose()).mul(LOGIT_SCALE);
}

function norm(x: JaxArray, weights: Values, name: string): JaxArray {
  return nn
    .standardize(x, -1)
    .mul(part(weights, `${name}.weight`))
    .add(part(weights, `${name}.bias`));
}

function attention(x: JaxArray, weights: Values, name: string): JaxArray {
  const heads = (rows: JaxArray) => rows.reshape([-1, TOKENS, HEADS, DIM / HEADS]).transpose([0, 2, 1, 3]);
  const [q, k, v] = np.split(linear(x, weights, `${name}.qkv`), 3, -1).map(heads);
  if (!q || !k || !v) throw new Error("attention has three parts");
  const scores = np.matmul(q, k.transpose([0, 1, 3, 2])).mul(1 / Math.sqrt(DIM / HEADS));
  const mixed = np.matmul(nn.softmax(scores, -1), v).transpose([0, 2, 1, 3]);
  return linear(mixed.reshape([-1, TOKENS, DIM]), weights, `${name}.proj`);
}

function part(weights: Values, name: string): JaxArray {
  const value = weights[name];
  if (!value) throw new Error(`no weight ${name}`);
  return value;
}
