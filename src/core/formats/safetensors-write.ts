/**
 * Writes safetensors as the reference implementation does: tensors by falling alignment, then by name, so that
 * every tensor starts at a multiple of its entry size; the header padded with spaces to a multiple of 8.
 */
import { type DType, dtypeInfo } from "../tensor/dtype.ts";
import { sizeOf, type TensorSpec } from "../tensor/tensor.ts";
import { PREFIX_BYTES } from "./safetensors-header.ts";

/** Where everything lies in a file yet to be written. */
export interface SafetensorsLayout {
  /** Length prefix and padded JSON: the file's first bytes. */
  readonly header: Uint8Array<ArrayBuffer>;
  /** In file order; [begin, end) are bytes from the start of the file. */
  readonly slots: ReadonlyMap<string, TensorSlot>;
  /** Of the whole file. */
  readonly byteLength: number;
}

export interface TensorSlot {
  readonly spec: TensorSpec;
  readonly begin: number;
  readonly end: number;
}

/** Gives the raw little-endian bytes of a tensor in its spec's dtype. */
export type ChunkOf = (spec: TensorSpec) => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>;

/** The order of dtypes in files of the reference implementation. */
const byAlignment: readonly DType[] = [
  "u64",
  "i64",
  "f64",
  "f32",
  "u32",
  "i32",
  "bf16",
  "f16",
  "u16",
  "i16",
  "f8_e4m3",
  "f8_e5m2",
  "i8",
  "u8",
  "bool",
];
const HEADER_ALIGNMENT = 8;

/**
 * The layout of a file with these tensors, in any order. Metadata is written by key, so that equal contents give
 * equal files.
 */
export function layoutSafetensors(
  specs: Iterable<TensorSpec>,
  metadata: ReadonlyMap<string, string> = new Map(),
): SafetensorsLayout {
  const sorted = [...specs].sort(
    (a, b) => byAlignment.indexOf(a.dtype) - byAlignment.indexOf(b.dtype) || compareNames(a.name, b.name),
  );
  const entries: string[] = [];
  if (metadata.size > 0) {
    const pairs = [...metadata].sort(([a], [b]) => compareNames(a, b));
    entries.push(`"__metadata__":{${pairs.map((pair) => pair.map((s) => JSON.stringify(s)).join(":"))}}`);
  }
  const relative: TensorSlot[] = [];
  let end = 0;
  for (const spec of sorted) {
    const begin = end;
    end += sizeOf(spec.shape) * dtypeInfo[spec.dtype].bytes;
    relative.push({ spec, begin, end });
    entries.push(entryOf(spec, begin, end));
  }
  const header = headerBytes(`{${entries}}`);
  const shift = header.byteLength;
  const slots = new Map(
    relative.map((slot) => [
      slot.spec.name,
      { spec: slot.spec, begin: slot.begin + shift, end: slot.end + shift },
    ]),
  );
  if (slots.size !== sorted.length || slots.has("__metadata__"))
    throw new Error("tensor names must be unique");
  return { header, slots, byteLength: shift + end };
}

function entryOf({ name, dtype, shape }: TensorSpec, begin: number, end: number): string {
  const entry = { dtype: dtypeInfo[dtype].safetensors, shape, data_offsets: [begin, end] };
  return `${JSON.stringify(name)}:${JSON.stringify(entry)}`;
}

function headerBytes(json: string): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(json);
  const length = Math.ceil(text.byteLength / HEADER_ALIGNMENT) * HEADER_ALIGNMENT;
  const header = new Uint8Array(PREFIX_BYTES + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(text, PREFIX_BYTES);
  return header;
}

/** Orders names by code point, as UTF-8 bytes sort; UTF-16 order differs beyond the first plane. */
export function compareNames(a: string, b: string): number {
  const pointsA = a[Symbol.iterator]();
  const pointsB = b[Symbol.iterator]();
  for (;;) {
    const x = pointsA.next().value?.codePointAt(0) ?? -1;
    const y = pointsB.next().value?.codePointAt(0) ?? -1;
    if (x !== y || x === -1) return x - y;
  }
}

/**
 * Yields a file piece by piece, tensors in file order: `new Blob(pieces)` needs no second copy of the weights.
 * Asks for each tensor when its turn comes, so one at a time is in memory unless the consumer keeps them.
 */
export async function* writeSafetensors(
  specs: Iterable<TensorSpec>,
  metadata: ReadonlyMap<string, string>,
  chunkOf: ChunkOf,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const layout = layoutSafetensors(specs, metadata);
  yield layout.header;
  for (const { spec, begin, end } of layout.slots.values()) {
    const chunk = await chunkOf(spec);
    if (chunk.byteLength !== end - begin)
      throw new Error(`${spec.name} has ${chunk.byteLength} bytes, its spec says ${end - begin}`);
    if (chunk.byteLength > 0) yield chunk;
  }
}
