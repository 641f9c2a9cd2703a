/**
 * Storage types of tensors, and the two ways across: bytes → f32 and f32 → bytes.
 *
 * Merging computes in f32 whatever the storage. Bytes are little endian, as in every file format read here and
 * in the typed arrays of every platform that runs WebAssembly.
 */
import { fromBfloat16, fromFloat8, fromFloat16, toBfloat16, toFloat16 } from "./half.ts";

export const dtypes = [
  "f64",
  "f32",
  "f16",
  "bf16",
  "f8_e4m3",
  "f8_e5m2",
  "i64",
  "i32",
  "i16",
  "i8",
  "u64",
  "u32",
  "u16",
  "u8",
  "bool",
] as const;
export type DType = (typeof dtypes)[number];

export interface DTypeInfo {
  /** Bytes of one entry. */
  readonly bytes: 1 | 2 | 4 | 8;
  /** Name in a safetensors header. */
  readonly safetensors: string;
  /** TensorProto.DataType of ONNX. */
  readonly onnx: number;
  readonly isFloat: boolean;
}

export const dtypeInfo: Readonly<Record<DType, DTypeInfo>> = {
  f64: { bytes: 8, safetensors: "F64", onnx: 11, isFloat: true },
  f32: { bytes: 4, safetensors: "F32", onnx: 1, isFloat: true },
  f16: { bytes: 2, safetensors: "F16", onnx: 10, isFloat: true },
  bf16: { bytes: 2, safetensors: "BF16", onnx: 16, isFloat: true },
  f8_e4m3: { bytes: 1, safetensors: "F8_E4M3", onnx: 17, isFloat: true },
  f8_e5m2: { bytes: 1, safetensors: "F8_E5M2", onnx: 19, isFloat: true },
  i64: { bytes: 8, safetensors: "I64", onnx: 7, isFloat: false },
  i32: { bytes: 4, safetensors: "I32", onnx: 6, isFloat: false },
  i16: { bytes: 2, safetensors: "I16", onnx: 5, isFloat: false },
  i8: { bytes: 1, safetensors: "I8", onnx: 3, isFloat: false },
  u64: { bytes: 8, safetensors: "U64", onnx: 13, isFloat: false },
  u32: { bytes: 4, safetensors: "U32", onnx: 12, isFloat: false },
  u16: { bytes: 2, safetensors: "U16", onnx: 4, isFloat: false },
  u8: { bytes: 1, safetensors: "U8", onnx: 2, isFloat: false },
  bool: { bytes: 1, safetensors: "BOOL", onnx: 9, isFloat: false },
};

const bySafetensors = new Map(dtypes.map((dtype) => [dtypeInfo[dtype].safetensors, dtype]));
const byOnnx = new Map(dtypes.map((dtype) => [dtypeInfo[dtype].onnx, dtype]));

/** The dtype of a safetensors name such as "BF16"; undefined for one that is not supported. */
export function dtypeOfSafetensors(name: string): DType | undefined {
  return bySafetensors.get(name);
}

/** The dtype of an ONNX TensorProto.DataType; undefined for one that is not supported. */
export function dtypeOfOnnx(code: number): DType | undefined {
  return byOnnx.get(code);
}

/** Whether merging may change tensors of this dtype. */
export function isFloat(dtype: DType): boolean {
  return dtypeInfo[dtype].isFloat;
}

/** The dtypes that merged values are written in. */
export type WritableDType = "f32" | "f16" | "bf16";

/** What a merged tensor is written in to stay at its base's dtype: 16-bit floats as they are, all others f32. */
export function writableAs(dtype: DType): WritableDType {
  return dtype === "f16" || dtype === "bf16" ? dtype : "f32";
}

/**
 * Values as f32 in a new array that the caller owns; f64 and 64-bit integers are rounded to nearest even, bool is 0
 * or 1. The bytes may start at any address.
 */
export function decode(bytes: Uint8Array, dtype: DType): Float32Array<ArrayBuffer> {
  const size = dtypeInfo[dtype].bytes;
  if (bytes.byteLength % size !== 0)
    throw new RangeError(`${bytes.byteLength} bytes are no whole number of ${dtype}`);
  const { buffer, byteOffset } = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  const n = bytes.byteLength / size;
  const out = new Float32Array(n);
  switch (dtype) {
    case "f64":
      out.set(new Float64Array(buffer, byteOffset, n));
      break;
    case "f32":
      out.set(new Float32Array(buffer, byteOffset, n));
      break;
    case "f16":
      fromFloat16(out, new Uint16Array(buffer, byteOffset, n));
      break;
    case "bf16":
      fromBfloat16(out, new Uint16Array(buffer, byteOffset, n));
      break;
    case "f8_e4m3":
    case "f8_e5m2":
      fromFloat8(out, bytes, dtype);
      break;
    case "i64":
      fromWordPairs(out, new Int32Array(buffer, byteOffset, 2 * n));
      break;
    case "u64":
      fromWordPairs(out, new Uint32Array(buffer, byteOffset, 2 * n));
      break;
    case "i32":
      out.set(new Int32Array(buffer, byteOffset, n));
      break;
    case "u32":
      out.set(new Uint32Array(buffer, byteOffset, n));
      break;
    case "i16":
      out.set(new Int16Array(buffer, byteOffset, n));
      break;
    case "u16":
      out.set(new Uint16Array(buffer, byteOffset, n));
      break;
    case "i8":
      out.set(new Int8Array(buffer, byteOffset, n));
      break;
    case "u8":
      out.set(bytes);
      break;
    case "bool":
      for (let i = 0; i < n; i++) out[i] = bytes[i] === 0 ? 0 : 1;
      break;
    default:
      throw new Error(`no decoder for ${String(dtype satisfies never)}`);
  }
  return out;
}

/** @param words low and high 32-bit words in turn; the array's type says whether the high word is signed */
function fromWordPairs(out: Float32Array, words: Int32Array | Uint32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = words[2 * i + 1] * 2 ** 32 + (words[2 * i] >>> 0);
}

/** Bytes in a storage type, and how many finite values became infinite on the way. */
export interface Encoded {
  /** Owned by the caller. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly overflows: number;
}

/** Bytes of the values, rounded to nearest even (IEEE 754); NaNs stay NaNs, infinities stay infinite. */
export function encode(values: Float32Array, dtype: WritableDType): Encoded {
  if (dtype === "f32") return { bytes: new Uint8Array(values.slice().buffer), overflows: 0 };
  const halves = new Uint16Array(values.length);
  const overflows = dtype === "f16" ? toFloat16(halves, values) : toBfloat16(halves, values);
  return { bytes: new Uint8Array(halves.buffer), overflows };
}

/** Entries rounded at a time, so that the scratch of `roundTo` stays in cache. */
const ROUND_CHUNK = 65_536;

/**
 * Rounds the values in place to what the storage type can hold, so that an evaluation sees what will be saved.
 * Returns how many finite values became infinite.
 */
export function roundTo(values: Float32Array, dtype: WritableDType): number {
  if (dtype === "f32") return 0;
  const scratch = new Uint16Array(Math.min(values.length, ROUND_CHUNK));
  let overflows = 0;
  for (let begin = 0; begin < values.length; begin += ROUND_CHUNK) {
    const part = values.subarray(begin, begin + ROUND_CHUNK);
    const halves = scratch.subarray(0, part.length);
    overflows += dtype === "f16" ? toFloat16(halves, part) : toBfloat16(halves, part);
    if (dtype === "f16") fromFloat16(part, halves);
    else fromBfloat16(part, halves);
  }
  return overflows;
}
