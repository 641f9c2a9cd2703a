/**
 * Evidence as a file: safetensors, told by its metadata `format`. `about` and the shapes of the weights are JSON there;
 * a mask is stored at one bit a weight (numpy's `unpackbits` reads it), everything else as F32.
 */
import { z } from "zod";
import { clip } from "../formats/file-error.ts";
import type { ModelFile } from "../formats/format.ts";
import { malformed } from "../formats/safetensors-header.ts";
import { writeSafetensors } from "../formats/safetensors-write.ts";
import type { EvidenceAbout } from "../model/evidence.ts";
import { type ContentId, contentId } from "../recipe/schema.ts";
import { sizeOf, type TensorSpec } from "../tensor/tensor.ts";
import { evidenceAbout } from "./about.ts";
import { type KeptEvidence, restoreEvidence } from "./kept.ts";

const FORMAT = "kintsugi-evidence";
const VERSION = "1";

const shapes = z.array(z.tuple([z.string(), z.array(z.int().min(0)).max(16)])).max(20_000);

/** Yields the file piece by piece; pieces are the evidence's own memory. */
export function writeEvidence({ id, about, tensors, stored }: KeptEvidence) {
  const specs = [...tensors.values()].map((spec): TensorSpec => {
    const length = stored.get(spec.name)?.byteLength ?? 0;
    return about.kind === "mask" ? { name: spec.name, dtype: "u8", shape: [length] } : spec;
  });
  const metadata = new Map([
    ["format", FORMAT],
    ["version", VERSION],
    ["id", id],
    ["about", JSON.stringify(about)],
    ["shapes", JSON.stringify([...tensors.values()].map(({ name, shape }) => [name, shape]))],
  ]);
  return writeSafetensors(specs, metadata, ({ name }) => stored.get(name) ?? new Uint8Array());
}

/** "fisher-digits-640-0123abcd.safetensors": what it is about, and the start of its content's hash. */
export function evidenceFileName({ about: { kind, expert, step }, id }: KeptEvidence): string {
  const short = id.slice("sha256:".length).slice(0, 8);
  return `${[kind, expert, step ?? "base", short].join("-")}.safetensors`;
}

/** Tells an evidence file from a model by its metadata. */
export function isEvidence({ metadata }: ModelFile): boolean {
  return metadata.get("format") === FORMAT;
}

/** What the header of an evidence file says of it; undefined when it is none, or of another version. */
export function evidenceHeader(
  file: ModelFile,
): { readonly id: ContentId; readonly about: EvidenceAbout } | undefined {
  if (!isEvidence(file) || file.metadata.get("version") !== VERSION) return undefined;
  const id = contentId.safeParse(file.metadata.get("id"));
  const about = evidenceAbout.safeParse(json(file, "about"));
  return id.success && about.success ? { id: id.data, about: about.data } : undefined;
}

/** Reads a whole evidence file. @throws AppError file/malformed, file/truncated */
export async function readEvidence(file: ModelFile): Promise<KeptEvidence> {
  const about = evidenceAbout.safeParse(json(file, "about"));
  if (file.metadata.get("version") !== VERSION || !about.success) {
    throw malformed(file.name, "it does not say what was measured in a way that this Kintsugi reads");
  }
  const listed = shapes.safeParse(json(file, "shapes"));
  if (!listed.success) throw malformed(file.name, "it does not list the shapes of the weights");
  const isMask = about.data.kind === "mask";
  const tensors = new Map<string, TensorSpec>();
  const stored = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [name, shape] of listed.data) {
    const found = file.tensors.get(name);
    const n = sizeOf(shape);
    const length = isMask ? Math.ceil(n / 8) : n;
    if (tensors.has(name) || found?.dtype !== (isMask ? "u8" : "f32") || sizeOf(found.shape) !== length) {
      throw malformed(file.name, `“${clip(name)}” is not there in the shape that it lists`, {
        tensor: clip(name),
      });
    }
    const bytes = (await file.bytes(name)).slice();
    requireSound(bytes, n, about.data.kind, name, file.name);
    tensors.set(name, { name, dtype: isMask ? "bool" : "f32", shape });
    stored.set(name, bytes);
  }
  if (tensors.size !== file.tensors.size)
    throw malformed(file.name, "it holds tensors that it does not list");
  const evidence = restoreEvidence(about.data, tensors, stored);
  // Files written before they named their content have none.
  const named = file.metadata.get("id") ?? evidence.id;
  if (named !== evidence.id) throw malformed(file.name, "its content is not what its name says", { named });
  return evidence;
}

function json({ metadata }: ModelFile, key: string): unknown {
  try {
    return JSON.parse(metadata.get(key) ?? "");
  } catch {
    return undefined;
  }
}

/** Masks have no bits beyond their end; numbers are finite, and not negative where they are squares. */
function requireSound(
  bytes: Uint8Array<ArrayBuffer>,
  n: number,
  kind: string,
  name: string,
  file: string,
): void {
  const isSound =
    kind === "mask"
      ? n % 8 === 0 || (bytes[bytes.length - 1] & (0xff >> (n % 8))) === 0
      : new Float32Array(bytes.buffer).every(
          (value) => Number.isFinite(value) && (kind === "gram" || value >= 0),
        );
  if (!isSound) throw malformed(file, `“${clip(name)}” holds impossible values`, { tensor: clip(name) });
}
