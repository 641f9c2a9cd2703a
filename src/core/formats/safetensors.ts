/**
 * Reads safetensors: 8 bytes of header length, a JSON header, and the tensors' bytes one after another.
 *
 * Makes every check of the reference implementation (github.com/huggingface/safetensors, tensor.rs) before it
 * believes a number: header length, UTF-8, known dtype, shape × dtype = bytes without overflow, no hole, no
 * overlap, nothing left over. It is stricter in two points: a name may occur once only, and no dimension may
 * exceed what a double counts exactly.
 */
import { type DType, decode, dtypeOfSafetensors } from "../tensor/dtype.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import { claimedBytes } from "./byte-length.ts";
import { clip, count, fileError, showShape, truncated } from "./file-error.ts";
import type { ByteSource, ModelFile, ModelFormat } from "./format.ts";
import { MAX_HEADER_BYTES, malformed, PREFIX_BYTES, readExactly, readHeader } from "./safetensors-header.ts";
import type { StrictJson, StrictObject } from "./strict-json.ts";

/** Bytes of a piece of a tensor: large enough for a disk, small enough for an allocator to use its memory again. */
const PIECE_BYTES = 2 ** 20;

/** A tensor and where its bytes lie in the file, [begin, end). */
interface Placed {
  readonly spec: TensorSpec;
  readonly begin: number;
  readonly end: number;
}

export const safetensors: ModelFormat = {
  id: "safetensors",
  sniff: (head, name) => startsWithHeader(head) || /\.safetensors$/i.test(name),
  open: openSafetensors,
};

/** A plausible length followed by an opening brace, after whitespace if any. */
function startsWithHeader(head: Uint8Array): boolean {
  if (head.byteLength <= PREFIX_BYTES) return false;
  const length = new DataView(head.buffer, head.byteOffset).getBigUint64(0, true);
  if (length < 2n || length > MAX_HEADER_BYTES) return false;
  const first = head.subarray(PREFIX_BYTES).find((byte) => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d);
  return first === 0x7b;
}

/** @throws AppError file/truncated, file/malformed, file/too-large, file/unsupported */
async function openSafetensors(source: ByteSource, name: string): Promise<ModelFile> {
  const header = await readHeader(source, name);
  const { placed, metadata } = placeTensors(header.entries, header.end, source.size, name);
  const tensors = new Map([...placed].map(([tensor, { spec }]) => [tensor, spec]));

  async function bytes(tensor: string): Promise<Uint8Array<ArrayBuffer>> {
    const found = placed.get(tensor);
    if (!found) throw new Error(`no tensor ${tensor} in ${name}`);
    return readExactly(source, found.begin, found.end, name);
  }

  async function* pieces(tensor: string) {
    const found = placed.get(tensor);
    if (!found) throw new Error(`no tensor ${tensor} in ${name}`);
    for (let at = found.begin; at < found.end; at += PIECE_BYTES) {
      yield await readExactly(source, at, Math.min(at + PIECE_BYTES, found.end), name);
    }
  }

  return {
    format: "safetensors",
    name,
    tensors,
    metadata,
    bytes,
    pieces,
    async load(tensor) {
      const raw = await bytes(tensor);
      const { dtype } = tensors.get(tensor)!;
      // What was read is nobody else's, so f32 needs no copy.
      const isAsItIs = dtype === "f32" && raw.byteOffset % 4 === 0;
      return isAsItIs ? new Float32Array(raw.buffer, raw.byteOffset, raw.byteLength / 4) : decode(raw, dtype);
    },
  };
}

/** Checks every entry, and that together they cover [dataBegin, size) without hole or overlap. */
function placeTensors(entries: StrictObject, dataBegin: number, size: number, file: string) {
  const placed: Placed[] = [];
  let metadata: ReadonlyMap<string, string> = new Map();
  for (const [name, entry] of entries) {
    if (name === "__metadata__") metadata = metadataOf(entry, file);
    else placed.push(placeTensor(name, entry, dataBegin, file));
  }
  placed.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let end = dataBegin;
  for (const tensor of placed) {
    if (tensor.begin !== end) {
      const what = tensor.begin < end ? "overlaps the tensor before it" : "leaves a hole before it";
      throw malformed(file, `tensor “${clip(tensor.spec.name)}” ${what}`, {
        tensor: clip(tensor.spec.name),
        offset: tensor.begin,
      });
    }
    end = tensor.end;
  }
  if (end > size) throw truncated(file, end, size);
  if (end < size)
    throw malformed(file, `${count(size - end)} bytes at its end belong to no tensor`, { offset: end });
  return { placed: new Map(placed.map((tensor) => [tensor.spec.name, tensor])), metadata };
}

function placeTensor(name: string, entry: StrictJson, dataBegin: number, file: string): Placed {
  const wrong = (what: string) => malformed(file, `tensor “${clip(name)}” ${what}`, { tensor: clip(name) });
  if (!(entry instanceof Map)) throw wrong("has no description");
  const dtype = dtypeOfEntry(name, entry.get("dtype"), file);
  const shape = naturals(entry.get("shape"));
  if (!shape) throw wrong("has no valid shape");
  const offsets = naturals(entry.get("data_offsets"));
  if (offsets?.length !== 2) throw wrong("has no valid data_offsets");
  const [begin, end] = offsets;
  const bytes = claimedBytes(shape, dtype);
  if (bytes === undefined) throw wrong(`has an impossible shape ${showShape(shape)}`);
  if (end - begin !== bytes)
    throw wrong(
      `${showShape(shape)} in ${dtype} needs ${count(bytes)} bytes, its offsets span ${count(end - begin)}`,
    );
  if (end > BigInt(Number.MAX_SAFE_INTEGER) - BigInt(dataBegin)) throw wrong("lies beyond any file");
  return {
    spec: { name, dtype, shape: shape.map(Number) },
    begin: dataBegin + Number(begin),
    end: dataBegin + Number(end),
  };
}

function dtypeOfEntry(name: string, dtype: StrictJson | undefined, file: string): DType {
  if (typeof dtype !== "string")
    throw malformed(file, `tensor “${clip(name)}” has no dtype`, { tensor: clip(name) });
  const known = dtypeOfSafetensors(dtype);
  if (known) return known;
  throw fileError(
    "file/unsupported",
    file,
    `stores tensor “${clip(name)}” as ${clip(dtype)}, which cannot be merged here. Convert it to F32, F16 or BF16.`,
    { tensor: clip(name), dtype: clip(dtype) },
  );
}

/** A list of integers ≥ 0; undefined for anything else. */
function naturals(value: StrictJson | undefined): bigint[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items: readonly StrictJson[] = value;
  const valid = items.filter((item) => typeof item === "bigint").filter((item) => item >= 0n);
  return valid.length === items.length ? valid : undefined;
}

function metadataOf(entry: StrictJson, file: string): ReadonlyMap<string, string> {
  if (entry === null) return new Map();
  if (!(entry instanceof Map)) throw malformed(file, "its __metadata__ is no JSON object");
  const metadata = new Map<string, string>();
  for (const [key, value] of entry) {
    if (typeof value !== "string") throw malformed(file, `its __metadata__ “${clip(key)}” is no string`);
    metadata.set(key, value);
  }
  return metadata;
}
