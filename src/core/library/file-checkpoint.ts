/** Checkpoints that are files. */
import { AppError } from "../errors.ts";
import type { ModelFile } from "../formats/format.ts";
import type { Content } from "../model/content-id.ts";
import type { Checkpoint, LowRank } from "../model/library.ts";
import type { Repair } from "../recipe/repair.ts";
import type { Kernels } from "../tensor/kernels.ts";

/** An expert's file whose tensors are the base's save for those that an adapter touches. */
export interface AdapterFile extends ModelFile {
  /** Tensors that may differ from the base. */
  readonly touched: ReadonlySet<string>;
  /** The task vector's factors; undefined where the tensor is no low-rank update of the base. */
  factors?(name: string): Promise<LowRank | undefined>;
}

/**
 * A file's tensors, read and looked over when they are asked for.
 *
 * @param base gives the tensors that an adapter does not touch, the very arrays
 * @param repair what was replaced in the file, if anything
 */
export function fileCheckpoint(
  file: ModelFile | AdapterFile,
  { id, digests }: Content,
  kernels: Pick<Kernels, "nonFinite" | "fromHalf" | "alloc">,
  base?: Checkpoint,
  repair?: Repair,
): Checkpoint {
  const adapter = "touched" in file ? file : undefined;
  return {
    id,
    digests,
    tensors: file.tensors,
    async load(name) {
      if (base && adapter && !adapter.touched.has(name)) return base.load(name);
      const values = await read(file, name, kernels);
      requireFinite(values, name, file.name, kernels);
      return values;
    },
    ...(repair && { repair }),
    ...(adapter?.factors && { factors: (name) => adapter.factors?.(name) ?? Promise.resolve(undefined) }),
  };
}

/** A tensor as f32; 16-bit floats, which most files hold, by the kernels. */
async function read(
  file: ModelFile | AdapterFile,
  name: string,
  kernels: Pick<Kernels, "fromHalf" | "alloc">,
): Promise<Float32Array> {
  const dtype = file.tensors.get(name)?.dtype;
  if ("touched" in file || (dtype !== "f16" && dtype !== "bf16")) return file.load(name);
  const bytes = await file.bytes(name);
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  const out = kernels.alloc(byteLength / 2);
  kernels.fromHalf(out, new Uint16Array(buffer, byteOffset, out.length), dtype);
  return out;
}

/** The same checkpoint with its values kept once they were read: for the base, which every merge reads. */
export function remembering(checkpoint: Checkpoint): Checkpoint {
  const loading = new Map<string, Promise<Float32Array>>();
  return {
    ...checkpoint,
    load(name) {
      const known = loading.get(name);
      if (known) return known;
      const values = checkpoint.load(name);
      loading.set(name, values);
      values.catch(() => loading.delete(name));
      return values;
    },
  };
}

/** The same checkpoint with the values of one tensor kept, the one asked for last: for a base that is larger than memory. */
export function recalling(checkpoint: Checkpoint): Checkpoint {
  let last: { readonly name: string; readonly values: Promise<Float32Array> } | undefined;
  return {
    ...checkpoint,
    load(name) {
      if (last?.name === name) return last.values;
      const values = checkpoint.load(name);
      last = { name, values };
      return values;
    },
  };
}

/**
 * Looks again at what is read for a merge: a file may have changed since it was opened.
 *
 * @throws AppError model/non-finite that names the first entry which is no number
 */
export function requireFinite(
  values: Float32Array,
  tensor: string,
  file: string,
  kernels: Pick<Kernels, "nonFinite">,
): void {
  const { first, count } = kernels.nonFinite(values);
  if (count === 0) return;
  throw new AppError(
    "model/non-finite",
    `${file}: ${tensor} holds ${count} of ${values.length} values that are NaN or infinite, the first at index ${first}. A model like this cannot be merged; take a checkpoint from before training diverged.`,
    { file, tensor, first, count },
  );
}
