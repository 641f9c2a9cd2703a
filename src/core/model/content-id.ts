/** The name of a model by its content: equal tensors give equal ids, whatever the file that holds them. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { type Context, quietContext } from "../context.ts";
import { type ModelFile, piecesOf } from "../formats/format.ts";
import { compareNames } from "../formats/safetensors-write.ts";
import type { ContentId } from "../recipe/schema.ts";
import type { TensorSpec } from "../tensor/tensor.ts";

/** A model's content: its id, and the SHA-256 of every tensor's bytes. */
export interface Content {
  readonly id: ContentId;
  readonly digests: ReadonlyMap<string, string>;
}

/**
 * Collects tensors, in any order and one at a time, into a content id: SHA-256 over the lines
 * `["name","dtype",[shape],"SHA-256 of the bytes"]` (JSON, each with a line feed), sorted by name as UTF-8 sorts.
 */
export class ContentHasher {
  readonly #lines = new Map<string, string>();
  readonly #digests = new Map<string, string>();

  /** @param bytes raw little-endian bytes in the spec's dtype; read, not kept */
  add(spec: TensorSpec, bytes: Uint8Array): void {
    this.addDigest(spec, digestOf(bytes));
  }

  /** @param digest SHA-256 of the tensor's bytes, 64 hex digits */
  addDigest({ name, dtype, shape }: TensorSpec, digest: string): void {
    if (this.#lines.has(name)) throw new Error(`tensor ${name} was added twice`);
    this.#lines.set(name, JSON.stringify([name, dtype, shape, digest]));
    this.#digests.set(name, digest);
  }

  /** The id and what it is made of. */
  content(): Content {
    return { id: this.id(), digests: this.#digests };
  }

  /** The id of what was added so far. */
  id(): ContentId {
    const hash = sha256.create();
    const sorted = [...this.#lines].sort(([a], [b]) => compareNames(a, b));
    for (const [, line] of sorted) hash.update(utf8ToBytes(`${line}\n`));
    return `sha256:${bytesToHex(hash.digest())}`;
  }
}

/** A SHA-256 under way; `digest` ends it. */
export interface Hash {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

/** Begins a SHA-256: core's own, or a platform's that is faster. */
export type NewHash = () => Hash;

const newSha256: NewHash = () => sha256.create();

/** SHA-256 of bytes as 64 hex digits. */
export function digestOf(bytes: Uint8Array, newHash: NewHash = newSha256): string {
  const hash = newHash();
  hash.update(bytes);
  return bytesToHex(hash.digest());
}

/** The content id of all tensors of a file; reads each once. */
export async function contentIdOf(
  file: ModelFile,
  context: Context = quietContext,
  newHash: NewHash = newSha256,
): Promise<ContentId> {
  return (await contentOf(file, context, newHash)).id;
}

/** The content of a file; reads each tensor once. */
export async function contentOf(
  file: ModelFile,
  context: Context = quietContext,
  newHash: NewHash = newSha256,
): Promise<Content> {
  const hasher = new ContentHasher();
  let done = 0;
  for (const spec of file.tensors.values()) {
    context.signal.throwIfAborted();
    const hash = newHash();
    for await (const piece of piecesOf(file, spec.name)) hash.update(piece);
    hasher.addDigest(spec, bytesToHex(hash.digest()));
    context.progress(++done, file.tensors.size);
    await context.breathe();
  }
  return hasher.content();
}
