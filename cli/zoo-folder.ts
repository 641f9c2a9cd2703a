/** A zoo family in a folder on disk. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { bytesSource } from "#core/formats/format.ts";
import { safetensors } from "#core/formats/safetensors.ts";
import { type FamilyFiles, ownerOf, parseZooJson, zooFamily } from "#core/zoo.ts";
import { unreadable } from "./file-source.ts";
import { textOf } from "./open-path.ts";

/** Opens the family whose family.json lies in the folder of its id. @throws AppError zoo/unavailable, file/unreadable */
export async function openZooFolder(folder: string): Promise<FamilyFiles> {
  const file = join(folder, "family.json");
  const family = parseZooJson(zooFamily, await textOf(file), file);
  const bytes = async (path: string): Promise<Uint8Array<ArrayBuffer>> => {
    const place = join(folder, "..", ownerOf(family, path), path);
    const stored = await readFile(place).catch((error: unknown) => {
      throw unreadable(place, error);
    });
    return new Uint8Array(stored[0] === 0x1f && stored[1] === 0x8b ? gunzipSync(stored) : stored);
  };
  return { family, bytes, open: async (path) => safetensors.open(bytesSource(await bytes(path)), path) };
}
