/**
 * Runs ONNX graphs. Core only declares it; workers implement it with onnxruntime-web, scripts with onnxruntime-node.
 */

/** A tensor that goes into or comes out of a graph; row-major. Inputs are read during `run` and never kept. */
export interface GraphTensor {
  readonly data: Float32Array | BigInt64Array;
  readonly shape: readonly number[];
}

export type NamedTensors = Readonly<Record<string, GraphTensor>>;

export interface GraphRunner {
  /** Opens a graph. Opening several at once is safe. @throws AppError eval/graph, eval/memory */
  open(source: GraphSource): Promise<Graph>;
}

export interface GraphSource {
  /** A serialised ONNX model. */
  readonly graph: Uint8Array;
  /** The bytes of its external data, if it has any, and the location under which the graph names them. */
  readonly external?: { readonly location: string; readonly bytes: Uint8Array };
  /**
   * A hint how much to rewrite the graph before it runs. "basic" opens a graph of gradients four times as fast, and runs
   * it as fast: its weights are inputs, so there is little to fold. Absent = all it can.
   */
  readonly rewriting?: "basic";
}

/** An open graph; release it when done, its memory is not the garbage collector's. */
export interface Graph {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /**
   * Returns the named outputs (all of them when none are named); the caller owns their data.
   *
   * @throws AppError eval/graph, eval/memory
   */
  run(feeds: NamedTensors, outputs?: readonly string[]): Promise<NamedTensors>;
  release(): Promise<void>;
}
