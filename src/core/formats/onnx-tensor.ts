/** Tensors of ONNX: what they claim, checked; their bytes; and how they are written. */
import { create } from "@bufbuild/protobuf";
import {
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProto_DataType,
  TensorProtoSchema,
} from "onnx-buf";
import { type DType, dtypeInfo, dtypeOfOnnx } from "../tensor/dtype.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import { claimedBytes } from "./byte-length.ts";
import { clip, count, fileError, showShape } from "./file-error.ts";

/** A tensor with its raw little-endian bytes. */
export interface Weight {
  readonly spec: TensorSpec;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Whether the values are text: labels and vocabularies, part of the program. */
export function isText(tensor: TensorProto): boolean {
  return tensor.dataType === TensorProto_DataType.STRING;
}

/**
 * The spec of a stored tensor, after checking that its data are in this file and fit shape × dtype.
 *
 * @throws AppError file/unsupported, file/malformed
 */
export function checkedSpec(tensor: TensorProto, file: string): TensorSpec {
  const name = tensor.name;
  const details = { tensor: clip(name) };
  const wrong = (what: string) =>
    fileError(
      "file/malformed",
      file,
      `is damaged: tensor “${clip(name)}” ${what}. Export it again.`,
      details,
    );
  const refuse = (what: string) => fileError("file/unsupported", file, what, details);

  if (tensor.dataLocation === TensorProto_DataLocation.EXTERNAL || tensor.externalData.length > 0) {
    const location = tensor.externalData.find(({ key }) => key === "location")?.value ?? "another file";
    throw refuse(
      `keeps tensor “${clip(name)}” in a second file, ${clip(location)}. Save it as one file: onnx.save_model(onnx.load("model.onnx"), "one.onnx").`,
    );
  }
  if (tensor.segment) throw refuse(`stores tensor “${clip(name)}” in segments. Export it as whole tensors.`);
  const dtype = dtypeOfOnnx(tensor.dataType);
  if (!dtype) {
    const type = TensorProto_DataType[tensor.dataType] ?? `type ${tensor.dataType}`;
    throw refuse(
      `stores tensor “${clip(name)}” as ${type}, which cannot be merged here. Export it as FLOAT.`,
    );
  }
  const bytes = claimedBytes(tensor.dims, dtype);
  if (bytes === undefined) throw wrong(`has an impossible shape ${showShape(tensor.dims)}`);
  const typed = typedData(tensor, dtype);
  const raw = tensor.rawData.byteLength;
  if (raw > 0 && typed.length > 0) throw wrong("has its data twice");
  const held = raw > 0 ? raw : typed.length * dtypeInfo[dtype].bytes;
  if (BigInt(held) !== bytes)
    throw wrong(`${showShape(tensor.dims)} in ${dtype} needs ${count(bytes)} bytes and has ${count(held)}`);
  return { name, dtype, shape: tensor.dims.map(Number) };
}

/** The field that holds the values where raw_data does not. */
function typedData(tensor: TensorProto, dtype: DType): readonly number[] | readonly bigint[] {
  switch (dtype) {
    case "f32":
      return tensor.floatData;
    case "f64":
      return tensor.doubleData;
    case "i64":
      return tensor.int64Data;
    case "u64":
    case "u32":
      return tensor.uint64Data;
    default:
      return tensor.int32Data;
  }
}

/** Raw little-endian bytes of a checked tensor: a view of the file where it holds them raw, else a new array. */
export function rawBytes(tensor: TensorProto, dtype: DType): Uint8Array<ArrayBuffer> {
  if (tensor.rawData.byteLength > 0) return tensor.rawData;
  return new Uint8Array(typedArray(tensor, dtype).buffer);
}

/** Small types share int32_data: two's complement for integers, bit patterns for 16- and 8-bit floats. */
function typedArray(tensor: TensorProto, dtype: DType): { readonly buffer: ArrayBuffer } {
  switch (dtype) {
    case "f32":
      return new Float32Array(tensor.floatData);
    case "f64":
      return new Float64Array(tensor.doubleData);
    case "i64":
      return new BigInt64Array(tensor.int64Data);
    case "u64":
      return new BigUint64Array(tensor.uint64Data);
    case "u32":
      return Uint32Array.from(tensor.uint64Data, Number);
    case "i32":
      return new Int32Array(tensor.int32Data);
    case "i16":
    case "u16":
    case "f16":
    case "bf16":
      return new Uint16Array(tensor.int32Data);
    case "i8":
    case "u8":
    case "bool":
    case "f8_e4m3":
    case "f8_e5m2":
      return new Uint8Array(tensor.int32Data);
    default:
      throw new Error(`no typed data for ${String(dtype satisfies never)}`);
  }
}

/** An initializer with these bytes; they are shared, not copied. */
export function inlineTensor({ spec, bytes }: Weight): TensorProto {
  return create(TensorProtoSchema, { ...header(spec), rawData: bytes });
}

/** An initializer whose bytes lie in another file at [begin, end). */
export function externalTensor(spec: TensorSpec, location: string, begin: number, end: number): TensorProto {
  const entries = { location, offset: String(begin), length: String(end - begin) };
  return create(TensorProtoSchema, {
    ...header(spec),
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: Object.entries(entries).map(([key, value]) =>
      create(StringStringEntryProtoSchema, { key, value }),
    ),
  });
}

function header({ name, dtype, shape }: TensorSpec) {
  return { name, dataType: dtypeInfo[dtype].onnx, dims: shape.map(BigInt) };
}
