/**
 * A region of an expert as a file: of some tensors of a base, the entries that differ and their new values.
 *
 * It is a safetensors file with a pair for each tensor: `<name>.indices` (I32, row-major positions, ascending) and
 * `<name>.values` (F32, F16 or BF16). Values replace the base's, so that applying them gives back the expert's bits.
 */
import { AppError } from "../errors.ts";
import { contentId } from "../recipe/schema.ts";
import { decode, dtypeInfo, encode, type WritableDType } from "../tensor/dtype.ts";
import { sizeOf, type TensorSpec } from "../tensor/tensor.ts";
import { clip, count } from "./file-error.ts";
import type { ModelFile } from "./format.ts";
import { malformed } from "./safetensors-header.ts";
import { writeSafetensors } from "./safetensors-write.ts";

const FORMAT = "kintsugi-sparse";
const VERSION = "1";
const INDICES = ".indices";
const VALUES = ".values";

/** The entries of one tensor. */
export interface SparseTensor {
  readonly name: string;
  readonly dtype: WritableDType;
  /** Row-major positions, ascending. */
  readonly indices: Int32Array<ArrayBuffer>;
  /** One value for each index, little endian, in `dtype`. */
  readonly values: Uint8Array<ArrayBuffer>;
}

export interface SparseAbout {
  /** Content of the base that the entries belong to. */
  readonly base: string;
  readonly expert: string;
  /** Floating entries of the whole model: what the region is a fraction of. */
  readonly parameters: number;
}

/** A sparse file whose pairs are complete; its indices are checked when they are applied. */
export interface SparseFile {
  readonly file: ModelFile;
  /** Content of the base that it needs. */
  readonly base: string;
  /** Entries and their dtype, by tensor of the base. */
  readonly regions: ReadonlyMap<string, { readonly entries: number; readonly dtype: WritableDType }>;
}

/** Yields the file piece by piece. */
export function writeSparse(
  tensors: readonly SparseTensor[],
  { base, expert, parameters }: SparseAbout,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const chunks = new Map<string, Uint8Array<ArrayBuffer>>();
  const specs: TensorSpec[] = [];
  for (const { name, dtype, indices, values } of tensors) {
    const shape = [indices.length];
    specs.push({ name: name + INDICES, dtype: "i32", shape }, { name: name + VALUES, dtype, shape });
    chunks.set(name + INDICES, new Uint8Array(indices.buffer, indices.byteOffset, indices.byteLength));
    chunks.set(name + VALUES, values);
  }
  const entries = tensors.reduce((sum, { indices }) => sum + indices.length, 0);
  const metadata = new Map([
    ["format", FORMAT],
    ["version", VERSION],
    ["base", base],
    ["expert", expert],
    ["entries", String(entries)],
    ["parameters", String(parameters)],
    ["fraction", (parameters === 0 ? 0 : entries / parameters).toPrecision(6)],
  ]);
  return writeSafetensors(specs, metadata, ({ name }) => chunks.get(name) ?? new Uint8Array());
}

/** Tells a sparse file from a model by its metadata. */
export function isSparse({ metadata }: ModelFile): boolean {
  return metadata.get("format") === FORMAT;
}

/** Reads what a sparse file promises. @throws AppError file/malformed, file/unsupported */
export function readSparse(file: ModelFile): SparseFile {
  const version = file.metadata.get("version");
  if (version !== VERSION) {
    const message = `“${clip(file.name)}” is a sparse file of version ${clip(version ?? "none")}; this Kintsugi reads ${VERSION}.`;
    throw new AppError("file/unsupported", message, { file: clip(file.name) });
  }
  const base = contentId.safeParse(file.metadata.get("base"));
  if (!base.success) throw malformed(file.name, "it does not say which base it belongs to");
  const regions = new Map<string, { entries: number; dtype: WritableDType }>();
  for (const name of file.tensors.keys()) {
    if (name.endsWith(INDICES)) {
      const tensor = name.slice(0, -INDICES.length);
      regions.set(tensor, pairOf(file, tensor));
    } else if (!name.endsWith(VALUES) || !file.tensors.has(name.slice(0, -VALUES.length) + INDICES)) {
      throw malformed(file.name, `“${clip(name)}” has no indices`, { tensor: clip(name) });
    }
  }
  return { file, base: base.data, regions };
}

