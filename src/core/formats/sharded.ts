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

/**
 * Opens the model of an index (`model.safetensors.index.json`); tensors in the order of the shards' names, then as each
 * shard holds them. Tensors that the index does not list are no part of the model.
 *
 * @param open opens a shard beside the index
 * @throws AppError file/malformed when the index cannot be read or a shard lacks what it should hold
 */
export async function openSharded(
  name: string,
  text: string,
  open: (shard: string) => Promise<ModelFile>,
): Promise<ModelFile> {
  const map = readIndex(name, text);
  const shards = [...new Set(map.values())].sort();
  if (shards.length > MAX_SHARDS) throw damaged(name, `it names ${shards.length} files`);
  const homes = new Map<string, ModelFile>();
  const tensors: [string, TensorSpec][] = [];
  for (const shard of shards) {
    const file = await open(shard);
    for (const [tensor, spec] of file.tensors) {
      if (map.get(tensor) !== shard) continue;
      homes.set(tensor, file);
      tensors.push([tensor, spec]);
    }
  }
  const missing = [...map].find(([tensor]) => !homes.has(tensor));
  if (missing) throw damaged(name, `${clip(missing[1])} does not hold ${clip(missing[0])}`);
  const home = (tensor: string): ModelFile => {
    const file = homes.get(tensor);
    if (!file) throw new Error(`no tensor ${tensor} in ${name}`);
    return file;
  };
  return {
    format: "safetensors",
    name,
    tensors: new Map(tensors),
    metadata: homes.values().next().value?.metadata ?? new Map(),
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
    `is no index of a model in several files: ${what}. Download it again.`,
  );
}
