import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import {
  type FocusEvent,
  type RefObject,
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import type { TableLine } from "../tensor-rows.ts";
import type { GridPlace } from "./tensor-keys.ts";

/** CSS pixels; the style sheet has the same. A finger gets larger rows. */
export const headerHeight = 28;
const heights = { tensor: 30, block: 26 };
const coarseHeights = { tensor: 40, block: 32 };

/** Rows mounted beyond the visible ones, each way. */
const OVERSCAN = 4;

export type GridFocus = ReturnType<typeof useGridFocus>;

/** A line's identity: survives sorting and filtering. */
export function lineKey(line: TableLine): string {
  return line.kind === "tensor" ? line.card.name : `${line.block} ${line.names[0]}`;
}

/**
 * Virtual rows with one cell that Tab reaches (roving tabindex). The row of that cell stays mounted wherever the
 * table is scrolled to, so focus is never lost.
 */
export function useGridFocus(
  scroller: RefObject<HTMLDivElement | null>,
  lines: readonly TableLine[],
  columns: number,
) {
  const [active, setActive] = useState<{ readonly key: string; readonly column: number }>({
    key: "",
    column: 0,
  });
  const wantsFocus = useRef(false);
  // −1, the header, until something is focused and where the filter hides what was.
  const line = useMemo(() => lines.findIndex((entry) => lineKey(entry) === active.key), [lines, active.key]);
  const place: GridPlace = { line, column: Math.min(active.column, columns - 1) };
  const [sizes] = useState(() => (matchMedia("(pointer: coarse)").matches ? coarseHeights : heights));

  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => sizes[lines[index]?.kind ?? "tensor"],
    getItemKey: useCallback((index: number) => keyAt(lines, index), [lines]),
    overscan: OVERSCAN,
    scrollMargin: headerHeight,
    scrollPaddingStart: headerHeight,
    useFlushSync: false,
    rangeExtractor: useCallback((range: Range) => withLine(range, line), [line]),
  });

  const moveTo = useCallback(
    (next: GridPlace) => {
      wantsFocus.current = true;
      setActive({ key: keyAt(lines, next.line), column: next.column });
      if (next.line >= 0) virtualizer.scrollToIndex(next.line, { align: "auto" });
    },
    [lines, virtualizer],
  );

  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    const row = scroller.current?.querySelector(`[data-line="${place.line}"]`);
    const cell =
      row?.querySelector<HTMLElement>(`[data-column="${place.column}"]`) ??
      row?.querySelector<HTMLElement>("[data-column]");
    cell?.focus({ preventScroll: place.line >= 0 });
    cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  const reveal = useCallback(
    (name: string) => {
      const index = lines.findIndex((entry) => entry.kind === "tensor" && entry.card.name === name);
      if (index < 0) return;
      setActive({ key: name, column: 0 });
      virtualizer.scrollToIndex(index, { align: "center" });
    },
    [lines, virtualizer],
  );

  const onFocus = useCallback(
    (event: FocusEvent) => {
      const found = placeOf(event.target);
      if (found) setActive((former) => samePlace(former, keyAt(lines, found.line), found.column));
    },
    [lines],
  );

  const items = virtualizer.getVirtualItems();
  /** Rows that PageUp and PageDown move by. Measured when asked for: in a render it would force a layout. */
  const page = () => {
    const height = (scroller.current?.clientHeight ?? 0) - headerHeight;
    return Math.max(1, Math.floor(height / sizes.tensor) - 1);
  };
  return { place, items, height: virtualizer.getTotalSize(), page, moveTo, reveal, onFocus };
}

/** Line and column of the cell that an element is in. */
export function placeOf(target: EventTarget): GridPlace | undefined {
  if (!(target instanceof Element)) return undefined;
  const row = target.closest<HTMLElement>("[data-line]");
  const cell = target.closest<HTMLElement>("[data-column]");
  if (!row || !cell) return undefined;
  return { line: Number(row.dataset.line), column: Number(cell.dataset.column) };
}

function keyAt(lines: readonly TableLine[], index: number): string {
  const line = lines[index];
  return line ? lineKey(line) : "";
}

function samePlace(former: { readonly key: string; readonly column: number }, key: string, column: number) {
  return former.key === key && former.column === column ? former : { key, column };
}

/** The range with the active line, in order. */
function withLine(range: Range, line: number): number[] {
  const shown = defaultRangeExtractor(range);
  if (line < 0 || line >= range.count || shown.includes(line)) return shown;
  return line < (shown[0] ?? 0) ? [line, ...shown] : [...shown, line];
}
