/** The tensor table's row model: which tensors are shown and in what order. Pure, over plain cards. */
import type { SortKey } from "#app/slices/view.ts";
import { compileGlob } from "#core/recipe/glob.ts";
import { type Role, roles } from "#core/recipe/schema.ts";
import type { TensorCard } from "#core/summary.ts";

export interface RowQuery {
  /** Words that a name must all contain, any case; or a glob when it has `*` or `?`. Empty = all. */
  readonly filter: string;
  readonly role: Role | undefined;
  readonly sort: { readonly key: SortKey; readonly descending: boolean };
}

/** What the table knows of a tensor beyond its card; undefined until measured, and then sorted last. */
type MeasuredKey = Extract<SortKey, "norm" | "conflict" | "cosine" | "density">;
export type Measure = (name: string, key: MeasuredKey) => number | undefined;

/** A line of the table: the heading of a block (in depth order only), or a tensor. */
export type TableLine =
  | {
      readonly kind: "block";
      readonly block: string;
      readonly names: readonly string[];
      readonly count: number;
    }
  | { readonly kind: "tensor"; readonly card: TensorCard };

const natural = new Intl.Collator("en", { numeric: true });

/** Tests names against the filter text. */
export function nameFilter(filter: string): (name: string) => boolean {
  const text = filter.trim();
  if (/[*?]/.test(text)) return compileGlob(text);
  const words = text.toLowerCase().split(/\s+/);
  return (name) => {
    const lower = name.toLowerCase();
    return words.every((word) => lower.includes(word));
  };
}

/** A glob for names that contain what this glob was meant for; undefined for plain words and for globs that are as wide. */
export function widerGlob(filter: string): string | undefined {
  const text = filter.trim();
  const core = text.replace(/^\*+|\*+$/g, "");
  const wider = `**${core}**`;
  return /[*?]/.test(text) && core !== "" && wider !== text ? wider : undefined;
}

/** The tensors that pass the query, sorted; equal ones stay in depth order. */
export function queryTensors(
  tensors: readonly TensorCard[],
  query: RowQuery,
  measure: Measure,
): readonly TensorCard[] {
  const passes = nameFilter(query.filter);
  const found = tensors.filter((card) => passes(card.name) && (!query.role || card.role === query.role));
  return sortTensors(found, query.sort, measure);
}

function sortTensors(
  tensors: readonly TensorCard[],
  { key, descending }: RowQuery["sort"],
  measure: Measure,
): readonly TensorCard[] {
  const sign = descending ? -1 : 1;
  const sorted = [...tensors].sort((a, b) => a.index - b.index);
  if (key === "depth") return descending ? sorted.reverse() : sorted;
  if (key === "name") return sorted.sort((a, b) => sign * natural.compare(a.name, b.name));

  const values = new Map(sorted.map((card) => [card, sortValue(card, key, measure)]));
  return sorted.sort((a, b) => {
    const x = values.get(a);
    const y = values.get(b);
    if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined);
    return sign * (x - y);
  });
}

function sortValue(
  card: TensorCard,
  key: Exclude<SortKey, "depth" | "name">,
  measure: Measure,
): number | undefined {
  if (key === "role") return roles.indexOf(card.role);
  if (key === "count") return card.count;
  return measure(card.name, key);
}

/** Tensors as lines, with a heading wherever a run of tensors of one block begins. */
export function groupByBlock(tensors: readonly TensorCard[]): readonly TableLine[] {
  const lines: TableLine[] = [];
  for (let from = 0; from < tensors.length; ) {
    const block = tensors[from]?.block ?? "";
    let to = from;
    while (to < tensors.length && tensors[to]?.block === block) to++;
    const run = tensors.slice(from, to);
    if (block !== "") {
      const count = run.reduce((sum, card) => sum + card.count, 0);
      lines.push({ kind: "block", block, names: run.map((card) => card.name), count });
    }
    for (const card of run) lines.push({ kind: "tensor", card });
    from = to;
  }
  return lines;
}

/** Lines without headings, for orders other than by depth. */
export function plainLines(tensors: readonly TensorCard[]): readonly TableLine[] {
  return tensors.map((card) => ({ kind: "tensor", card }));
}

/** The name's part that is its block, with its dot, and the rest: the block is written in grey. */
export function splitName(card: Pick<TensorCard, "name" | "block">): readonly [string, string] {
  const prefix = card.block === "" ? "" : `${card.block}.`;
  return card.name.startsWith(prefix) ? [prefix, card.name.slice(prefix.length)] : ["", card.name];
}

/** The names between two of a list, both included, in its order; only `to` when `from` is not in it. */
export function nameRange(names: readonly string[], from: string | undefined, to: string): readonly string[] {
  const a = from === undefined ? -1 : names.indexOf(from);
  const b = names.indexOf(to);
  if (a < 0 || b < 0) return [to];
  return names.slice(Math.min(a, b), Math.max(a, b) + 1);
}
