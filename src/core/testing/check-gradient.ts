/** Checks a rule against central differences, in the runtime that the app uses. */
import type { NodeProto, TensorProto } from "onnx-buf";
import * as ort from "onnxruntime-web/wasm";
import { layForward } from "../autodiff/forward.ts";
import { pullBack } from "../autodiff/reverse.ts";
import { serialise } from "../autodiff/serialise.ts";
import type { Tape } from "../autodiff/tape.ts";
import { coin, coinKey, coinRange } from "../random.ts";
import { sizeOf } from "../tensor/tensor.ts";
import { floatValue, intsTensor, onnxModel } from "./onnx-graph.ts";

ort.env.wasm.numThreads = 1;
ort.env.logLevel = "error";

/** A differentiated input: its shape, with values drawn in ±[0.1, 1] or in a range, or given. */
export type TestInput =
  | readonly number[]
  | {
      readonly shape: readonly number[];
      readonly range?: readonly [number, number];
      readonly values?: readonly number[];
    };

export interface GradientCase {
  readonly nodes: readonly NodeProto[];
  /** f32 inputs, all of which are differentiated by. */
  readonly inputs: Readonly<Record<string, TestInput>>;
  /** Stored int64 lists (axes, shapes), by name. */
  readonly ints?: Readonly<Record<string, readonly number[]>>;
  /** Other stored tensors: scalars, masks, weights that are not differentiated by. */
  readonly stored?: readonly TensorProto[];
  /** The output to differentiate; the last node's first unless named. */
  readonly output?: string;
  readonly opset?: number;
  /** Of the differences; too small drowns in f32's rounding, too large crosses kinks. */
  readonly step?: number;
  readonly seed?: number;
}

/** What was computed, for tests that look closer. */
export interface CheckedGradient {
  /** By input; empty where nothing flows back. */
  readonly gradients: ReadonlyMap<string, readonly number[]>;
  /** Operators of the graph that computes the gradients. */
  readonly ops: readonly string[];
}

/** Largest difference, relative to the largest entry of the input's gradient. */
const TOLERANCE = 5e-3;
/** Entries of one input that are compared; more are sampled. */
const MOST_ENTRIES = 40;
const STEP = 1e-2;

/**
 * Differentiates Σ r · output with random r by every input, and compares with (f(x + h) − f(x − h)) / 2h.
 *
 * @throws Error naming input and entry where they differ by more than 0.5 %
 */
export async function checkGradient(given: GradientCase): Promise<CheckedGradient> {
  const built = build(given);
  const { feeds, values, seed } = feedsOf(given, built.tape);
  const found = await computed(built, feeds);
  const session = await open(built.forward);
  try {
    const inputs = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!]));
    const scalar = async () => {
      const [output] = Object.values(await session.run(inputs));
      return floats(output).reduce((sum, value, i) => sum + value * seed[i]!, 0);
    };
    for (const [name, own] of values) await compare(name, own, found.gradients.get(name)!, scalar, given);
  } finally {
    await session.release();
  }
  return found;
}

/** The same gradients, not compared with anything: at kinks, where differences say nothing. */
export async function gradientsOf(given: GradientCase): Promise<CheckedGradient> {
  const built = build(given);
  return computed(built, feedsOf(given, built.tape).feeds);
}

function feedsOf(given: GradientCase, tape: Tape) {
  const first = given.seed ?? 1;
  const values = new Map(
    Object.entries(given.inputs).map(([name, input], i) => [name, drawn(input, first + i)]),
  );
  const seed = drawn({ shape: tape.type("seed").shape }, first + 1000);
  const feeds = Object.fromEntries(
    [...values, ["seed", seed] as const].map(([name, own]) => [
      name,
      new ort.Tensor("float32", own, tape.type(name).shape),
    ]),
  );
  return { feeds, values, seed };
}

