import { readFileSync } from "node:fs";
import * as ort from "onnxruntime-web/wasm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesSource } from "../formats/format.ts";
import { openModelFile } from "../formats/index.ts";
import { parseOnnx } from "../formats/onnx.ts";
import { graphOf } from "../formats/onnx-message.ts";
import { sizeOf } from "../tensor/tensor.ts";
import { wave } from "../testing/onnx-graph.ts";
import { fed } from "../testing/run-onnx.ts";
import { type GradientGraph, gradientGraph } from "./gradient-graph.ts";
import { LOSS_INPUTS, type LossKind } from "./loss.ts";

const ROWS = 3;
const CLASSES = 10;
const fixed = { x: [ROWS, 1, 28, 28], W: [CLASSES, 64], mu: [64] };
const read = (name: string) => new Uint8Array(readFileSync(`public/zoo/vision/${name}`));
const model = parseOnnx(read("skeleton.onnx"), "skeleton.onnx");
const wrt = graphOf(model).input.map(({ name }) => name);

let values: ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly data: Float32Array<ArrayBuffer> }
>;
const sessions = new Map<LossKind, { graph: GradientGraph; session: ort.InferenceSession }>();

beforeAll(async () => {
  const base = await openModelFile(bytesSource(read("base.safetensors")), "base.safetensors");
  const heads = await openModelFile(bytesSource(read("heads.safetensors")), "heads.safetensors");
  const entries = wrt.map(async (name) => {
    const shape = name in fixed ? fixed[name as keyof typeof fixed] : base.tensors.get(name)!.shape;
    if (name === "x") return [name, { shape, data: wave(sizeOf(shape), 3) }] as const;
    if (name === "W") return [name, { shape, data: await heads.load("W.digits") }] as const;
    return [name, { shape, data: await (name === "mu" ? heads : base).load(name) }] as const;
  });
  values = new Map(await Promise.all(entries));
});

afterAll(async () => {
  for (const { session } of sessions.values()) await session.release();
});

async function opened(loss: LossKind) {
  const known = sessions.get(loss);
  if (known) return known;
  const graph = gradientGraph({ model, inputs: fixed, logits: "logits", loss, wrt });
  const made = {
    graph,
    session: await ort.InferenceSession.create(graph.bytes, { executionProviders: ["wasm"] }),
  };
  sessions.set(loss, made);
  return made;
}

/** Loss (summed in f64) and gradients at weights + h · direction. */
async function at(loss: LossKind, direction?: ReadonlyMap<string, Float32Array>, h = 0) {
  const { graph, session } = await opened(loss);
  const feeds: Record<string, ort.Tensor> = {
    [LOSS_INPUTS.labels]: new ort.Tensor("int64", BigInt64Array.of(3n, 7n, 1n), [ROWS]),
    [LOSS_INPUTS.weights]: fed([ROWS], new Float32Array(ROWS).fill(1)),
  };
  for (const [name, { shape, data }] of values) {
    const step = direction?.get(name);
    feeds[name] = fed(shape, step ? data.map((value, i) => value + h * step[i]) : data);
  }
  const used = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!]));
  const results = await session.run(used);
  const floats = (name: string) => results[name]!.data as Float32Array;
  return {
    loss: floats(graph.losses).reduce((a, b) => a + b, 0),
    gradients: new Map([...graph.gradients].map(([name, output]) => [name, floats(output)])),
  };
}

/**
 * Uphill steps of random lengths, in proportion to each tensor's own size: the slope along them is large against the
 * rounding of f32, and an entry of the wrong sign or size lowers it.
 */
function uphill(gradients: ReadonlyMap<string, Float32Array>, seed: number) {
  return new Map(
    [...values].map(([name, { data }], k) => {
      const size = Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);
      const gradient = gradients.get(name)!;
      const lengths = wave(data.length, seed + k);
      return [name, lengths.map((length, i) => Math.abs(length) * size * Math.sign(gradient[i]))] as const;
    }),
  );
}

describe("the zoo's transformer, by every weight, head and input", () => {
  it.each([
    ["cross-entropy", 1],
    ["cross-entropy", 100],
    ["log-probability", 4],
    ["entropy", 2],
    ["logit", 3],
  ] as const)("has the slope of %s that differences have, uphill from seed %d", async (loss, seed) => {
    const { gradients } = await at(loss);
    const direction = uphill(gradients, seed);
    let slope = 0;
    for (const [name, step] of direction) {
      slope += gradients.get(name)!.reduce((sum, value, i) => sum + value * step[i], 0);
    }
    const difference = async (h: number) =>
      ((await at(loss, direction, h)).loss - (await at(loss, direction, -h)).loss) / (2 * h);
    const [fine, coarse] = [await difference(1e-4), await difference(2e-4)];
    const extrapolated = (4 * fine - coarse) / 3;
    expect([slope]).toBeAllclose([extrapolated], { rtol: 1e-3, atol: 0 });
  });
});
