/**
 * A graph in which every input chooses among experts, layer by layer:
 * y = W₀x + Σ c_e·B_e·A_e·x with c = softmax over the k largest |⟨x, v_e⟩| ÷ temperature, all others 0.
 *
 * Source: arXiv:2405.11157 (Arrow). Of equal logits the lower expert goes first, as ONNX's TopK promises.
 */
import { create } from "@bufbuild/protobuf";
import {
  type ModelProto,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProto_DataType,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { attributeMessages } from "../autodiff/attribute-messages.ts";
import { AppError } from "../errors.ts";
import { clip } from "../formats/file-error.ts";
import { graphOf, revise, reviseGraph } from "../formats/onnx-message.ts";
import { dtypeInfo } from "../tensor/dtype.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import { type LinearLayer, linearLayers } from "./linear-layers.ts";
import { type RoutedInputs, type RoutedSite, rankOf, routedInputs } from "./sites.ts";

/** First operator set with ScatterElements and indices below 0. */
const OLDEST_OPSET = 11;

/**
 * The graph with experts joining in at these layers; what they need there are inputs (`routedInputs`), of any leading
 * dimensions of x. Everything else stays as it is.
 *
 * @throws AppError eval/graph for a weight that is no linear layer of the graph, or an operator set that is too old
 */
export function routedGraph(model: ModelProto, sites: readonly RoutedSite[]): ModelProto {
  const opset = Number(model.opsetImport.find(({ domain }) => domain === "")?.version ?? 0);
  if (opset < OLDEST_OPSET) {
    const message = `The graph uses operator set ${opset}; routing needs ${OLDEST_OPSET}: export it again with opset_version=17.`;
    throw new AppError("eval/graph", message);
  }
  const graph = graphOf(model);
  const layers = linearLayers(model);
  const additions = new Map<NodeProto, readonly NodeProto[]>();
  const inputs: ValueInfoProto[] = [];
  const initializer: TensorProto[] = [];
  for (const site of sites) {
    const layer = layers.get(site.name);
    if (!layer) throw unroutable(site);
    const given = routedInputs(site, layer.inputs, layer.outputs);
    inputs.push(...Object.values(given).map(declared));
    initializer.push(ownersOf(site));
    layer.nodes.forEach((node, use) => {
      additions.set(node, joined(node, `${site.name}/${use}`, site, given));
    });
  }
  return reviseGraph(model, {
    node: graph.node.flatMap((node) => additions.get(node) ?? [node]),
    initializer: [...graph.initializer, ...initializer],
    input: [...graph.input, ...inputs],
  });
}

/** The layer's node under another output, the experts' part, and their sum under the old one. */
function joined(
  layer: LinearLayer["nodes"][number],
  prefix: string,
  { name }: RoutedSite,
  given: RoutedInputs,
): readonly NodeProto[] {
  const nodes: NodeProto[] = [];
  const node = (
    opType: string,
    input: readonly string[],
    part: string,
    attributes: Readonly<Record<string, number>> = {},
  ): string => {
    const output = `${prefix}/${part}`;
    nodes.push(nodeOf(opType, input, [output], attributes));
    return output;
  };
  const [x] = layer.input;
  const [y] = layer.output;
  const base = `${prefix}/base`;
  nodes.push(revise(NodeProtoSchema, layer, { output: [base] }));
  const logits = node("Abs", [node("MatMul", [x, given.prototypes.name], "affinity")], "logits");
  const k = node("Cast", [given.topK.name], "k", { to: dtypeInfo.i64.onnx });
  const [best, chosen] = [`${prefix}/best`, `${prefix}/chosen`];
  nodes.push(nodeOf("TopK", [logits, k], [best, chosen], { axis: -1 }));
  const cooled = node("Div", [best, given.temperature.name], "cooled");
  const shares = node("Softmax", [cooled], "shares", { axis: -1 });
  const none = node("ConstantOfShape", [node("Shape", [logits], "shape")], "none");
  const coefficients = node("ScatterElements", [none, chosen, shares], "coefficients", { axis: -1 });
  const gates = node("MatMul", [coefficients, ownersName(name)], "gates");
  const hidden = node("Mul", [node("MatMul", [x, given.down.name], "hidden"), gates], "gated");
  const update = node("MatMul", [hidden, given.up.name], "update");
  nodes.push(revise(NodeProtoSchema, nodeOf("Add", [base, update], [y], {}), { name: `${prefix}/sum` }));
  return nodes;
}

function nodeOf(
  opType: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Readonly<Record<string, number>>,
): NodeProto {
  const [name] = output;
  const attribute = [...attributeMessages(attributes)];
  return create(NodeProtoSchema, { opType, name, input: [...input], output: [...output], attribute });
}

/** K × R: 1 where a column of the factors is the expert's. */
function ownersOf({ name, ranks }: RoutedSite): TensorProto {
  const rank = rankOf(ranks);
  const values = new Float32Array(ranks.length * rank);
  let at = 0;
  ranks.forEach((own, k) => {
    values.fill(1, k * rank + at, k * rank + at + own);
    at += own;
  });
  return create(TensorProtoSchema, {
    name: ownersName(name),
    dims: [BigInt(ranks.length), BigInt(rank)],
    dataType: TensorProto_DataType.FLOAT,
    rawData: new Uint8Array(values.buffer),
  });
}

function ownersName(name: string): string {
  return `${name}/owners`;
}

function declared({ name, shape }: TensorSpec): ValueInfoProto {
  const dim = shape.map((size) => ({ value: { case: "dimValue" as const, value: BigInt(size) } }));
  const value = { elemType: TensorProto_DataType.FLOAT, shape: { dim } };
  return create(ValueInfoProtoSchema, { name, type: { value: { case: "tensorType", value } } });
}

function unroutable({ name }: RoutedSite): AppError {
  return new AppError(
    "eval/graph",
    `Inputs cannot be routed at “${clip(name)}”: the graph does not use it as a linear layer.`,
    { tensor: clip(name) },
  );
}
