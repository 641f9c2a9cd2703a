/** What a node reads and writes, and the same node under other names; both look into subgraphs. */
import {
  type AttributeProto,
  AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { revise, subgraphsOf } from "./onnx-message.ts";

/** Every value that a node reads, inside its subgraphs too. */
export function* reads(node: NodeProto): Generator<string, void> {
  yield* node.input;
  for (const graph of subgraphsOf(node)) {
    for (const inner of graph.node) yield* reads(inner);
    for (const { name } of graph.output) yield name;
  }
}

/** The node with the values it reads and writes renamed, inside its subgraphs too. */
export function renamed(node: NodeProto, rename: (name: string) => string): NodeProto {
  const graphs = (attribute: AttributeProto): AttributeProto => {
    if (!attribute.g && attribute.graphs.length === 0) return attribute;
    const { g } = attribute;
    return revise(AttributeProtoSchema, attribute, {
      ...(g && { g: renamedGraph(g, rename) }),
      graphs: attribute.graphs.map((graph) => renamedGraph(graph, rename)),
    });
  };
  return revise(NodeProtoSchema, node, {
    input: node.input.map(rename),
    output: node.output.map(rename),
    attribute: node.attribute.map(graphs),
  });
}

function renamedGraph(graph: GraphProto, rename: (name: string) => string): GraphProto {
  return revise(GraphProtoSchema, graph, {
    node: graph.node.map((node) => renamed(node, rename)),
    output: graph.output.map((output) => revise(ValueInfoProtoSchema, output, { name: rename(output.name) })),
  });
}
