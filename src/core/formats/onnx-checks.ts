/** What this app cannot merge or run, refused by name before anything else is believed. */
import type { GraphProto, ModelProto, NodeProto } from "onnx-buf";
import { isFloat } from "../tensor/dtype.ts";
import { clip, fileError } from "./file-error.ts";
import { nodeLabel, subgraphsOf } from "./onnx-message.ts";
import { checkedSpec, isText } from "./onnx-tensor.ts";

/** Kernels of onnxruntime-web begin here for the operators of small networks (Gemm, BatchNormalization, Add). */
const MIN_OPSET = 7;

/** Operators that compute on integers or packed low-bit weights: their float weights are gone. */
const QUANTIZED = /[Qq]uantize|^QLinear|MatMulInteger|ConvInteger|NBits|Bnb4|^Q(Gemm|Attention|MoE)$/;

/** @throws AppError file/malformed, file/unsupported */
export function checkModel(model: ModelProto, file: string): GraphProto {
  const { graph } = model;
  if (!graph) throw malformed(file, "it holds no graph");
  checkOpset(model, file);
  if (graph.sparseInitializer.length > 0) {
    const name = graph.sparseInitializer[0].values?.name ?? "";
    throw fileError(
      "file/unsupported",
      file,
      `stores “${clip(name)}” as a sparse tensor. Export it with dense weights.`,
      { tensor: clip(name) },
    );
  }
  checkInitializers(graph, file);
  for (const node of graph.node) checkNode(node, file);
  return graph;
}

function checkOpset(model: ModelProto, file: string): void {
  const standard = model.opsetImport.find(({ domain }) => domain === "" || domain === "ai.onnx");
  if (!standard) throw malformed(file, "it names no operator set");
  if (standard.version < MIN_OPSET) {
    throw fileError(
      "file/unsupported",
      file,
      `uses operator set ${standard.version}; ${MIN_OPSET} or later runs here. Export it again with opset_version=17.`,
      { opset: Number(standard.version) },
    );
  }
}

function checkInitializers(graph: GraphProto, file: string): void {
  const seen = new Set<string>();
  for (const tensor of graph.initializer) {
    if (tensor.name === "") throw malformed(file, "a tensor has no name");
    if (seen.has(tensor.name)) throw malformed(file, `tensor “${clip(tensor.name)}” occurs twice`);
    seen.add(tensor.name);
    if (!isText(tensor)) checkedSpec(tensor, file);
  }
}

function checkNode(node: NodeProto, file: string): void {
  if (QUANTIZED.test(node.opType)) {
    throw fileError(
      "file/unsupported",
      file,
      `is quantized: node “${clip(nodeLabel(node))}” is a ${clip(node.opType)}. Merging needs the float weights: export the model before quantization.`,
      { node: clip(nodeLabel(node)), operator: clip(node.opType) },
    );
  }
  for (const graph of subgraphsOf(node)) checkSubgraph(graph, node, file);
}

/** Constants inside a branch or loop body are fine; weights there are out of reach of a merge. */
function checkSubgraph(graph: GraphProto, owner: NodeProto, file: string): void {
  for (const tensor of graph.initializer) {
    if (isText(tensor)) continue;
    const spec = checkedSpec(tensor, file);
    if (isFloat(spec.dtype) && spec.shape.length > 0) {
      throw fileError(
        "file/unsupported",
        file,
        `keeps tensor “${clip(tensor.name)}” inside the body of node “${clip(nodeLabel(owner))}” (${clip(owner.opType)}), where it cannot be merged. Export the model without control flow.`,
        { tensor: clip(tensor.name), node: clip(nodeLabel(owner)) },
      );
    }
  }
  for (const node of graph.node) checkNode(node, file);
}

function malformed(file: string, what: string) {
  return fileError("file/malformed", file, `is damaged or no ONNX model: ${what}. Export it again.`);
}
