/** One model in several safetensors files, with an index that says which file holds which tensor. */
import { z } from "zod";
import type { TensorSpec } from "../tensor/tensor.ts";
import { clip, fileError } from "./file-error.ts";
import { type ModelFile, piecesOf } from "./format.ts";

/** A name beside the index: no folder, no way up. */
const shardName = z.string().regex(/^[^/\\]{1,255}$/, "the name of a file beside the index");
const schema = z.object({ weight_map: z.record(z.string(), shardName) });

/** Longest index that is read: some 100 characters per tensor. */
const MAX_INDEX = 100_000_000;
/** A model in more pieces than this has a damaged index. */
const MAX_SHARDS = 10_000;

/** "model-00002-of-00003.safetensors": stem, number and count. */
const PART = /^(.*)-(\d{1,6})-of-(\d{1,6})\.safetensors$/i;

/** What a part's name says of it, if it is one: whose it is, which, and of how many. */
export function partOf(
  name: string,
): { readonly stem: string; readonly number: number; readonly count: number } | undefined {
  const [, stem, number, count] = PART.exec(name) ?? [];
  return stem === undefined ? undefined : { stem, number: Number(number), count: Number(count) };
}

/**
 * Opens the model of an index (`model.safetensors.index.json`); tensors in the order of the shards' names, then as each
 * shard holds them. Tensors that the index does not list are no part of the model.
 *
 * @param open opens a shard beside the index; undefined where there is none of that name
 * @throws AppError file/malformed when the index cannot be read, a shard lacks what it should hold or holds another's;
 *   file/unreadable when one is missing
 */
export async function openSharded(
  name: string,
  text: string,
  open: (shard: string) => Promise<ModelFile | undefined>,
): Promise<ModelFile> {
  const map = readIndex(name, text);
  const shards = [...new Set(map.values())].sort();
  if (shards.length > MAX_SHARDS) throw damaged(name, `it names ${shards.length} files`);
  const files = new Map<string, ModelFile>();
  for (const shard of shards) {
    const file = await open(shard);
    if (!file) throw missingShard(name, shard, shards.length);
    files.set(shard, file);
  }
  const model = united(name, files, (tensor) => map.has(tensor));
  for (const [tensor, shard] of map) {
    if (!files.get(shard)?.tensors.has(tensor)) {
      throw damaged(name, `${clip(shard)} does not hold ${clip(tensor)}`);
    }
  }
  return model;
}

/**
 * Opens a model whose parts came without an index: all that they hold, in the order of their numbers.
 *
 * @param parts by file name, such as "model-00002-of-00003.safetensors"
 * @throws AppError file/unreadable when a part is missing, file/malformed when two hold one tensor
 */
export function openParts(name: string, parts: ReadonlyMap<string, ModelFile>): ModelFile {
  const found = [...parts].map(([file, part]) => ({ file, part, number: partOf(file)?.number ?? 0 }));
  found.sort((a, b) => a.number - b.number);
  const { stem = "", count = 0 } = partOf(found[0]?.file ?? "") ?? {};
  for (let number = 1; number <= count; number++) {
    if (found[number - 1]?.number !== number) throw missingShard(name, partName(stem, number, count), count);
  }
  return united(name, new Map(found.map(({ file, part }) => [file, part])), () => true);
}

function partName(stem: string, number: number, count: number): string {
  const [own, all] = [number, count].map((n) => String(n).padStart(5, "0"));
  return `${stem}-${own}-of-${all}.safetensors`;
}

/** One file of several. @throws AppError file/malformed for a wanted tensor that is in two of them */
function united(
  name: string,
  files: ReadonlyMap<string, ModelFile>,
  isWanted: (tensor: string) => boolean,
): ModelFile {
  const homes = new Map<string, ModelFile>();
  const tensors = new Map<string, TensorSpec>();
  for (const [shard, file] of files) {
    for (const [tensor, spec] of file.tensors) {
      if (!isWanted(tensor)) continue;
      if (homes.has(tensor)) throw damaged(name, `${clip(shard)} holds ${clip(tensor)} once more`);
      homes.set(tensor, file);
      tensors.set(tensor, spec);
    }
  }
  const home = (tensor: string): ModelFile => {
    const file = homes.get(tensor);
    if (!file) throw new Error(`no tensor ${tensor} in ${name}`);
    return file;
  };
  return {
    format: "safetensors",
    name,
    tensors,
    metadata: files.values().next().value?.metadata ?? new Map(),
    bytes: (tensor) => home(tensor).bytes(tensor),
    pieces: (tensor) => piecesOf(home(tensor), tensor),
    load: (tensor) => home(tensor).load(tensor),
  };
}

/** Which file holds each tensor. */
function readIndex(name: string, text: string): ReadonlyMap<string, string> {
  if (text.length > MAX_INDEX) throw damaged(name, "it is too long for an index");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged(name, "it is no JSON");
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw damaged(name, `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "does not fit"}`);
  }
  return new Map(Object.entries(result.data.weight_map));
}

function damaged(name: string, what: string) {
  return fileError(
    "file/malformed",
    name,
    `does not make one model of several files: ${what}. Download it again.`,
  );
}

function missingShard(name: string, shard: string, count: number) {
  return fileError(
    "file/unreadable",
    name,
    `is a model in ${count} files, and ${clip(shard)} is missing. Drop all of them together, or their folder.`,
    { missing: clip(shard) },
  );
}
