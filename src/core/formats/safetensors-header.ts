/** The first part of a safetensors file: 8 bytes of length, then JSON, believed only after both were checked. */
import type { AppError, ErrorDetails } from "../errors.ts";
import { count, fileError, truncated } from "./file-error.ts";
import type { ByteSource } from "./format.ts";
import { parseStrictJson, StrictJsonError, type StrictObject } from "./strict-json.ts";

/** The reference implementation's limit: real headers have some 100 bytes per tensor. */
export const MAX_HEADER_BYTES = 100_000_000;
/** Bytes before the header: its length as u64. */
export const PREFIX_BYTES = 8;

/** @throws AppError file/truncated when the source has become shorter than it said */
export async function readExactly(source: ByteSource, begin: number, end: number, file: string) {
  const bytes = await source.read(begin, end);
  if (bytes.byteLength !== end - begin) throw truncated(file, end, begin + bytes.byteLength);
  return bytes;
}

/**
 * The header as JSON, and where the tensors' bytes begin.
 *
 * @throws AppError file/truncated, file/too-large, file/malformed
 */
export async function readHeader(
  source: ByteSource,
  file: string,
): Promise<{ readonly entries: StrictObject; readonly end: number }> {
  if (source.size < PREFIX_BYTES) throw truncated(file, PREFIX_BYTES, source.size);
  const prefix = await readExactly(source, 0, PREFIX_BYTES, file);
  const length = new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES) {
    const message = `claims a header of ${count(length)} bytes; at most ${count(MAX_HEADER_BYTES)} are read. It is damaged, or no safetensors file. Download it again, or save it anew.`;
    throw fileError("file/too-large", file, message, { offset: 0, header: length.toString() });
  }
  const end = PREFIX_BYTES + Number(length);
  if (end > source.size) throw truncated(file, end, source.size);
  const text = decodeUtf8(await readExactly(source, PREFIX_BYTES, end, file), file);
  try {
    const entries = parseStrictJson(text);
    if (entries instanceof Map) return { entries, end };
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error;
    throw malformed(file, `its header is no valid JSON: ${error.message}`, { character: error.at });
  }
  throw malformed(file, "its header is no JSON object");
}

function decodeUtf8(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw malformed(file, "its header is no valid UTF-8", { offset: PREFIX_BYTES });
  }
}

/** A header that contradicts itself or the file. */
export function malformed(file: string, what: string, details: ErrorDetails = {}): AppError {
  return fileError(
    "file/malformed",
    file,
    `is damaged: ${what}. Download it again, or save it anew.`,
    details,
  );
}
