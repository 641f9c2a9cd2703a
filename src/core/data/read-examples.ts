/** Reads dropped files of examples: each by its format, pairs of arrays by their names, pictures by their folders. */

import { type ByteSource, bytesSource } from "../formats/format.ts";
import { openModelFile } from "../formats/index.ts";
import { type AnyArray, type Inflate, MAX_VALUES } from "./array.ts";
import { arrayExamples, type NamedArray } from "./array-pairs.ts";
import { dataError } from "./data-error.ts";
import { isIdx, readIdx } from "./idx.ts";
import { isNpy, readNpy } from "./npy.ts";
import { readNpz } from "./npz.ts";
import { type DecodePicture, pictureExamples } from "./pictures.ts";
import type { RawExamples } from "./raw-examples.ts";
import { csvExamples, jsonlExamples, type TableExamples } from "./table.ts";

export interface DataFile {
  /** As the user gave it, folders included. */
  readonly path: string;
  readonly source: ByteSource;
}

/** What reading needs of the platform. */
export interface DataPlatform {
  readonly inflate: Inflate;
  readonly decode: DecodePicture;
}

const PICTURE = /\.(png|jpe?g|webp|gif|bmp)$/i;
const TABLE = /\.(csv|tsv|jsonl|ndjson)$/i;
/** Largest file of examples: bytes. */
const MAX_FILE = 4 * MAX_VALUES;

/** @throws AppError data/malformed, file/… that says which file, where in it, and what to do */
export async function readExampleFiles(
  files: readonly DataFile[],
  platform: DataPlatform,
): Promise<readonly RawExamples[]> {
  const pictures = files.filter(({ path }) => PICTURE.test(path));
  const found: RawExamples[] = [...pictureExamples(pictures, platform.decode)];
  const arrays: NamedArray[] = [];
  for (const file of files) {
    if (PICTURE.test(file.path)) continue;
    const bytes = await wholeFile(file);
    if (TABLE.test(file.path)) found.push(...tables(bytes, file.path));
    else
      for (const [name, array] of await arraysOf(bytes, file, platform.inflate))
        arrays.push({ file: file.path, name, array });
  }
  return [...found, ...arrayExamples(arrays)];
}

async function wholeFile({ path, source }: DataFile): Promise<Uint8Array<ArrayBuffer>> {
  if (source.size > MAX_FILE)
    throw dataError(path, `has ${source.size} bytes; at most ${MAX_FILE} are read. Take fewer examples.`);
  return source.read(0, source.size);
}

function tables(bytes: Uint8Array<ArrayBuffer>, path: string): readonly RawExamples[] {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw dataError(path, "is no UTF-8. Save it with that encoding.");
  }
  const isJson = /\.(jsonl|ndjson)$/i.test(path);
  const examples: readonly TableExamples[] = (isJson ? jsonlExamples : csvExamples)(text, path);
  const name = stem(path).replace(TABLE, "");
  return examples.map((one) => ({ ...one, name }));
}

/** Arrays by the name that says what they are: the member's in an archive, else the file's. */
async function arraysOf(
  bytes: Uint8Array<ArrayBuffer>,
  { path }: DataFile,
  inflate: Inflate,
): Promise<ReadonlyMap<string, AnyArray>> {
  if (/\.npz$/i.test(path)) return readNpz(bytes, path, inflate);
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? await unzipped(bytes, path, inflate) : bytes;
  const name = stem(path).replace(/\.gz$/i, "");
  if (isNpy(plain)) return new Map([[name.replace(/\.npy$/i, ""), readNpy(plain, path)]]);
  if (isIdx(plain)) return new Map([[name, readIdx(plain, path)]]);
  if (/\.safetensors$/i.test(path)) return tensorsOf(plain, path);
  throw dataError(path, "is no array that can be read. Save it as .npy, .npz, IDX, CSV or JSON lines.");
}

async function unzipped(bytes: Uint8Array<ArrayBuffer>, path: string, inflate: Inflate) {
  try {
    return await inflate(bytes, "gzip", MAX_FILE);
  } catch {
    throw dataError(path, "cannot be unpacked: it is damaged. Download it again.");
  }
}

async function tensorsOf(
  bytes: Uint8Array<ArrayBuffer>,
  path: string,
): Promise<ReadonlyMap<string, AnyArray>> {
  const file = await openModelFile(bytesSource(bytes), path);
  const arrays = new Map<string, AnyArray>();
  for (const { name, dtype, shape } of file.tensors.values()) {
    arrays.set(name, { shape, values: dtype === "u8" ? await file.bytes(name) : await file.load(name) });
  }
  return arrays;
}

function stem(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
