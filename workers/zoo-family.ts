/** A family behind an address, or made of the user's files; with the tasks that were added to it. */
import { bytesSource } from "#core/formats/format.ts";
import { safetensors } from "#core/formats/safetensors.ts";
import { type FamilyFiles, ownerOf, parseZooJson, zooFamily } from "#core/zoo.ts";
import { openExtended } from "./added-tasks.ts";
import { openOwnFiles } from "./own-files.ts";
import type { FamilySource } from "./protocol/api.ts";
import { type FetchOptions, fetchBytes, fetchText } from "./zoo-files.ts";

/** Names a source: equal names, equal families. */
export function nameOf(source: FamilySource): string {
  return typeof source === "string" ? source : source.id;
}

/**
 * Opens a family. An address is that of its family.json, or of its folder (with a slash at its end).
 *
 * The signal is heeded until the family is open; later reads belong to whoever asks for them.
 *
 * @throws AppError zoo/unavailable; for own files model/no-base, data/malformed, eval/graph, file/…
 */
export async function openFamily(source: FamilySource, options: FetchOptions = {}): Promise<FamilyFiles> {
  if (typeof source !== "string") {
    if ("family" in source) return openExtended(source, (inner) => openFamily(inner, options));
    return openOwnFiles(source);
  }
  const url = new URL("family.json", source);
  const family = parseZooJson(zooFamily, await fetchText(url, options), url.pathname);
  const bytes = (path: string) => fetchBytes(new URL(`../${ownerOf(family, path)}/${path}`, url));
  return {
    family,
    bytes,
    async open(path) {
      return safetensors.open(bytesSource(await bytes(path)), path);
    },
  };
}
