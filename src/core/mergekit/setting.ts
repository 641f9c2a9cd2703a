/**
 * What a mergekit parameter means at a tensor: its number, its gradient over depth, its first matching filter.
 * Source: arcee-ai/mergekit, mergekit/config.py `evaluate_setting`.
 */
import type { Setting } from "./config.ts";

/** A tensor as mergekit's parameters see it. */
export interface Place {
  readonly name: string;
  /** Entries. */
  readonly count: number;
  /** Where the layer stands, 0…1; 0 before the first layer, 1 after the last. */
  readonly t: number;
}

/** The value at a tensor; undefined where no filter fits. */
export function valueAt(
  setting: Setting | undefined,
  { name, t }: Pick<Place, "name" | "t">,
): number | boolean | undefined {
  if (setting === undefined || typeof setting === "number" || typeof setting === "boolean") return setting;
  for (const entry of setting) {
    if (typeof entry === "number")
      return interpolated(
        setting.filter((value) => typeof value === "number"),
        t,
      );
    const { filter, value } = entry;
    // A filter is part of a name, not a pattern: "layers.1" also means layers.10.
    if (filter && filter !== "*" && !name.includes(filter)) continue;
    return Array.isArray(value) ? interpolated(value, t) : value;
  }
  return undefined;
}

/** Piecewise linear over [0, 1] with equal distances. */
function interpolated(values: readonly number[], t: number): number {
  const position = t * (values.length - 1);
  const i = Math.min(values.length - 1, Math.max(0, Math.floor(position)));
  const next = values[Math.min(values.length - 1, i + 1)];
  const share = position - i;
  return (1 - share) * values[i] + share * next;
}

/** Filters of a setting that are part of no tensor's name. */
export function unusedFilters(setting: Setting | undefined, names: readonly string[]): readonly string[] {
  if (!Array.isArray(setting)) return [];
  return setting.flatMap((entry) => {
    if (typeof entry === "number" || !entry.filter || entry.filter === "*") return [];
    const { filter } = entry;
    return names.some((name) => name.includes(filter)) ? [] : [filter];
  });
}
