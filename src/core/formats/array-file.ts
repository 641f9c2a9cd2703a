/** A model file of tensors that somebody holds or can make, with no bytes of its own. */
import { decode } from "../tensor/dtype.ts";
import type { TensorSpec } from "../tensor/tensor.ts";
import type { ModelFile } from "./format.ts";

export interface HeldTensor {
  readonly spec: TensorSpec;
  /** Raw little-endian bytes; the caller owns them. */
  readonly bytes: () => Promise<Uint8Array<ArrayBuffer>>;
}

/** Returns the tensors as a file, in the order given; nothing is made before it is asked for. */
export function arrayFile(name: string, tensors: readonly HeldTensor[]): ModelFile {
  const held = new Map(tensors.map((tensor) => [tensor.spec.name, tensor]));
  const find = (tensor: string): HeldTensor => {
    const found = held.get(tensor);
    if (!found) throw new Error(`no tensor ${tensor} in ${name}`);
    return found;
  };
  return {
    format: "safetensors",
    name,
    tensors: new Map(tensors.map(({ spec }) => [spec.name, spec])),
    metadata: new Map(),
    bytes: (tensor) => find(tensor).bytes(),
    async load(tensor) {
      const { spec, bytes } = find(tensor);
      return decode(await bytes(), spec.dtype);
    },
  };
}

/** Returns the file without some of its tensors. */
export function without(file: ModelFile, names: ReadonlySet<string>): ModelFile {
  return { ...file, tensors: new Map([...file.tensors].filter(([name]) => !names.has(name))) };
}
