/** Small ONNX graphs for tests, written down readably. */
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProto_DataType,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "onnx-buf";

/** A model of IR 8 and one operator set. */
export function onnxModel(graph: MessageInitShape<typeof GraphProtoSchema>, opset = 17): ModelProto {
  return create(ModelProtoSchema, {
    irVersion: 8n,
    producerName: "test",
    opsetImport: [{ domain: "", version: BigInt(opset) }],
    graph: { name: "g", ...graph },
  });
}

/** An attribute: `{ float: 1 }` is a float, whatever the number; other numbers are floats where they are not whole. */
export type TestAttribute =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | TensorProto;

/**
 * node("Gemm", ["x", "W", "b"], ["y"], { transB: 1 }): whole numbers are ints, lists of them ints.
 * "com.microsoft:Gelu" names an operator of another domain.
 */
export function node(
  opType: string,
  input: string[],
  output: string[],
  attributes: Readonly<Record<string, TestAttribute>> = {},
): NodeProto {
  const colon = opType.lastIndexOf(":");
  return create(NodeProtoSchema, {
    name: `node_${output[0]}`,
    domain: colon < 0 ? "" : opType.slice(0, colon),
    opType: opType.slice(colon + 1),
    input,
    output,
    attribute: Object.entries(attributes).map(([name, value]) =>
      create(AttributeProtoSchema, { name, ...attributeOf(value) }),
    ),
  });
}

function attributeOf(value: TestAttribute) {
  if (typeof value === "number") {
    return Number.isInteger(value)
      ? { type: AttributeProto_AttributeType.INT, i: BigInt(value) }
      : { type: AttributeProto_AttributeType.FLOAT, f: value };
  }
  if (typeof value === "string")
    return { type: AttributeProto_AttributeType.STRING, s: new TextEncoder().encode(value) };
  if ("float" in value) return { type: AttributeProto_AttributeType.FLOAT, f: value.float };
  if ("floats" in value) return { type: AttributeProto_AttributeType.FLOATS, floats: [...value.floats] };
  if ("dims" in value) return { type: AttributeProto_AttributeType.TENSOR, t: value };
  return { type: AttributeProto_AttributeType.INTS, ints: value.map(BigInt) };
}

/** A float tensor in raw_data. */
export function rawTensor(
  name: string,
  shape: readonly number[],
  values: Float32Array<ArrayBuffer>,
): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: shape.map(BigInt),
    dataType: TensorProto_DataType.FLOAT,
    rawData: new Uint8Array(values.slice().buffer),
  });
}

/** A float tensor in float_data. */
export function typedTensor(name: string, shape: readonly number[], values: Float32Array): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: shape.map(BigInt),
    dataType: TensorProto_DataType.FLOAT,
    floatData: [...values],
  });
}

/** A list of int64, as shapes and axes are given. */
export function intsTensor(name: string, values: readonly number[]): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: [BigInt(values.length)],
    dataType: TensorProto_DataType.INT64,
    int64Data: values.map(BigInt),
  });
}

/** A float value of a graph; text dimensions are named, not fixed. */
export function floatValue(name: string, shape: readonly (number | string)[]): ValueInfoProto {
  const dim = shape.map((size) => ({
    value:
      typeof size === "number"
        ? { case: "dimValue" as const, value: BigInt(size) }
        : { case: "dimParam" as const, value: size },
  }));
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: "tensorType", value: { elemType: TensorProto_DataType.FLOAT, shape: { dim } } } },
  });
}

/** Values in (−1, 1) that depend on the seed only. */
export function wave(n: number, seed: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: n }, (_, i) => Math.sin(1 + i * 0.7 + seed * 1.3));
}

/**
 * A small convolutional classifier, [N, 1, 6, 6] → [N, 3], with what real exports mix: raw and typed weights, a weight
 * in a Constant node, batch normalisation, a shape constant, a scalar and an unused metadata field.
 */
export function smallNetwork(seed = 0): ModelProto {
  const positive = (n: number, s: number) => wave(n, s).map((value) => 1 + value / 2);
  const model = onnxModel({
    docString: "small",
    metadataProps: [{ key: "graph", value: "kept" }],
    input: [floatValue("x", ["N", 1, 6, 6])],
    output: [floatValue("logits", ["N", 3])],
    initializer: [
      rawTensor("conv.weight", [4, 1, 3, 3], wave(36, seed + 1)),
      typedTensor("conv.bias", [4], wave(4, seed + 2)),
      rawTensor("bn.weight", [4], positive(4, seed + 3)),
      rawTensor("bn.bias", [4], wave(4, seed + 4)),
      rawTensor("bn.mean", [4], wave(4, seed + 5)),
      rawTensor("bn.var", [4], positive(4, seed + 6)),
      intsTensor("flat", [-1, 64]),
      typedTensor("gain", [], Float32Array.of(0.5)),
      rawTensor("fc.weight", [3, 64], wave(192, seed + 7)),
    ],
    node: [
      node("Conv", ["x", "conv.weight", "conv.bias"], ["conv"]),
      node("BatchNormalization", ["conv", "bn.weight", "bn.bias", "bn.mean", "bn.var"], ["bn"]),
      node("Relu", ["bn"], ["relu"]),
      node("Reshape", ["relu", "flat"], ["rows"]),
      node("Mul", ["rows", "gain"], ["scaled"]),
      node("Constant", [], ["fc.bias"], { value: rawTensor("", [3], wave(3, seed + 8)) }),
      node("Gemm", ["scaled", "fc.weight", "fc.bias"], ["logits"], { transB: 1 }),
    ],
  });
  return model;
}
