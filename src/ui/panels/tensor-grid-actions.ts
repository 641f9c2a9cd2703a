import { type KeyboardEvent, type MouseEvent, useRef } from "react";
import { store, useApp } from "#app/store.ts";
import { setLocked, setTensorDensity } from "#core/recipe/edit-tensors.ts";
import type { TensorCard } from "#core/summary.ts";
import type { TableLayout } from "../tensor-layout.ts";
import { nameRange, type TableLine } from "../tensor-rows.ts";
import { isLocked } from "../tensor-sites.ts";
import { type GridFocus, placeOf } from "./tensor-grid-focus.ts";
import { type GridPlace, movePlace } from "./tensor-keys.ts";
import { type SelectHow, selectHow } from "./tensor-selection.ts";
import { nextSort } from "./tensor-sort.ts";

interface Props {
  readonly lines: readonly TableLine[];
  readonly layout: TableLayout;
  readonly focus: GridFocus;
  readonly sortExperts: readonly string[];
  onSortRate(experts: readonly string[]): void;
  onMore(card: TensorCard, anchor: HTMLElement): void;
}

/**
 * Clicks and keys of the whole grid, told apart by where they land: rows have no listeners of their own.
 *
 * Space selects, Ctrl-A selects all shown, Enter opens what the cell has, digits type a rate, Delete gives it back
 * to the rules, L locks, Escape leaves a slider, and then the selection.
 */
export function useGridActions({ lines, layout, focus, sortExperts, onSortRate, onMore }: Props) {
  const select = useApp((state) => state.select);
  const edit = useApp((state) => state.edit);
  const patchView = useApp((state) => state.patchView);
  const anchor = useRef<string>(undefined);
  const names = () => lines.flatMap((line) => (line.kind === "tensor" ? [line.card.name] : []));

  function selectLine(line: TableLine, how: SelectHow) {
    const own = line.kind === "tensor" ? [line.card.name] : line.names;
    if (how === "range" && line.kind === "tensor") {
      select(nameRange(names(), anchor.current, line.card.name), "replace");
      return;
    }
    anchor.current = own[0];
    select(own, how === "range" ? "add" : how);
  }

  function sortBy(column: number) {
    const { sort: key, kind, experts } = layout.columns[column] ?? {};
    if (!key || !experts) return;
    const isSameColumn = kind !== "rate" || experts.join(" ") === sortExperts.join(" ");
    patchView({ sort: nextSort(store.getState().sort, key, isSameColumn) });
    if (kind === "rate") onSortRate(experts);
  }

  function onClick(event: MouseEvent<HTMLElement>) {
    const found = placeOf(event.target);
    if (!found || !(event.target instanceof Element)) return;
    const more = event.target.closest<HTMLElement>("[data-more]");
    const line = lines[found.line];
    if (more && line?.kind === "tensor") onMore(line.card, more);
    if (event.target.closest("input, button")) return;
    if (found.line < 0) sortBy(found.column);
    else if (line) selectLine(line, selectHow(withPointer(event)));
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const found = placeOf(event.target);
    if (!found || !(event.target instanceof HTMLElement)) return;
    if (event.target.matches("input, button")) {
      if (event.key === "Escape") event.target.closest<HTMLElement>("[data-column]")?.focus();
      return;
    }
    const size = { lines: lines.length, columns: layout.columns.length, page: focus.page() };
    const next = event.shiftKey || event.altKey ? undefined : movePlace(event, found, size);
    if (next) focus.moveTo(next);
    if (next || act(event, event.target, found)) event.preventDefault();
  }

  /** True when the key did something. */
  function act(event: KeyboardEvent, cell: HTMLElement, { line, column }: GridPlace): boolean {
    const at = lines[line];
    const far = event.ctrlKey || event.metaKey;
    if (far && event.key.toLowerCase() === "a") select(names(), "replace");
    else if (event.key === "Escape") select([], "replace");
    else if (!at) return sortByKey(event.key, column);
    else if (event.key === " ") selectLine(at, event.shiftKey ? "range" : "toggle");
    else if (at.kind === "block" || far) return false;
    else return actOnTensor(event.key, cell, at.card, layout.columns[column]?.experts ?? []);
    return true;
  }

  function sortByKey(key: string, column: number): boolean {
    if (key === "Enter" || key === " ") sortBy(column);
    return key === "Enter" || key === " ";
  }

  function actOnTensor(
    key: string,
    cell: HTMLElement,
    { name }: TensorCard,
    experts: readonly string[],
  ): boolean {
    if (key === "Enter" || key === "F2") press(cell, "[data-edit], [data-more]");
    else if (key === "Delete" || key === "Backspace") {
      if (experts.length > 0) edit((recipe) => setTensorDensity(recipe, [name], experts, undefined));
    } else if (key.toLowerCase() === "l")
      edit((recipe) => setLocked(recipe, [name], !isLocked(recipe, name)));
    else {
      // The digit itself goes into the box that the press opens.
      if (/^[\d.,]$/.test(key)) press(cell, "[data-edit]");
      return false;
    }
    return true;
  }

  return { onClick, onKeyDown };
}

function press(cell: HTMLElement, selector: string): void {
  cell.querySelector<HTMLElement>(selector)?.click();
}

/** The event's keys, with what pointed, which clicks carry in newer browsers. */
function withPointer({ shiftKey, ctrlKey, metaKey, nativeEvent }: MouseEvent) {
  const pointerType = nativeEvent instanceof PointerEvent ? nativeEvent.pointerType : "mouse";
  return { shiftKey, ctrlKey, metaKey, pointerType };
}
