/** Reads an ONNX graph into nodes, stored tensors and inputs, refusing what cannot be differentiated as a whole. */
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  TensorProtoSchema,
} from "onnx-buf";
import { clip } from "../formats/file-error.ts";
import { graphOf, nodeLabel, revise } from "../formats/onnx-message.ts";
import { declarationOf } from "../formats/onnx-skeleton.ts";
import type { DType } from "../tensor/dtype.ts";
import type { Attributes, AttributeValue, OpNode } from "./rule.ts";
import { constantTensor, storedType } from "./stored.ts";
import { unsupported, unsupportedModel } from "./unsupported.ts";

const OLDEST_OPSET = 14;
const NEWEST_OPSET = 21;

/** A node as our rules see it, and the attributes to write back. */
export interface TapeNode {
  readonly node: OpNode;
  readonly attributes: readonly AttributeProto[];
}

export interface ImportedGraph {
  readonly opset: number;
  /** In an order in which every value is made before it is used. Constants are stored tensors where they are tensors. */
  readonly nodes: readonly NodeProto[];
  readonly stored: ReadonlyMap<string, TensorProto>;
  /** Inputs that are not stored as well; sizes are undefined where the graph leaves them open. */
  readonly inputs: ReadonlyMap<string, DeclaredInput>;
}

export interface DeclaredInput {
  readonly dtype: DType;
  readonly shape: readonly (number | string | undefined)[];
}

/** @throws AppError autodiff/unsupported for an operator set that is too old or too new */
export function importGraph(model: ModelProto): ImportedGraph {
  const graph = graphOf(model);
  const opset = opsetOf(model);
  const stored = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const nodes: NodeProto[] = [];
  for (const node of graph.node) {
    const held = node.opType === "Constant" ? heldBy(node) : undefined;
    if (held) stored.set(held.name, held);
    else nodes.push(node);
  }
  const inputs = new Map<string, DeclaredInput>();
  for (const input of graph.input) {
    const declared = declarationOf(input);
    if (declared && !stored.has(input.name)) inputs.set(input.name, declared);
  }
  return { opset, nodes, stored, inputs };
}

function opsetOf(model: ModelProto): number {
  const standard = model.opsetImport.find(({ domain }) => domain === "" || domain === "ai.onnx");
  const opset = Number(standard?.version ?? 0);
  if (opset < OLDEST_OPSET || opset > NEWEST_OPSET) {
    throw unsupportedModel(
      `The graph uses operator set ${opset}; gradients are computed for ${OLDEST_OPSET} to ${NEWEST_OPSET}: export it again with opset_version=17.`,
    );
  }
  return opset;
}

/** @throws AppError autodiff/unsupported for a node that holds graphs or large tensors */
export function tapeNode(proto: NodeProto): TapeNode {
  const isStandard = proto.domain === "" || proto.domain === "ai.onnx";
  const op = isStandard ? proto.opType : `${proto.domain}:${proto.opType}`;
  const bare = { op, name: nodeLabel(proto), inputs: proto.input, outputs: proto.output };
  const attributes: Record<string, AttributeValue> = {};
  for (const attribute of proto.attribute)
    Object.assign(attributes, valuesOf(attribute, { ...bare, attributes }));
  return { node: { ...bare, attributes }, attributes: proto.attribute };
}

/** A tensor of one entry becomes a number, its element type `<name>.dtype`. */
function valuesOf(attribute: AttributeProto, node: OpNode): Attributes {
  const { name } = attribute;
  switch (attribute.type) {
    case AttributeProto_AttributeType.FLOAT:
      return { [name]: attribute.f };
    case AttributeProto_AttributeType.INT:
      return { [name]: Number(attribute.i) };
    case AttributeProto_AttributeType.STRING:
      return { [name]: new TextDecoder().decode(attribute.s) };
    case AttributeProto_AttributeType.FLOATS:
      return { [name]: attribute.floats };
    case AttributeProto_AttributeType.INTS:
      return { [name]: attribute.ints.map(Number) };
    case AttributeProto_AttributeType.TENSOR: {
      const held = attribute.t && storedType(attribute.t);
      if (held?.constant?.length === 1) return { [name]: held.constant[0], [`${name}.dtype`]: held.dtype };
      throw unsupported(node, `has a tensor as its attribute ${clip(name)}, which is not supported here`);
    }
    case AttributeProto_AttributeType.GRAPH:
    case AttributeProto_AttributeType.GRAPHS:
      throw unsupported(
        node,
        "runs a graph inside the graph (control flow), which cannot be differentiated here",
      );
    default:
      return {};
  }
}

/** The tensor of a Constant node, under the name of the node's output; undefined where it holds text. */
function heldBy(node: NodeProto): TensorProto | undefined {
  const [name] = node.output;
  const [attribute] = node.attribute;
  switch (attribute?.name) {
    case "value":
      return attribute.t && revise(TensorProtoSchema, attribute.t, { name });
    case "value_float":
      return constantTensor(name, { dtype: "f32", shape: [], constant: [attribute.f] });
    case "value_floats":
      return constantTensor(name, list("f32", attribute.floats));
    case "value_int":
      return constantTensor(name, { dtype: "i64", shape: [], constant: [Number(attribute.i)] });
    case "value_ints":
      return constantTensor(name, list("i64", attribute.ints.map(Number)));
    default:
      return undefined;
  }
}

function list(dtype: "f32" | "i64", constant: readonly number[]) {
  return { dtype, shape: [constant.length], constant };
}
