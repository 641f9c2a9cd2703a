/** What parameters are at every tensor, and how a recipe says it: the usual number, and rules over the tensors that have another. */
import { storedDensity } from "../recipe/density.ts";
import type { Rule } from "../recipe/schema.ts";
import type { Given, Member, Reading } from "./reading.ts";
import { valueAt } from "./setting.ts";

/** Numbers of one parameter, in the order of the places. */
export type Values = readonly number[];

/** What a recipe can hold. */
const bounds: Readonly<Record<string, readonly [number, number]>> = {
  weight: [-2, 2],
  lambda: [-2, 2],
  density: [0, 1],
  gamma: [0, 0.5],
  epsilon: [0, 0.5],
};

/** The parameter at every tensor: the nearest setting that says something there, else mergekit's default, else `otherwise`. */
export function valuesOf(key: string, given: readonly Given[], reading: Reading, otherwise: number): Values {
  const { places, method } = reading;
  const usual = Number(method.defaults[key] ?? otherwise);
  const values = places.map((place) => {
    for (const { parameters } of given) {
      const found = valueAt(parameters?.[key], place);
      if (found !== undefined) return key === "density" ? Math.min(1, Number(found)) : Number(found) + 0;
    }
    return usual;
  });
  checkRange(key, values, given, reading);
  return values;
}

function checkRange(key: string, values: Values, given: readonly Given[], { say }: Reading): void {
  const [low, high] = bounds[key] ?? [-Infinity, Infinity];
  const stray = values.find((value) => !(value >= low && value <= high));
  if (stray === undefined) return;
  const owner = given.find(({ parameters }) => parameters?.[key] !== undefined);
  const message = `${key} is ${stray}; a recipe holds numbers from ${low} to ${high}.`;
  say("error", [...(owner?.path ?? []), "parameters", key], message);
}

/** The number that most tensors have, of equally many the first; `otherwise` without tensors. */
export function usualOf(values: Values, otherwise: number): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: readonly [number, number] = [otherwise, 0];
  for (const one of counts) if (one[1] > best[1]) best = one;
  return best[0];
}

/** One rule per number that is not the usual one, over the tensors that have it; for one expert, or for all. */
export function rulesFor(
  key: string,
  values: Values,
  usual: number,
  member: Pick<Member, "id"> | undefined,
  { places }: Reading,
): readonly Rule[] {
  const names = new Map<number, string[]>();
  values.forEach((value, i) => {
    const place = places[i];
    if (value !== usual && place) names.set(value, [...(names.get(value) ?? []), place.name]);
  });
  return [...names].map(([value, hit]) => ({
    match: hit.length === places.length ? {} : { names: hit },
    ...(member && { experts: [member.id] }),
    set: { [key]: value },
  }));
}

/** Tells where six decimals of a density keep another number of entries than mergekit's full number does. */
export function tellRounding(values: Values, { path }: Member, { places, say }: Reading): void {
  const moved = values.filter((value, i) => {
    const n = places[i]?.count ?? 0;
    return Math.floor(storedDensity(value) * n) !== Math.floor(value * n);
  }).length;
  if (moved === 0) return;
  const message = `A recipe holds six decimals of a density: in ${moved} tensors that is another number of entries.`;
  say("differs", [...path, "parameters", "density"], message);
}
