import { type ReactNode, useId, useState } from "react";
import { join } from "../controls/Button.tsx";
import { ChartMenu } from "./ChartMenu.tsx";
import { ChartTableView } from "./ChartTableView.tsx";
import type { ChartTable, Provenance } from "./csv.ts";
import { Disclosure } from "./Disclosure.tsx";
import styles from "./frame.module.css";
import { useWidth } from "./use-width.ts";

interface ChartFrameProps {
  /** Names the files it saves and the memory of whether it is open. */
  readonly id: string;
  readonly title: string;
  /** What is on the axis, and in what unit. */
  readonly unit: string;
  /** One sentence that says what the chart shows. */
  readonly summary: string;
  /** Keep the sentence for screen readers where the chart says the same beside its marks. */
  readonly isSummaryHidden?: boolean;
  /** What the reader must know of the numbers, after the sentence. */
  readonly note?: string;
  /** Its numbers, made only when somebody wants to see or save them. */
  readonly table: () => ChartTable;
  readonly origin: Provenance;
  /** Choices that belong to this chart alone; above it. */
  readonly controls?: ReactNode;
  /** Drawn once the width in pixels is known. */
  children(width: number): ReactNode;
}

/** A chart with its title, its sentence, its table, and ways to take it along. */
export function ChartFrame(props: ChartFrameProps) {
  const { id, title, unit, summary, isSummaryHidden, note, table, origin, controls, children } = props;
  const heading = useId();
  const [isTable, setTable] = useState(false);
  const [body, width] = useWidth<HTMLDivElement>();

  return (
    <Disclosure
      id={id}
      title={title}
      note={unit}
      headingId={heading}
      action={
        <ChartMenu
          title={title}
          unit={unit}
          id={id}
          body={body}
          table={table}
          origin={origin}
          isTable={isTable}
          onToggleTable={() => setTable(!isTable)}
        />
      }
    >
      {controls}
      <figure aria-labelledby={heading} className={styles.figure}>
        <div ref={body} hidden={isTable} className={styles.body}>
          {width > 0 ? children(width) : null}
        </div>
        {isTable ? <ChartTableView table={table()} caption={`${title}: ${unit}`} /> : null}
        <figcaption className={captionClass(isSummaryHidden ?? false, note !== undefined)}>
          <span className={isSummaryHidden ? "visually-hidden" : undefined}>{summary}</span> {note}
        </figcaption>
      </figure>
    </Disclosure>
  );
}

/** Room for what the caption says at its longest, so that charts below stay where they are. */
function captionClass(isSummaryHidden: boolean, hasNote: boolean): string {
  if (isSummaryHidden && !hasNote) return "visually-hidden";
  return join(styles.summary, !isSummaryHidden && hasNote && styles.long);
}
