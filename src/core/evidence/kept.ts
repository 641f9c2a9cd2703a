/** Evidence in memory, as small as it goes: masks at one bit a weight, everything else as f32. */
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { ContentHasher } from "../model/content-id.ts";
import type { Evidence, EvidenceAbout } from "../model/evidence.ts";
import { sortedJson } from "../recipe/json.ts";
import { sizeOf, type TensorSpec } from "../tensor/tensor.ts";
import { countBits, packBits, unpackBits } from "./bits.ts";

/** One tensor as whoever computed it has it: 0 and other numbers for masks, values otherwise. Read, not kept. */
export interface EvidenceTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | Uint8Array;
}

/** Evidence with its stored bytes. */
export interface KeptEvidence extends Evidence {
  /** Packed bits for masks, else f32, by weight; read-only. */
  readonly stored: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** Of all stored tensors. */
  readonly byteLength: number;
  /** Share of its entries that a mask chooses, 0…1; undefined for other kinds. */
  readonly density: number | undefined;
}

/** Keeps evidence under the content of its tensors and of what it says about itself. */
export function keepEvidence(about: EvidenceAbout, tensors: Iterable<EvidenceTensor>): KeptEvidence {
  const isMask = about.kind === "mask";
  const specs = new Map<string, TensorSpec>();
  const stored = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { name, shape, values } of tensors) {
    if (values.length !== sizeOf(shape)) throw new Error(`${name}: ${values.length} values for [${shape}]`);
    specs.set(name, { name, dtype: isMask ? "bool" : "f32", shape });
    stored.set(name, isMask ? packBits(values) : new Uint8Array(Float32Array.from(values).buffer));
  }
  return restoreEvidence(about, specs, stored);
}

/** Evidence from its stored form, which it keeps. */
export function restoreEvidence(
  about: EvidenceAbout,
  tensors: ReadonlyMap<string, TensorSpec>,
  stored: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
): KeptEvidence {
  const hasher = new ContentHasher();
  const text = utf8ToBytes(sortedJson(about));
  hasher.add({ name: "__metadata__", dtype: "u8", shape: [text.length] }, text);
  let [byteLength, chosen, entries] = [0, 0, 0];
  for (const [name, spec] of tensors) {
    const bytes = storedOf(stored, name);
    hasher.add(spec, bytes);
    byteLength += bytes.byteLength;
    if (about.kind === "mask") chosen += countBits(bytes);
    entries += sizeOf(spec.shape);
  }
  return {
    about,
    id: hasher.id(),
    tensors,
    stored,
    byteLength,
    density: about.kind === "mask" ? chosen / Math.max(1, entries) : undefined,
    async load(name) {
      const bytes = storedOf(stored, name);
      if (about.kind === "mask") return unpackBits(bytes, sizeOf(tensors.get(name)?.shape ?? []));
      return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
    },
  };
}

function storedOf(stored: KeptEvidence["stored"], name: string): Uint8Array<ArrayBuffer> {
  const bytes = stored.get(name);
  if (!bytes) throw new Error(`the evidence says nothing of ${name}`);
  return bytes;
}
