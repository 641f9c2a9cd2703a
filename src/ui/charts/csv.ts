/** Chart data as text: the same rows that the table view shows, with where they come from on every row. */

/** What a cell holds; undefined is an empty one. Fractions stay fractions. */
export type Cell = string | number | undefined;

export interface ChartTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Where a chart's numbers come from; written into every file that leaves it. */
export interface Provenance {
  readonly recipeKey: string;
  /** "validation, quick", say. */
  readonly sample: string;
}

/**
 * Returns RFC 4180 CSV with a header row.
 *
 * The recipe, the sample and the date are columns rather than comment lines, which many readers refuse.
 */
export function csvOf(table: ChartTable, { recipeKey, sample }: Provenance, date: Date): string {
  const header = [...table.columns, "recipe", "sample", "date"];
  const rows = table.rows.map((row) => [...row, recipeKey, sample, date.toISOString()]);
  return [header, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

function field(cell: Cell): string {
  if (cell === undefined) return "";
  if (typeof cell === "number") return Number.isFinite(cell) ? String(cell) : "";
  // A spreadsheet would run a label that starts like a formula.
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