function pairOf(file: ModelFile, tensor: string): { entries: number; dtype: WritableDType } {
  const indices = file.tensors.get(tensor + INDICES);
  const values = file.tensors.get(tensor + VALUES);
  const wrong = (what: string) =>
    malformed(file.name, `the region of “${clip(tensor)}” ${what}`, { tensor: clip(tensor) });
  if (indices?.dtype !== "i32" || indices.shape.length !== 1) throw wrong("has no list of I32 indices");
  if (values?.shape.length !== 1) throw wrong("has no list of values");
  const { dtype } = values;
  if (dtype !== "f32" && dtype !== "f16" && dtype !== "bf16") throw wrong(`has values in ${dtype}`);
  const [entries] = indices.shape;
  if (values.shape[0] !== entries) {
    throw wrong(`has ${count(entries)} indices and ${count(values.shape[0])} values`);
  }
  return { entries, dtype };
}

/**
 * The expert that the region makes of its base: a file with the base's tensors, entries replaced. A tensor whose values
 * have another dtype than the base's becomes f32.
 *
 * @param id the content of `base`
 * @throws AppError model/no-base for another base, file/malformed for tensors that it does not have; `bytes` and `load` for indices out of order or range
 */
export function overBase(
  { file, base: needed, regions }: SparseFile,
  base: ModelFile,
  id: string,
): ModelFile {
  if (needed !== id) {
    const message = `“${clip(file.name)}” is a region over another base. Open the family that it was cut from.`;
    throw new AppError("model/no-base", message, { file: clip(file.name), expected: needed, open: id });
  }
  const tensors = new Map(base.tensors);
  for (const [name, { entries, dtype }] of regions) {
    const spec = base.tensors.get(name);
    if (!spec || !dtypeInfo[spec.dtype].isFloat || entries > sizeOf(spec.shape)) {
      const what = `the base has no ${count(entries)} floating entries in “${clip(name)}”`;
      throw malformed(file.name, what, { tensor: clip(name) });
    }
    tensors.set(name, { ...spec, dtype: dtype === spec.dtype ? dtype : "f32" });
  }

  async function bytes(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const spec = tensors.get(name);
    const region = regions.get(name);
    if (!spec || !region) return base.bytes(name);
    const isPlain = spec.dtype === base.tensors.get(name)?.dtype;
    const out = isPlain ? await base.bytes(name) : encode(await base.load(name), "f32").bytes;
    const values =
      spec.dtype === region.dtype
        ? await file.bytes(name + VALUES)
        : encode(await file.load(name + VALUES), "f32").bytes;
    const indices = await file.bytes(name + INDICES);
    scatter(out, values, indices, dtypeInfo[spec.dtype].bytes, file.name, name);
    return out;
  }

  return {
    format: "safetensors",
    name: file.name,
    tensors,
    metadata: file.metadata,
    bytes,
    load: async (name) => decode(await bytes(name), tensors.get(name)?.dtype ?? "f32"),
  };
}

/** Puts values of `size` bytes where the indices say. */
function scatter(
  out: Uint8Array,
  values: Uint8Array,
  indices: Uint8Array,
  size: number,
  file: string,
  tensor: string,
): void {
  const view = new DataView(indices.buffer, indices.byteOffset, indices.byteLength);
  const n = out.byteLength / size;
  let last = -1;
  for (let at = 0; at < indices.byteLength; at += 4) {
    const index = view.getInt32(at, true);
    if (index <= last || index >= n) {
      const what = `index ${index} of “${clip(tensor)}” ${index >= n ? `lies beyond its ${count(n)} entries` : "is out of order"}`;
      throw malformed(file, what, { tensor: clip(tensor), index });
    }
    last = index;
    const from = (at / 4) * size;
    for (let b = 0; b < size; b++) out[index * size + b] = values[from + b];
  }
}
