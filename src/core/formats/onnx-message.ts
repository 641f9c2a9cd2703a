/** Small steps over ONNX messages that the other files share. Messages are never changed once parsed: revise them. */
import { create, type Message } from "@bufbuild/protobuf";
import type { GenMessage } from "@bufbuild/protobuf/codegenv2";
import {
  type GraphProto,
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
} from "onnx-buf";
import { AppError } from "../errors.ts";

/**
 * A copy of the message with some fields replaced. Shallow: other fields are shared, weights are not copied, and
 * fields unknown to this version come along.
 */
export function revise<T extends Message>(schema: GenMessage<T>, message: T, changes: Partial<T>): T {
  return Object.assign(create<GenMessage<T>>(schema), message, changes);
}

/** A copy of the model with some fields of its graph replaced. */
export function reviseGraph(model: ModelProto, changes: Partial<GraphProto>): ModelProto {
  return revise(ModelProtoSchema, model, { graph: revise(GraphProtoSchema, graphOf(model), changes) });
}

/** @throws AppError eval/graph; a model that was parsed here has a graph */
export function graphOf(model: ModelProto): GraphProto {
  if (!model.graph) throw new AppError("eval/graph", "The ONNX model holds no graph.");
  return model.graph;
}

/** The graphs inside a node's attributes: bodies of If, Loop and Scan. */
export function subgraphsOf(node: NodeProto): readonly GraphProto[] {
  return node.attribute.flatMap(({ g, graphs }) => (g ? [g, ...graphs] : graphs));
}

/** What to call a node in a message: its name, or its operator and first output. */
export function nodeLabel(node: NodeProto): string {
  return node.name || `${node.opType} → ${node.output[0] ?? "nothing"}`;
}
