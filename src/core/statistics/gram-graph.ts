/** A network's graph with XᵀX of its linear layers' inputs as outputs. */
import { create } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type ModelProto,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from "onnx-buf";
import { encodeOnnx } from "../formats/onnx.ts";
import { graphOf, reviseGraph } from "../formats/onnx-message.ts";
import type { TensorSpec } from "../tensor/tensor.ts";

/** A linear layer: a weight, and the values that it multiplies. */
export interface LinearUse {
  readonly weight: string;
  /** The layer's input, (… × in). */
  readonly input: string;
  readonly inputs: number;
  /** Whether the weight is stored (in × out) rather than (out × in). */
  readonly inputsFirst: boolean;
}

export interface GramGraph {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The output (in × in) that belongs to each use. */
  readonly outputs: readonly { readonly use: LinearUse; readonly output: string }[];
}

/**
 * Finds where weights multiply values from the right: MatMul and Gemm, with the weight as it is or transposed by a node.
 * Weights that anything else reads too (a tied embedding) are left out.
 */
export function linearUses(model: ModelProto, weights: readonly TensorSpec[]): readonly LinearUse[] {
  const matrices = new Map(
    weights.filter(({ shape }) => shape.length === 2).map((spec) => [spec.name, spec]),
  );
  const transposed = transposes(model, matrices);
  const uses: LinearUse[] = [];
  const elsewhere = new Set<string>();
  for (const node of graphOf(model).node) {
    if (transposed.has(node.output[0])) continue;
    for (const [position, name] of node.input.entries()) {
      const weight = transposed.get(name) ?? name;
      const spec = matrices.get(weight);
      if (!spec) continue;
      const isTransposed = transposed.has(name) !== hasFlag(node, "transB");
      if (position !== 1 || !isLinear(node)) elsewhere.add(weight);
      else uses.push(linearUse(spec, node.input[0], !isTransposed));
    }
  }
  return uses.filter(({ weight }) => !elsewhere.has(weight));
}

/** Extends a graph by one output per layer input; layers that share their input share the output. */
export function gramGraph(model: ModelProto, uses: readonly LinearUse[]): GramGraph {
  const graph = graphOf(model);
  const sizes = new Map(uses.map(({ input, inputs }) => [input, inputs]));
  const names = new Map([...sizes.keys()].map((input, i) => [input, `gram/${i}`]));
  const added = [...sizes].map(([input, size]) => gramNodes(input, size, names.get(input) ?? input));
  const revised = reviseGraph(model, {
    node: [...graph.node, ...added.flatMap(({ nodes }) => nodes)],
    initializer: [...graph.initializer, ...added.map(({ rows }) => rows)],
    output: added.map(({ output }) => output),
  });
  const outputs = uses.map((use) => ({ use, output: names.get(use.input) ?? use.input }));
  return { bytes: encodeOnnx(revised), outputs };
}

function linearUse({ name, shape }: TensorSpec, input: string, inputsFirst: boolean): LinearUse {
  return { weight: name, input, inputs: shape[inputsFirst ? 0 : 1], inputsFirst };
}

/** Outputs of Transpose nodes over matrices, and whose they are. */
function transposes(
  model: ModelProto,
  matrices: ReadonlyMap<string, TensorSpec>,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { opType, input, output } of graphOf(model).node)
    if (opType === "Transpose" && matrices.has(input[0])) found.set(output[0], input[0]);
  return found;
}

function isLinear(node: NodeProto): boolean {
  return node.opType === "MatMul" || (node.opType === "Gemm" && !hasFlag(node, "transA"));
}

function hasFlag(node: NodeProto, flag: string): boolean {
  return node.attribute.some(({ name, i }) => name === flag && i !== 0n);
}

/** rows = Reshape(x, [−1, in]); output = rowsᵀ · rows. */
function gramNodes(input: string, size: number, output: string) {
  const shape = `${output}/shape`;
  const rows = `${output}/rows`;
  const columns = `${output}/columns`;
  const node = (opType: string, inputs: string[], name: string) =>
    create(NodeProtoSchema, { name, opType, input: inputs, output: [name] });
  const swap = create(AttributeProtoSchema, {
    name: "perm",
    type: AttributeProto_AttributeType.INTS,
    ints: [1n, 0n],
  });
  const transpose = node("Transpose", [rows], columns);
  transpose.attribute.push(swap);
  const dim = [size, size].map((length) => ({
    value: { case: "dimValue" as const, value: BigInt(length) },
  }));
  return {
    nodes: [node("Reshape", [input, shape], rows), transpose, node("MatMul", [columns, rows], output)],
    rows: create(TensorProtoSchema, {
      name: shape,
      dims: [2n],
      dataType: TensorProto_DataType.INT64,
      int64Data: [-1n, BigInt(size)],
    }),
    output: create(ValueInfoProtoSchema, {
      name: output,
      type: {
        value: { case: "tensorType", value: { elemType: TensorProto_DataType.FLOAT, shape: { dim } } },
      },
    }),
  };
}
