/** Parameters that are not one number for all tensors, as rules over those that they hit. */
import type { Rule } from "../recipe/schema.ts";
import type { Setting } from "./config.ts";
import type { Member, Reading } from "./reading.ts";
import { valueAt } from "./setting.ts";

/** The settings that may decide a parameter of an expert: its own, then the global one. */
export function settingsOf(
  key: string,
  { source }: Pick<Member, "source">,
  { config }: Reading,
): readonly Setting[] {
  return [source.parameters?.[key], config.parameters?.[key]].filter((setting) => setting !== undefined);
}

/** A parameter of an expert where it is one number for all tensors. */
export function plainValue(
  key: string,
  member: Pick<Member, "source">,
  reading: Reading,
): number | undefined {
  const { defaults } = reading.method;
  const [first] = settingsOf(key, member, reading);
  if (first === undefined) return key in defaults ? Number(defaults[key]) : undefined;
  return typeof first === "number" ? first : undefined;
}

/** The number of the first expert that has one for all tensors: the chain's own parameter; the others get rules. */
export function commonValue(key: string, members: readonly Member[], reading: Reading): number | undefined {
  return members.map((member) => plainValue(key, member, reading)).find((value) => value !== undefined);
}

/** One rule per expert, parameter and value, over the tensors that have it. */
export function rulesOf(members: readonly Member[], reading: Reading): readonly Rule[] {
  const { sparsifier, defaults } = reading.method;
  const own = ["gamma", "epsilon"].map((key) => [key, `${sparsifier?.id}.${key}`] as const);
  const keys = [
    ["weight", "weight"] as const,
    ...(sparsifier ? [["density", "density"] as const, ...own] : []),
  ];
  const known = keys.filter(([key]) => key === "weight" || key in defaults);
  return members.flatMap((member) =>
    known.flatMap(([key, ours]) => memberRules(member, key, ours, members, reading)),
  );
}

function memberRules(
  member: Member,
  key: string,
  ours: string,
  members: readonly Member[],
  reading: Reading,
): readonly Rule[] {
  const { places, method } = reading;
  const usual =
    key === "weight" ? (plainValue(key, member, reading) ?? 1) : commonValue(key, members, reading);
  const settings = settingsOf(key, member, reading);
  const names = new Map<number, string[]>();
  for (const place of places) {
    const found = settings.map((setting) => valueAt(setting, place)).find((value) => value !== undefined);
    const value = Number(found ?? method.defaults[key] ?? usual);
    if (value === usual) continue;
    names.set(value, [...(names.get(value) ?? []), place.name]);
  }
  return [...names].map(([value, hit]) => ({
    match: hit.length === places.length ? {} : { names: hit },
    experts: [member.id],
    set: { [ours]: value },
  }));
}
