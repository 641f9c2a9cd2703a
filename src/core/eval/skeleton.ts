/** A graph without weights, in the two forms that take them: as inputs, or as constants in one buffer. */
import { AppError } from "../errors.ts";
import type { ModelFile } from "../formats/format.ts";
import { encodeOnnx, parseOnnx } from "../formats/onnx.ts";
import { graphOf } from "../formats/onnx-message.ts";
import { asExternal, declarationOf } from "../formats/onnx-skeleton.ts";
import { layoutSafetensors, type SafetensorsLayout } from "../formats/safetensors-write.ts";
import type { GraphSource, GraphTensor, NamedTensors } from "../graph-runner.ts";
import { routedGraph } from "../routing/routed-graph.ts";
import type { RoutedSite } from "../routing/sites.ts";
import { sizeOf, type TensorSpec } from "../tensor/tensor.ts";

/** Tensors by name, row-major f32. */
export type Weights = ReadonlyMap<string, Float32Array>;

/** Where the graph with constant weights says that they are. */
const LOCATION = "weights.bin";

export class Skeleton {
  /** The graph whose weights are inputs. */
  readonly graph: Uint8Array<ArrayBuffer>;
  /** The weights that it wants, all f32. */
  readonly weights: readonly TensorSpec[];
  readonly #layout: SafetensorsLayout;
  /** The graph whose weights are slices of a buffer. */
  readonly #external: Uint8Array<ArrayBuffer>;
  readonly #file: string;
  readonly #others: readonly string[];

  /**
   * @param graph ONNX in which every weight is a float32 input of known shape
   * @param others names of the inputs that are no weights
   * @throws AppError file/…, eval/graph when an input has no fixed shape
   */
  constructor(graph: Uint8Array<ArrayBuffer>, file: string, others: readonly string[]) {
    const model = parseOnnx(graph, file);
    const inputs = graphOf(model).input.filter(({ name }) => !others.includes(name));
    this.graph = graph;
    this.#file = file;
    this.#others = others;
    this.weights = inputs.map((input) => {
      const declared = declarationOf(input)?.shape;
      const shape = declared?.filter((size) => typeof size === "number");
      if (!shape || shape.length !== declared?.length) {
        throw misfit(input.name, `is an input of ${file} without a fixed shape`);
      }
      return { name: input.name, dtype: "f32", shape };
    });
    this.#layout = layoutSafetensors(this.weights);
    this.#external = encodeOnnx(asExternal(model, this.#layout, LOCATION));
  }

  /** Returns the skeleton whose inputs choose among experts at these layers. @throws AppError eval/graph */
  routed(sites: readonly RoutedSite[]): Skeleton {
    const model = routedGraph(parseOnnx(this.graph, this.#file), sites);
    return new Skeleton(encodeOnnx(model), this.#file, this.#others);
  }

  /** Returns the weights as inputs of `graph`, not copied. @throws AppError eval/graph when they do not fit */
  feeds(weights: Weights): NamedTensors {
    return feedsOf(this.weights, weights);
  }

  /** Returns the graph with these weights as constants; copied. @throws AppError eval/graph when they do not fit */
  frozen(weights: Weights): GraphSource {
    const bytes = new Uint8Array(this.#layout.byteLength);
    bytes.set(this.#layout.header);
    for (const { spec, begin, end } of this.#layout.slots.values()) {
      new Float32Array(bytes.buffer, begin, (end - begin) / Float32Array.BYTES_PER_ELEMENT).set(
        fitting(weights, spec),
      );
    }
    return { graph: this.#external, external: { location: LOCATION, bytes } };
  }
}

/** Returns the weights as inputs of a graph that wants these; not copied. @throws AppError eval/graph when they do not fit */
export function feedsOf(specs: Iterable<TensorSpec>, weights: Weights): NamedTensors {
  const feeds: Record<string, GraphTensor> = {};
  for (const spec of specs) feeds[spec.name] = { data: fitting(weights, spec), shape: spec.shape };
  return feeds;
}

/** Reads the weights that a graph wants from a file, f32. @throws AppError eval/graph for one that it has not, file/… */
export async function weightsOf(file: ModelFile, { weights }: Skeleton): Promise<Weights> {
  const found = new Map<string, Float32Array>();
  for (const { name } of weights) {
    if (!file.tensors.has(name)) throw misfit(name, `is wanted by the graph and not in ${file.name}`);
    found.set(name, await file.load(name));
  }
  return found;
}

function fitting(weights: Weights, { name, shape }: TensorSpec): Float32Array {
  const values = weights.get(name);
  if (!values) throw misfit(name, "is wanted by the graph and has not been merged");
  if (values.length !== sizeOf(shape)) {
    throw misfit(name, `has ${values.length} values, the graph wants ${shape.join(" × ")}`);
  }
  return values;
}

function misfit(tensor: string, reason: string): AppError {
  return new AppError("eval/graph", `The tensor ${tensor} ${reason}.`, { tensor });
}
