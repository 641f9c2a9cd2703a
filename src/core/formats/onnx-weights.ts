/** Which tensors of a graph are weights, and the normal form in which they are easy to find. */
import {
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  type TensorProto,
  TensorProtoSchema,
} from "onnx-buf";
import { dtypeOfOnnx, isFloat } from "../tensor/dtype.ts";
import { graphOf, revise, reviseGraph } from "./onnx-message.ts";

/**
 * Inputs that steer an operator rather than learn, by position; a float tensor used only there is a constant of the
 * program.
 */
const steering: Readonly<Record<string, readonly number[]>> = {
  Clip: [1, 2],
  Dropout: [1],
  OneHot: [2],
  Pad: [2],
  Pow: [1],
  Range: [0, 1, 2],
  Resize: [1, 2],
  Upsample: [1],
};

/**
 * The names of a graph's weights, in the order of the file: stored float tensors of rank 1 or more. Integers,
 * scalars and what only steers an operator are constants of the program: they stay in it.
 */
export function weightNames(model: ModelProto): readonly string[] {
  const graph = graphOf(model);
  const learning = new Set(graph.node.flatMap((node) => node.input.filter((_, i) => !steers(node, i))));
  const steeringOnly = new Set(
    graph.node.flatMap((node) => node.input.filter((name, i) => steers(node, i) && !learning.has(name))),
  );
  return graph.initializer
    .filter(isLearnable)
    .map(({ name }) => name)
    .filter((name) => !steeringOnly.has(name));
}

function steers(node: NodeProto, position: number): boolean {
  return steering[node.opType]?.includes(position) ?? false;
}

function isLearnable(tensor: TensorProto): boolean {
  const dtype = dtypeOfOnnx(tensor.dataType);
  return dtype !== undefined && isFloat(dtype) && tensor.dims.length > 0;
}

/** First IR version in which an initializer need not be a graph input as well. */
const IR_FREE_INITIALIZERS = 4n;

/**
 * The same program with its weights in one place: weights held by Constant nodes become initializers of the same
 * name, and no initializer is an input too (old exporters list them twice; the runtime cannot override them).
 */
export function normalForm(model: ModelProto): ModelProto {
  const graph = graphOf(model);
  const kept: NodeProto[] = [];
  const hoisted: TensorProto[] = [];
  for (const node of graph.node) {
    const tensor = heldWeight(node);
    if (tensor) hoisted.push(revise(TensorProtoSchema, tensor, { name: node.output[0] }));
    else kept.push(node);
  }
  const stored = new Set(graph.initializer.map(({ name }) => name));
  const doubled = graph.input.some(({ name }) => stored.has(name));
  if (hoisted.length === 0 && !doubled) return model;
  const changes: Partial<GraphProto> = {
    node: kept,
    initializer: [...graph.initializer, ...hoisted],
    input: graph.input.filter(({ name }) => !stored.has(name)),
  };
  const irVersion = model.irVersion < IR_FREE_INITIALIZERS ? IR_FREE_INITIALIZERS : model.irVersion;
  return revise(ModelProtoSchema, reviseGraph(model, changes), { irVersion });
}

/** The weight that a Constant node holds, if it does. */
function heldWeight(node: NodeProto): TensorProto | undefined {
  if (node.opType !== "Constant" || node.output.length !== 1) return undefined;
  const tensor = node.attribute.find(({ name }) => name === "value")?.t;
  return tensor && isLearnable(tensor) ? tensor : undefined;
}
