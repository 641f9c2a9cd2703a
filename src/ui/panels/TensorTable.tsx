import { type Ref, useImperativeHandle, useMemo, useRef } from "react";
import type { TensorCard } from "#core/summary.ts";
import type { TableLayout } from "../tensor-layout.ts";
import type { TableLine } from "../tensor-rows.ts";
import { TensorBlockRow } from "./TensorBlockRow.tsx";
import { TensorHeader } from "./TensorHeader.tsx";
import type { ShownExpert } from "./TensorHistogramCell.tsx";
import { TensorRow } from "./TensorRow.tsx";
import styles from "./TensorTable.module.css";
import { TensorTip } from "./TensorTip.tsx";
import { useGridActions } from "./tensor-grid-actions.ts";
import { headerHeight, lineKey, useGridFocus } from "./tensor-grid-focus.ts";
import { TensorTextContext, useProvidedText } from "./tensor-text.ts";

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
  const text = useProvidedText();
  const scroller = useRef<HTMLDivElement>(null);
  const focus = useGridFocus(scroller, lines, layout.columns.length);
  const actions = useGridActions({ ...props, focus });
  const { everyExpert } = text.words;
  const rateNames = useMemo(() => rateNamesOf(layout, experts, everyExpert), [layout, experts, everyExpert]);

  useImperativeHandle(ref, () => ({ reveal: focus.reveal }), [focus.reveal]);

  return (
    <TensorTextContext value={text}>
      <div ref={scroller} className={styles.scroller} data-wide={layout.isWide || undefined}>
        <table
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells are widgets is a grid
          role="grid"
          aria-label={text.words.grid}
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
    </TensorTextContext>
  );
}

function gridStyle({ template, width }: TableLayout) {
  const style: Record<`--${string}`, string> = { "--columns": template, "--least": `${width}px` };
  return style;
}

/** What each rate column is called in its cells' labels, by column key. */
function rateNamesOf(
  { columns }: TableLayout,
  experts: readonly ShownExpert[],
  everyExpert: string,
): ReadonlyMap<string, string> {
  const names = columns.map(({ key, experts: [only, ...others] }): readonly [string, string] => {
    if (others.length > 0) return [key, everyExpert];
    return [key, experts.find(({ id }) => id === only)?.label ?? only ?? ""];
  });
  return new Map(names);
}
