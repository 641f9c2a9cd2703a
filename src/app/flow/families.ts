/** The zoo's families: which there are, where they lie, and what they show before any worker answers. */
import { parseRecipe } from "#core/recipe/parse.ts";
import type { ShippedResults } from "#core/shipped.ts";
import { parseZooJson, zooIndex } from "#core/zoo.ts";
import type { FamilyEntry } from "../slices/library.ts";

/** Relative, so that the app works from any folder of a host. */
const ZOO = new URL("zoo/", document.baseURI);
const INDEX = "index.json";

/** Returns the absolute address of a family's file. */
export function familyAddress(id: string, file = "family.json"): string {
  return new URL(`${id}/${file}`, ZOO).href;
}

/** The zoo's list; empty where it cannot be read, since the first family opens without it. */
export async function fetchFamilies(): Promise<readonly FamilyEntry[]> {
  try {
    const response = await fetch(new URL(INDEX, ZOO));
    return response.ok ? parseZooJson(zooIndex, await response.text(), INDEX).families : [];
  } catch {
    return [];
  }
}

/** A family's shipped results, or undefined where it has none or they cannot be read. */
export async function fetchShipped(id: string): Promise<ShippedResults | undefined> {
  try {
    const response = await fetch(familyAddress(id, "results.json"));
    if (!response.ok) return undefined;
    const results: ShippedResults = await response.json();
    return results.version === 1 ? { ...results, recipe: parseRecipe(results.recipe) } : undefined;
  } catch {
    return undefined;
  }
}
