/** A model whose NaNs and infinities are replaced as it is read: another content, and so another model, than its file. */
import type { ModelFile } from "../formats/format.ts";
import { type DType, encode, type WritableDType } from "../tensor/dtype.ts";
import type { Kernels } from "../tensor/kernels.ts";

/** What becomes of an entry that is no number: it is refused, or becomes 0, or the base's own entry. */
export const nonFinitePolicies = ["error", "zero", "base"] as const;
export type NonFinitePolicy = (typeof nonFinitePolicies)[number];

/** A model with what was replaced in it so far: entries by tensor. */
export interface Repaired extends ModelFile {
  readonly replaced: ReadonlyMap<string, number>;
}

/**
 * Wraps a file whose tensors have the base's names and shapes. Tensors of f64 and 8-bit floats are left as they are.
 *
 * @param base gives the entries under "base"; a tensor that it lacks gets zeros
 */
export function repaired(
  file: ModelFile,
  base: ModelFile,
  policy: Exclude<NonFinitePolicy, "error">,
  kernels: Pick<Kernels, "nonFinite">,
): Repaired {
  const replaced = new Map<string, number>();

  async function load(name: string): Promise<Float32Array<ArrayBuffer>> {
    const values = await file.load(name);
    const { dtype } = file.tensors.get(name)!;
    if (!isWritable(dtype)) return values;
    const { count } = kernels.nonFinite(values);
    if (count === 0) return values;
    replaced.set(name, count);
    const other = policy === "base" && base.tensors.has(name) ? await base.load(name) : undefined;
    for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) values[i] = other?.[i] ?? 0;
    return values;
  }

  const { pieces: _, ...rest } = file;
  return {
    ...rest,
    replaced,
    load,
    async bytes(name) {
      const { dtype } = file.tensors.get(name)!;
      if (!isWritable(dtype)) return file.bytes(name);
      const values = await load(name);
      return replaced.has(name) ? encode(values, dtype).bytes : file.bytes(name);
    },
  };
}

function isWritable(dtype: DType): dtype is WritableDType {
  return dtype === "f32" || dtype === "f16" || dtype === "bf16";
}
