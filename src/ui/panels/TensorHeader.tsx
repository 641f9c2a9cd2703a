import { ArrowDown, ArrowUp } from "lucide-react";
import { memo } from "react";
import { useApp } from "#app/store.ts";
import { TaskMark } from "../controls/TaskMark.tsx";
import { Tip } from "../controls/Tip.tsx";
import type { Column, TableLayout } from "../tensor-layout.ts";
import { useWords } from "../words.ts";
import type { ShownExpert } from "./TensorHistogramCell.tsx";
import styles from "./TensorTable.module.css";
import { tensorWords } from "./tensor-words.ts";

interface Props {
  readonly layout: TableLayout;
  readonly experts: readonly ShownExpert[];
  readonly activeColumn: number | undefined;
  /** Experts whose rate orders the rows, when the rate does. */
  readonly sortExperts: readonly string[];
}

/** Column titles; a click or Enter sorts up, then down, then back to depth order. */
export const TensorHeader = memo(function TensorHeader(props: Props) {
  const { layout, experts, activeColumn, sortExperts } = props;
  const sort = useApp((state) => state.sort);
  const words = useWords(tensorWords);
  return (
    <tr aria-rowindex={1} className={styles.header} data-line={-1}>
      {layout.columns.map((column, i) => {
        const isSorted = sort.key === column.sort && isSameRate(column, sortExperts);
        const order = isSorted ? (sort.descending ? "descending" : "ascending") : "none";
        return (
          <Tip key={column.key} text={words.columnHelp[column.kind]} side="top">
            <th
              scope="col"
              tabIndex={i === activeColumn ? 0 : -1}
              aria-sort={column.sort ? order : undefined}
              className={styles.heading}
              data-kind={column.kind}
              data-column={i}
              data-sortable={column.sort === undefined ? undefined : ""}
            >
              <Title column={column} experts={experts} />
              {isSorted &&
                (sort.descending ? <ArrowDown size={12} aria-hidden /> : <ArrowUp size={12} aria-hidden />)}
            </th>
          </Tip>
        );
      })}
    </tr>
  );
});

function isSameRate(column: Column, sortExperts: readonly string[]): boolean {
  return column.kind !== "rate" || column.experts.join(" ") === sortExperts.join(" ");
}

function Title({ column, experts }: { column: Column; experts: readonly ShownExpert[] }) {
  const words = useWords(tensorWords);
  const [only] = column.experts;
  const expert = column.experts.length === 1 ? experts.find(({ id }) => id === only) : undefined;
  if (column.kind === "actions") return <span className="visually-hidden">{words.columns.actions}</span>;
  if (!expert) return <span className={styles.title}>{words.columns[column.kind]}</span>;
  return (
    <>
      <TaskMark index={expert.task} size={10} />
      <span className={styles.title}>
        {expert.label}
        <span className="visually-hidden"> {words.columns.rate}</span>
      </span>
    </>
  );
}
