import { useFormats } from "../format.ts";
import type { Cell, ChartTable } from "./csv.ts";
import styles from "./frame.module.css";

interface ChartTableViewProps {
  readonly table: ChartTable;
  readonly caption: string;
}

/** The numbers of a chart as a table; the first column names the row. */
export function ChartTableView({ table, caption }: ChartTableViewProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={styles.scroller} aria-label={caption} tabIndex={0}>
      <table className={styles.table}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <Row
              key={row.filter((cell) => typeof cell === "string").join("\n") || String(row[0])}
              row={row}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ row }: { readonly row: readonly Cell[] }) {
  const format = useFormats();
  const [name, ...cells] = row;
  const text = (cell: Cell) => (typeof cell === "number" ? format.number(cell) : (cell ?? "–"));
  return (
    <tr>
      <th scope="row">{text(name)}</th>
      {cells.map((cell, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: cells have no identity but their column
        <td key={i} data-number={typeof cell === "number"}>
          {text(cell)}
        </td>
      ))}
    </tr>
  );
}
