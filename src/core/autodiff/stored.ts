/** Values held by a graph: from tensors to numbers, and from numbers to tensors. */
import type { TensorProto } from "onnx-buf";
import { clip } from "../formats/file-error.ts";
import { checkedSpec, inlineTensor, rawBytes } from "../formats/onnx-tensor.ts";
import { type DType, decode, encode } from "../tensor/dtype.ts";
import { sizeOf } from "../tensor/tensor.ts";
import { FOLD_LIMIT, rounded } from "./fold.ts";
import type { ElementType, ValueType } from "./rule.ts";
import { unsupportedModel } from "./unsupported.ts";

/** A type whose value is known. */
export type Known = ValueType & { readonly constant: readonly number[] };

/** The type of a stored tensor, with its value where it is small. @throws AppError autodiff/unsupported, file/… */
export function storedType(tensor: TensorProto): ValueType {
  const { dtype: stored, shape } = checkedSpec(tensor, "the model");
  const dtype = elementType(stored, tensor.name);
  return sizeOf(shape) > FOLD_LIMIT
    ? { dtype, shape }
    : { dtype, shape, constant: numbers(rawBytes(tensor, stored), dtype) };
}

/** @throws AppError autodiff/unsupported for types that no rule knows */
export function elementType(dtype: DType, name: string): ElementType {
  switch (dtype) {
    case "f32":
    case "f16":
    case "f64":
    case "i64":
    case "i32":
    case "u8":
    case "bool":
      return dtype;
    default:
      throw unsupportedModel(
        `The tensor “${clip(name)}” is ${dtype}, which gradients are not computed with: export the model as FLOAT.`,
      );
  }
}

function numbers(bytes: Uint8Array<ArrayBuffer>, dtype: ElementType): number[] {
  const { buffer } = bytes.slice(); // a file's tensors may start at any address
  switch (dtype) {
    case "i64":
      return Array.from(new BigInt64Array(buffer), (value) => rounded(Number(value), dtype));
    case "i32":
      return Array.from(new Int32Array(buffer));
    case "f64":
      return Array.from(new Float64Array(buffer));
    default:
      return Array.from(decode(bytes, dtype));
  }
}

/** The tensor to store for a known value. */
export function constantTensor(name: string, { dtype, shape, constant }: Known): TensorProto {
  const { buffer } = typed(constant, dtype);
  return inlineTensor({ spec: { name, dtype, shape }, bytes: new Uint8Array(buffer) });
}

function typed(values: readonly number[], dtype: ElementType): { readonly buffer: ArrayBuffer } {
  switch (dtype) {
    case "f32":
      return new Float32Array(values);
    case "f64":
      return new Float64Array(values);
    case "i64":
      return BigInt64Array.from(values, BigInt);
    case "i32":
      return new Int32Array(values);
    case "u8":
    case "bool":
      return new Uint8Array(values);
    case "f16":
      return encode(Float32Array.from(values), "f16").bytes;
    default:
      throw new Error(`no typed array for ${String(dtype satisfies never)}`);
  }
}
