/** A zoo family behind an address. */
import { bytesSource } from "#core/formats/format.ts";
import { safetensors } from "#core/formats/safetensors.ts";
import { type FamilyFiles, ownerOf, parseZooJson, zooFamily } from "#core/zoo.ts";
import { type FetchOptions, fetchBytes, fetchText } from "./zoo-files.ts";

/**
 * Opens a family by the address of its family.json, or of the folder (with a slash at its end).
 *
 * The signal is heeded until the family is open; later reads belong to whoever asks for them.
 *
 * @throws AppError zoo/unavailable
 */
export async function openFamily(address: string, options: FetchOptions = {}): Promise<FamilyFiles> {
  const url = new URL("family.json", address);
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
