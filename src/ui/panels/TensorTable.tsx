import { type Ref, useImperativeHandle, useMemo, useRef } from "react";
import { useApp } from "#app/store.ts";
import type { TensorCard } from "#core/summary.ts";
import type { TableLayout } from "../tensor-layout.ts";
import type { TableLine } from "../tensor-rows.ts";
import { useWords } from "../words.ts";
import { TensorBlockRow } from "./TensorBlockRow.tsx";
import { TensorHeader } from "./TensorHeader.tsx";
import type { ShownExpert } from "./TensorHistogramCell.tsx";
import { TensorRow } from "./TensorRow.tsx";
import styles from "./TensorTable.module.css";
import { TensorTip } from "./TensorTip.tsx";
import { useGridActions } from "./tensor-grid-actions.ts";
import { headerHeight, lineKey, useGridFocus } from "./tensor-grid-focus.ts";
import { tensorWords } from "./tensor-words.ts";

export interface TensorTableHandle {
  /** Scrolls to a tensor, if the filter shows it. */
  reveal(name: string): void;
}

interface Props {
  readonly lines: readonly TableLine[];
  readonly layout: TableLayout;
  /** All experts of the columns, and those whose histogram and norm are shown. */
  readonly experts: readonly ShownExpert[];
  readonly shownExperts: readonly ShownExpert[];
  readonly sortExperts: readonly string[];
  readonly ref: Ref<TensorTableHandle>;
  onSortRate(experts: readonly string[]): void;
  onMore(card: TensorCard, anchor: HTMLElement): void;
}

/** The grid of tensors: only the rows in view exist, and the focused one. */
export function TensorTable(props: Props) {
  const { lines, layout, experts, shownExperts, sortExperts, ref } = props;
  const words = useWords(tensorWords);
  const multiple = useApp((state) => state.selection.length);
  const scroller = useRef<HTMLDivElement>(null);
  const focus = useGridFocus(scroller, lines, layout.columns.length);
  const actions = useGridActions({ ...props, focus });
  const rateNames = useRateNames(layout, experts);

  useImperativeHandle(ref, () => ({ reveal: focus.reveal }), [focus.reveal]);

  return (
    <div ref={scroller} className={styles.scroller} data-selecting={multiple > 1 || undefined}>
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells are widgets is a grid
        role="grid"
        aria-label={words.grid}
        aria-rowcount={lines.length + 1}
        aria-multiselectable
        className={styles.grid}
        style={gridStyle(layout)}
        onKeyDown={actions.onKeyDown}
        onClick={actions.onClick}
        onFocus={focus.onFocus}
      >
        <thead>
          <TensorHeader
            layout={layout}
            experts={experts}
            sortExperts={sortExperts}
            activeColumn={focus.place.line === -1 ? focus.place.column : undefined}
          />
        </thead>
        <tbody style={{ blockSize: focus.height }}>
          {focus.items.map(({ index, start }) => {
            const line = lines[index];
            if (!line) return null;
            const place = { line: index, top: start - headerHeight };
            const activeColumn = index === focus.place.line ? focus.place.column : undefined;
            if (line.kind === "block") {
              return (
                <TensorBlockRow
                  key={lineKey(line)}
                  {...place}
                  block={line}
                  isActive={activeColumn !== undefined}
                />
              );
            }
            return (
              <TensorRow
                key={lineKey(line)}
                {...place}
                card={line.card}
                layout={layout}
                experts={shownExperts}
                rateNames={rateNames}
                activeColumn={activeColumn}
              />
            );
          })}
        </tbody>
      </table>
      <TensorTip scroller={scroller} />
    </div>
  );
}

function gridStyle({ template, width }: TableLayout) {
  const style: Record<`--${string}`, string> = { "--columns": template, "--least": `${width}px` };
  return style;
}

/** What each rate column is called in its cells' labels. */
function useRateNames(layout: TableLayout, experts: readonly ShownExpert[]): ReadonlyMap<string, string> {
  const { everyExpert } = useWords(tensorWords);
  return useMemo(
    () =>
      new Map(
        layout.columns
          .map(({ key, experts: ids }) => {
            const [only] = ids;
            const label = ids.length === 1 ? experts.find(({ id }) => id === only)?.label : undefined;
            return [key, label ?? only ?? ""] as const;
          })
          .map(([key, label]) => [key, label === "" ? everyExpert : label] as const),
      ),
    [layout, experts, everyExpert],
  );
}
