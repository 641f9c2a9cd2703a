/** The formats that can be read. A new one is a file and a line here. */
import { isForeign, unknownFormat } from "./foreign.ts";
import type { ByteSource, ModelFile, ModelFormat } from "./format.ts";
import { onnx } from "./onnx.ts";
import { safetensors } from "./safetensors.ts";

const formats: readonly ModelFormat[] = [safetensors, onnx];

/** Bytes that `sniff` may look at. */
const HEAD_BYTES = 64;

/**
 * Opens a file by its first bytes or, where these say nothing, by its name.
 *
 * @throws AppError file/unknown-format when no format claims it; file/… from the reader that does
 */
export async function openModelFile(source: ByteSource, name: string): Promise<ModelFile> {
  const head = await source.read(0, Math.min(HEAD_BYTES, source.size));
  const format =
    formats.find((candidate) => candidate.sniff(head, "")) ??
    (isForeign(head) || head.byteLength === 0
      ? undefined
      : formats.find((candidate) => candidate.sniff(head, name)));
  if (!format) throw unknownFormat(head, name);
  return format.open(source, name);
}
