/** An ONNX Runtime session as core's Graph. Its builds for the web and for Node have one form, and core imports neither. */
import type { Graph, GraphTensor } from "./graph-runner.ts";

/** What is needed of a runtime's tensor. */
interface RuntimeTensor {
  readonly data: unknown;
  readonly dims: readonly number[];
}

/** A runtime's constructor of tensors; it wraps the data, without a copy. */
interface TensorMaker<T> {
  new (type: "float32", data: Float32Array, shape: readonly number[]): T;
  new (type: "int64", data: BigInt64Array, shape: readonly number[]): T;
}

/** What is needed of a runtime's session. */
interface RuntimeSession<T> {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(
    feeds: Record<string, T>,
    outputs: string[],
  ): Promise<Readonly<Record<string, RuntimeTensor | undefined>>>;
  release(): Promise<void>;
}

/** Runs a session's graph; errors are the runtime's own. */
export function graphOf<T>(session: RuntimeSession<T>, Tensor: TensorMaker<T>): Graph {
  const wrap = ({ data, shape }: GraphTensor): T =>
    data instanceof Float32Array ? new Tensor("float32", data, shape) : new Tensor("int64", data, shape);
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    async run(feeds, outputs = session.outputNames) {
      const tensors = Object.entries(feeds).map(([name, tensor]) => [name, wrap(tensor)]);
      const results = await session.run(Object.fromEntries(tensors), [...outputs]);
      return Object.fromEntries(outputs.map((name) => [name, plain(name, results[name])]));
    },
    release: () => session.release(),
  };
}

function plain(name: string, tensor: RuntimeTensor | undefined): GraphTensor {
  const data = tensor?.data;
  if (data instanceof Float32Array || data instanceof BigInt64Array) {
    return { data, shape: tensor?.dims ?? [] };
  }
  throw new Error(`${name} is neither float32 nor int64`);
}
