import type { TensorSpec } from "../tensor/tensor.ts";

/** Random access to bytes: a File, a fetched buffer, an OPFS entry. Ranges are [begin, end) in bytes. */
export interface ByteSource {
  readonly size: number;
  /** @throws AppError file/unreadable when the bytes cannot be had */
  read(begin: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** One way of storing tensors. */
export interface ModelFormat {
  readonly id: "safetensors" | "onnx";
  /** Tells by the first bytes (up to 64) and the name whether `open` should try; magic beats extension. */
  sniff(head: Uint8Array, name: string): boolean;
  /** Reads the header only. @throws AppError file/… with name, offset and what to do */
  open(source: ByteSource, name: string): Promise<ModelFile>;
}

/** An opened file: what it holds, and its tensors on demand. */
export interface ModelFile {
  readonly format: ModelFormat["id"];
  readonly name: string;
  readonly tensors: ReadonlyMap<string, TensorSpec>;
  readonly metadata: ReadonlyMap<string, string>;
  /** Raw little-endian bytes in the stored dtype; the caller owns them. */
  bytes(name: string): Promise<Uint8Array<ArrayBuffer>>;
  /** The same bytes in order, in pieces that are small beside large tensors; absent where they are not read by range. */
  pieces?(name: string): AsyncIterable<Uint8Array<ArrayBuffer>>;
  /** Values as f32 (wider dtypes are rounded); the caller owns them. */
  load(name: string): Promise<Float32Array<ArrayBuffer>>;
}

/** A source over bytes in memory. */
export function bytesSource(bytes: Uint8Array<ArrayBuffer>): ByteSource {
  return { size: bytes.byteLength, read: async (begin, end) => bytes.slice(begin, end) };
}

/** A tensor's bytes in order: in pieces where the file gives any, else at once. */
export async function* piecesOf(file: ModelFile, name: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (file.pieces) yield* file.pieces(name);
  else yield file.bytes(name);
}