async function computed(
  { tape, backward, gradients }: ReturnType<typeof build>,
  feeds: Readonly<Record<string, ort.Tensor>>,
): Promise<CheckedGradient> {
  const session = await open(backward);
  try {
    const results = await session.run(feeds);
    const names = [...tape.inputs.keys()].filter((name) => name !== "seed");
    return {
      gradients: new Map(names.map((name) => [name, floats(results[gradients.get(name) ?? ""])])),
      ops: tape.nodes.map(({ node }) => node.op),
    };
  } finally {
    await session.release();
  }
}

function build(given: GradientCase) {
  const names = Object.keys(given.inputs);
  const output = given.output ?? given.nodes.at(-1)!.output[0]!;
  const model = onnxModel(
    {
      node: [...given.nodes],
      input: names.map((name) => floatValue(name, shapeOf(given.inputs[name]!))),
      initializer: [
        ...Object.entries(given.ints ?? {}).map(([name, list]) => intsTensor(name, list)),
        ...(given.stored ?? []),
      ],
    },
    given.opset,
  );
  const request = { model, inputs: {}, output, wrt: names };
  const plain = layForward(request);
  const forward = serialise(model, plain, [plain.copyOf(output)]).bytes;
  const tape = layForward(request);
  tape.addInput("seed", { dtype: "f32", shape: tape.type(output).shape });
  const found = pullBack(tape, new Map([[output, "seed"]]), names);
  const gradients = new Map([...found].map(([name, value]) => [name, tape.copyOf(value)]));
  return {
    tape,
    forward,
    backward: serialise(model, tape, [tape.copyOf(output), ...gradients.values()]).bytes,
    gradients,
  };
}

async function compare(
  name: string,
  values: Float32Array,
  found: readonly number[],
  scalar: () => Promise<number>,
  { step = STEP, seed = 1 }: GradientCase,
): Promise<void> {
  const entries = sampled(values.length, seed);
  const expected: number[] = [];
  for (const i of entries) {
    const at = values[i]!;
    values[i] = at + step;
    const [above, high] = [await scalar(), values[i]!];
    values[i] = at - step;
    const [below, low] = [await scalar(), values[i]!];
    values[i] = at;
    expected.push((above - below) / (high - low));
  }
  const scale = Math.max(1e-2, ...expected.map(Math.abs));
  for (const [k, i] of entries.entries()) {
    if (Math.abs((found[i] ?? 0) - expected[k]!) <= TOLERANCE * scale) continue;
    throw new Error(`gradient of ${name}[${i}] is ${found[i]}, differences say ${expected[k]}`);
  }
}

function sampled(n: number, seed: number): number[] {
  const all = Array.from({ length: n }, (_, i) => i);
  if (n <= MOST_ENTRIES) return all;
  const key = coinKey(seed, "entries", "");
  return all.sort((a, b) => coin(key, a) - coin(key, b)).slice(0, MOST_ENTRIES);
}

function shapeOf(input: TestInput): readonly number[] {
  return "shape" in input ? input.shape : input;
}

/** Values in ±[0.1, 1], away from the kinks at 0, or in the range. */
function drawn(input: TestInput, seed: number): Float32Array<ArrayBuffer> {
  const n = sizeOf(shapeOf(input));
  const key = coinKey(seed, "values", "");
  const unit = (i: number) => coin(key, i) / coinRange;
  if ("shape" in input && input.values) return Float32Array.from(input.values);
  if ("shape" in input && input.range) {
    const [low, high] = input.range;
    return Float32Array.from({ length: n }, (_, i) => low + (high - low) * unit(i));
  }
  return Float32Array.from({ length: n }, (_, i) => {
    const signed = 2 * unit(i) - 1;
    return Math.sign(signed) * (0.1 + 0.9 * Math.abs(signed));
  });
}

function open(bytes: Uint8Array): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] });
}

/** Nothing flows back: zeros, as if none were there. */
function floats(tensor: ort.Tensor | undefined): readonly number[] {
  return tensor ? Array.from(tensor.data as Float32Array) : [];
}
