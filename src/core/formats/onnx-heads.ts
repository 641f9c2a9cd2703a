/**
 * One exported graph for all tasks: the trunk once, and per task its own copy of the head with its own weights.
 *
 * The head is everything that depends on the head's weights; nothing is known of operators or names.
 */
import {
  type GraphProto,
  type ModelProto,
  type NodeProto,
  NodeProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { AppError } from "../errors.ts";
import { clip } from "./file-error.ts";
import { graphOf, revise, reviseGraph } from "./onnx-message.ts";
import { reads, renamed } from "./onnx-rename.ts";
import { declarationOf, requireLike } from "./onnx-skeleton.ts";
import { inlineTensor, type Weight } from "./onnx-tensor.ts";

/** The private weights of one task, by the names of the graph inputs that they fill. */
export interface TaskHead {
  /** Ends the name of the task's outputs: "logits_digits". */
  readonly task: string;
  /** The same names for every task; shapes may differ where the graph names a dimension. */
  readonly weights: readonly Weight[];
}

/**
 * The graph with the inputs that heads fill gone, and every output that depends on them once per task, named
 * `<output>_<task>`. Outputs of the trunk stay.
 *
 * @throws AppError eval/graph when a head does not fit the graph, export/failed when a new name is taken
 */
export function withTaskHeads(model: ModelProto, heads: readonly TaskHead[]): ModelProto {
  const graph = graphOf(model);
  const inputs = headInputs(graph, heads);
  const head = downstream(graph, new Set(inputs.keys()));
  const copies = heads.map((task) => copyHead(graph, head, inputs, task));
  requireFreshNames(graph, copies);
  return reviseGraph(model, {
    input: graph.input.filter(({ name }) => !inputs.has(name)),
    initializer: [...graph.initializer, ...copies.flatMap(({ initializer }) => initializer)],
    node: [...graph.node.filter((node) => !head.nodes.has(node)), ...copies.flatMap(({ node }) => node)],
    output: [
      ...copies.flatMap(({ output }) => output),
      ...graph.output.filter(({ name }) => !head.values.has(name)),
    ],
    valueInfo: graph.valueInfo.filter(({ name }) => !head.values.has(name)),
  });
}

/** The graph inputs that the heads fill, after checking that every head fills the same ones. */
function headInputs(graph: GraphProto, heads: readonly TaskHead[]): ReadonlyMap<string, ValueInfoProto> {
  const names = new Set(heads.flatMap(({ weights }) => weights.map(({ spec }) => spec.name)));
  const inputs = new Map(
    graph.input.filter(({ name }) => names.has(name)).map((input) => [input.name, input]),
  );
  for (const { task, weights } of heads) {
    const own = new Map(weights.map(({ spec }) => [spec.name, spec]));
    for (const name of names) {
      const declaration = inputs.get(name) && declarationOf(inputs.get(name)!);
      const spec = own.get(name);
      if (!declaration || !spec)
        throw misfit(task, name, declaration ? "is missing" : "is no input of the graph");
      if (declaration.dtype !== spec.dtype)
        throw misfit(task, name, `must be ${declaration.dtype}, not ${spec.dtype}`);
      requireLike(spec, declaration);
    }
  }
  return inputs;
}

function misfit(task: string, name: string, what: string): AppError {
  return new AppError("eval/graph", `The head of task “${clip(task)}” does not fit: ${clip(name)} ${what}.`, {
    task: clip(task),
    tensor: clip(name),
  });
}

/** Nodes and values that depend on the given values; ONNX lists nodes in an order in which inputs come first. */
function downstream(graph: GraphProto, roots: ReadonlySet<string>) {
  const values = new Set(roots);
  const nodes = new Set<NodeProto>();
  for (const node of graph.node) {
    if (![...reads(node)].some((name) => values.has(name))) continue;
    nodes.add(node);
    for (const name of node.output) if (name !== "") values.add(name);
  }
  return { nodes, values };
}

type Head = ReturnType<typeof downstream>;

function copyHead(
  graph: GraphProto,
  head: Head,
  inputs: ReadonlyMap<string, ValueInfoProto>,
  task: TaskHead,
) {
  const outputs = new Set(graph.output.map(({ name }) => name));
  const rename = (name: string) => {
    if (!head.values.has(name)) return name;
    return outputs.has(name) ? `${name}_${task.task}` : `${task.task}/${name}`;
  };
  const sizes = namedSizes(inputs, task);
  return {
    initializer: task.weights.map(({ spec, bytes }) =>
      inlineTensor({ spec: { ...spec, name: rename(spec.name) }, bytes }),
    ),
    node: graph.node
      .filter((node) => head.nodes.has(node))
      .map((node) =>
        revise(NodeProtoSchema, renamed(node, rename), { name: node.name && `${task.task}/${node.name}` }),
      ),
    output: graph.output
      .filter(({ name }) => head.values.has(name))
      .map((output) => revise(ValueInfoProtoSchema, resized(output, sizes), { name: rename(output.name) })),
  };
}

/** The sizes that a head's weights give to the dimensions that the graph only names, such as "C". */
function namedSizes(
  inputs: ReadonlyMap<string, ValueInfoProto>,
  { weights }: TaskHead,
): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { spec } of weights) {
    const shape = declarationOf(inputs.get(spec.name)!)?.shape ?? [];
    for (const [i, name] of shape.entries()) if (typeof name === "string") sizes.set(name, spec.shape[i]);
  }
  return sizes;
}

/** The value with named dimensions replaced by their sizes. */
function resized(value: ValueInfoProto, sizes: ReadonlyMap<string, number>): ValueInfoProto {
  const type = value.type?.value;
  if (!value.type || type?.case !== "tensorType" || !type.value.shape) return value;
  const dim = type.value.shape.dim.map((dimension) => {
    const size = dimension.value.case === "dimParam" ? sizes.get(dimension.value.value) : undefined;
    return size === undefined
      ? dimension
      : revise(TensorShapeProto_DimensionSchema, dimension, {
          value: { case: "dimValue", value: BigInt(size) },
        });
  });
  const shape = revise(TensorShapeProtoSchema, type.value.shape, { dim });
  const tensor = revise(TypeProto_TensorSchema, type.value, { shape });
  return revise(ValueInfoProtoSchema, value, {
    type: revise(TypeProtoSchema, value.type, { value: { case: "tensorType", value: tensor } }),
  });
}

/** @throws AppError export/failed when a copy's name is one of the graph's, or of another copy */
function requireFreshNames(graph: GraphProto, copies: readonly ReturnType<typeof copyHead>[]): void {
  const taken = new Set([
    ...graph.input.map(({ name }) => name),
    ...graph.initializer.map(({ name }) => name),
    ...graph.node.flatMap(({ output }) => output),
  ]);
  const fresh = copies.flatMap(({ initializer, node }) => [
    ...initializer.map(({ name }) => name),
    ...node.flatMap(({ output }) => output.filter((name) => name !== "")),
  ]);
  for (const name of fresh) {
    if (taken.has(name))
      throw new AppError("export/failed", `The name “${clip(name)}” would occur twice in the graph.`);
    taken.add(name);
  }
}
