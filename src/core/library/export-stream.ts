/** Writes a merged model tensor by tensor, without ever holding it. */
import type { Context } from "../context.ts";
import { layoutSafetensors } from "../formats/safetensors-write.ts";
import type { Merger } from "../merge/merger.ts";
import { ContentHasher, digestOf, type NewHash } from "../model/content-id.ts";
import type { ContentId } from "../recipe/schema.ts";
import { type ExportRequest, provenanceOf, requireWeights } from "./export.ts";
import { mergedWeights, type StoredLibrary } from "./merged-weights.ts";
import { provenanceMetadata } from "./provenance.ts";

/** A file under way: bytes go to their places, in any order. */
export interface Sink {
  /** @param at byte from the start of the file; the bytes are lent until the promise settles */
  write(bytes: Uint8Array<ArrayBuffer>, at: number): Promise<void>;
}

export interface Streamed {
  readonly content: ContentId;
  readonly byteLength: number;
}

/**
 * Writes the safetensors file that `exportModel` gives, bit for bit. The header is written last: it names the content.
 *
 * @throws AppError model/unknown-task, export/failed for a model that routes, what merging throws
 */
export async function streamModel(
  library: StoredLibrary,
  merger: Merger,
  request: Omit<ExportRequest, "as">,
  sink: Sink,
  context: Context,
  newHash?: NewHash,
): Promise<Streamed> {
  const { recipe, task } = request;
  requireWeights(merger, recipe);
  const provenance = await provenanceOf(library, merger, request);
  const specs = (await merger.outline(recipe)).tensors.map(({ spec }) => spec);
  const draft = layoutSafetensors(specs, provenanceMetadata(provenance));
  const hasher = new ContentHasher();
  /** One tensor is written while the next is merged. */
  let storing: Promise<void> = Promise.resolve();
  for await (const { spec, bytes } of mergedWeights(library, merger, recipe, task, context)) {
    const slot = draft.slots.get(spec.name);
    if (!slot || slot.end - slot.begin !== bytes.byteLength) throw new Error(`no room for ${spec.name}`);
    await storing;
    storing = sink.write(bytes, slot.begin);
    storing.catch(() => {}); // told where it is awaited
    hasher.addDigest(spec, digestOf(bytes, newHash));
  }
  await storing;
  const content = hasher.id();
  const { header, byteLength } = layoutSafetensors(
    specs,
    provenanceMetadata({ ...provenance, output: content }),
  );
  if (header.byteLength !== draft.header.byteLength) throw new Error("the header has changed its length");
  await sink.write(header, 0);
  return { content, byteLength };
}
