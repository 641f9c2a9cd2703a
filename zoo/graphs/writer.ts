/** Writes ONNX graphs node by node; every weight is an input. */
import { create } from "@bufbuild/protobuf";
import * as onnx from "onnx-buf";

type Attribute = number | readonly number[] | { readonly float: number };

export class GraphWriter {
  readonly #nodes: onnx.NodeProto[] = [];
  readonly #constants = new Map<string, onnx.TensorProto>();
  readonly #inputs: onnx.ValueInfoProto[] = [];

  /** Adds a node with one output and returns that output's name. Numbers are ints, `{ float }` are floats. */
  node(
    opType: string,
    input: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    output = `${opType.toLowerCase()}_${this.#nodes.length}`,
  ): string {
    const attribute = Object.entries(attributes).map(([name, value]) => attributeOf(name, value));
    this.#nodes.push(
      create(onnx.NodeProtoSchema, { opType, name: output, input: [...input], output: [output], attribute }),
    );
    return output;
  }

  /** x · Wᵀ + b with the weights `<name>.weight` (out × in) and `<name>.bias`. */
  linear(rows: string, name: string, output?: string): string {
    return this.node("Gemm", [rows, `${name}.weight`, `${name}.bias`], { transB: 1 }, output);
  }

  /** Names a list of int64; the same name again is the same constant. */
  ints(name: string, values: readonly number[]): string {
    return this.#constant(name, onnx.TensorProto_DataType.INT64, [BigInt(values.length)], {
      int64Data: values.map(BigInt),
    });
  }

  /** Names one int64 without dimensions. */
  int(name: string, value: number): string {
    return this.#constant(name, onnx.TensorProto_DataType.INT64, [], { int64Data: [BigInt(value)] });
  }

  /** Names one f32 without dimensions. */
  float(name: string, value: number): string {
    return this.#constant(name, onnx.TensorProto_DataType.FLOAT, [], { floatData: [value] });
  }

  /** Declares a float input; strings name open dimensions. */
  input(name: string, shape: readonly (number | string)[]): void {
    this.#inputs.push(valueInfo(name, shape));
  }

  /** @param outputs float outputs with their shapes */
  finish(name: string, outputs: Readonly<Record<string, readonly (number | string)[]>>): onnx.ModelProto {
    return create(onnx.ModelProtoSchema, {
      irVersion: 9n,
      producerName: "kintsugi zoo",
      opsetImport: [{ domain: "", version: 20n }],
      graph: {
        name,
        node: this.#nodes,
        initializer: [...this.#constants.values()],
        input: this.#inputs,
        output: Object.entries(outputs).map(([output, shape]) => valueInfo(output, shape)),
      },
    });
  }

  #constant(
    name: string,
    dataType: onnx.TensorProto_DataType,
    dims: bigint[],
    values: { int64Data?: bigint[]; floatData?: number[] },
  ): string {
    if (!this.#constants.has(name))
      this.#constants.set(name, create(onnx.TensorProtoSchema, { name, dataType, dims, ...values }));
    return name;
  }
}

function attributeOf(name: string, value: Attribute): onnx.AttributeProto {
  const kinds = onnx.AttributeProto_AttributeType;
  if (typeof value === "number")
    return create(onnx.AttributeProtoSchema, { name, type: kinds.INT, i: BigInt(value) });
  if ("float" in value) return create(onnx.AttributeProtoSchema, { name, type: kinds.FLOAT, f: value.float });
  return create(onnx.AttributeProtoSchema, { name, type: kinds.INTS, ints: value.map(BigInt) });
}

function valueInfo(name: string, shape: readonly (number | string)[]): onnx.ValueInfoProto {
  const dim = shape.map((size) =>
    typeof size === "string"
      ? { value: { case: "dimParam" as const, value: size } }
      : { value: { case: "dimValue" as const, value: BigInt(size) } },
  );
  const value = { elemType: onnx.TensorProto_DataType.FLOAT, shape: { dim } };
  return create(onnx.ValueInfoProtoSchema, { name, type: { value: { case: "tensorType", value } } });
}
