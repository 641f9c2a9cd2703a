/** Model files in memory, through the writer and the reader that real ones go through. */
import { bytesSource, type ModelFile } from "../formats/format.ts";
import { safetensors } from "../formats/safetensors.ts";
import { writeSafetensors } from "../formats/safetensors-write.ts";
import { type DType, encode } from "../tensor/dtype.ts";

export interface MemoryTensor {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  /** f32 unless told; f16 and bf16 are rounded, integers taken as they are. */
  readonly dtype?: DType;
}

/** Returns a safetensors file with these tensors. */
export async function memoryFile(
  tensors: Readonly<Record<string, MemoryTensor>>,
  name = "model.safetensors",
  metadata: Readonly<Record<string, string>> = {},
): Promise<ModelFile> {
  const specs = Object.entries(tensors).map(([tensor, { shape, dtype = "f32" }]) => ({
    name: tensor,
    dtype,
    shape,
  }));
  const pieces = writeSafetensors(specs, new Map(Object.entries(metadata)), ({ name: tensor, dtype }) =>
    bytesOf(tensors[tensor].values, dtype),
  );
  return safetensors.open(bytesSource(await joined(pieces)), name);
}

/** Returns the pieces as one run of bytes. */
export async function joined(
  pieces: AsyncIterable<Uint8Array<ArrayBuffer>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of pieces) parts.push(piece);
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function bytesOf(values: ArrayLike<number>, dtype: DType): Uint8Array<ArrayBuffer> {
  switch (dtype) {
    case "f16":
    case "bf16":
      return encode(Float32Array.from(values), dtype).bytes;
    case "u8":
      return Uint8Array.from(values);
    case "u16":
      return new Uint8Array(Uint16Array.from(values).buffer);
    case "u32":
      return new Uint8Array(Uint32Array.from(values).buffer);
    case "i64":
      return new Uint8Array(BigInt64Array.from(Array.from(values, BigInt)).buffer);
    default:
      return new Uint8Array(Float32Array.from(values).buffer);
  }
}
