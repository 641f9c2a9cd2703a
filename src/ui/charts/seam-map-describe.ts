import type { SeamQuantity } from "#app/slices/view.ts";
import type { TensorCard } from "#core/summary.ts";
import { type Formats, useFormats } from "../format.ts";
import { useWords } from "../words.ts";
import { type SeamValues, seamBlocks } from "./seam-map-model.ts";
import { type SeamWords, seamWords } from "./seam-map-words.ts";

export interface SeamRow {
  readonly id: string;
  readonly label: string;
  /** Position of its task; undefined for the row of all pairs. */
  readonly task: number | undefined;
}

export interface SeamPlace {
  readonly row: number;
  readonly column: number;
}

interface Source {
  readonly tensors: readonly TensorCard[];
  readonly rows: readonly SeamRow[];
  readonly map: SeamValues;
  readonly quantity: SeamQuantity;
}

/** A value of the map as text; "–" where nothing is known. */
export function seamNumber(value: number, quantity: SeamQuantity, format: Formats): string {
  if (Number.isNaN(value)) return "–";
  if (quantity === "density") return `${format.at(0.1, 100 * value)}\u202f%`;
  return quantity === "norm" ? format.number(value) : format.at(0.01, value);
}

/** Says what a cell holds, and what the whole map shows. */
export function useSeamText(source: Source) {
  const words = useWords(seamWords);
  const format = useFormats();
  return {
    cell: ({ row, column }: SeamPlace) => describeCell(source, row, column, words, format),
    summary: () => summarise(source, words, format),
  };
}

function describeCell(
  { tensors, rows, map, quantity }: Source,
  row: number,
  column: number,
  words: SeamWords,
  format: Formats,
): string {
  const value = map.values[row * map.columns + column] ?? Number.NaN;
  const number = seamNumber(value, quantity, format);
  const said = [
    Number.isNaN(value)
      ? words.notMeasured
      : quantity === "density"
        ? words.keptShare(number)
        : `${words.quantities[quantity]} ${number}`,
  ];
  if (map.byHand[row * map.columns + column]) said.push(words.byHand);
  if (map.fromBase[column]) said.push(words.fromBase);
  return words.seamCell(tensors[column]?.name ?? "", rows[row]?.label ?? "", said.join(", "));
}

/** Mean of a block's cells over some rows; NaN when none is known. */
export function blockMean(map: SeamValues, row: number, from: number, to: number): number {
  let sum = 0;
  let n = 0;
  for (let column = from; column < to; column++) {
    const value = map.values[row * map.columns + column] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += value;
    n++;
  }
  return n === 0 ? Number.NaN : sum / n;
}

function summarise({ tensors, rows, map, quantity }: Source, words: SeamWords, format: Formats): string {
  const parts = rows.map(({ label }, row) => {
    const mean = seamNumber(blockMean(map, row, 0, map.columns), quantity, format);
    return `${label} ${mean}`;
  });
  const blocks = seamBlocks(tensors).length;
  return words.seamSummary(words.quantityTitle[quantity], format.list(parts), format.count(blocks));
}
