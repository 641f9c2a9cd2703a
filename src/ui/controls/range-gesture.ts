/**
 * What every slider does: drag, Shift = fine, Alt = coarse, arrows, PageUp and PageDown, Home and End,
 * double-click resets, and one gesture is one entry of the history.
 *
 * The props go on a native `<input type="range" step="any">`; the pointer is followed here, because the
 * browser's own dragging knows no fine and coarse.
 */
import { type ChangeEvent, type KeyboardEvent, type PointerEvent, useRef } from "react";
import { store } from "#app/store.ts";

export interface Range {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

export interface RangeGesture extends Range {
  readonly value: number;
  onChange(value: number): void;
  /** Double-click. */
  onReset?: (() => void) | undefined;
}

/** Steps that one coarse move takes, and parts that a fine one divides a step into. */
const TEN = 10;

/** The nearest multiple of `quantum` from min, inside [min, max], rounded to six decimals as recipes store it. */
export function snap(value: number, { min, max }: Range, quantum: number): number {
  const steps = Math.round((value - min) / quantum);
  const snapped = Math.min(max, Math.max(min, min + steps * quantum));
  return Math.round(snapped * 1e6) / 1e6;
}

/** Where a value lies on its track, 0…1. */
export function fractionOf(value: number, { min, max }: Range): number {
  return max > min ? Math.min(1, Math.max(0, (value - min) / (max - min))) : 0;
}

/** The value that a key moves to, or undefined for any other key. */
export function valueOfKey(
  { key, shiftKey, altKey }: Pick<KeyboardEvent, "key" | "shiftKey" | "altKey">,
  value: number,
  range: Range,
): number | undefined {
  const { min, max, step } = range;
  const quantum = shiftKey ? step / TEN : altKey ? step * TEN : step;
  if (key === "ArrowRight" || key === "ArrowUp") return snap(value + quantum, range, quantum);
  if (key === "ArrowLeft" || key === "ArrowDown") return snap(value - quantum, range, quantum);
  if (key === "PageUp") return snap(value + TEN * step, range, step);
  if (key === "PageDown") return snap(value - TEN * step, range, step);
  if (key === "Home") return min;
  if (key === "End") return max;
  return undefined;
}

interface Drag {
  x: number;
  value: number;
  fine: boolean;
  readonly width: number;
}

/** The props of a native range input that behaves as above. `thumb` = width of its thumb in pixels. */
export function useRangeGesture({ value, onChange, onReset, ...range }: RangeGesture, thumb = 14) {
  const drag = useRef<Drag | undefined>(undefined);
  const isKeyHeld = useRef(false);
  const { min, max, step } = range;

  const move = (next: number) => {
    if (next !== value) onChange(next);
  };
  // Only a gesture of this slider: its blur also comes when another one has just been pressed.
  const finish = () => {
    if (drag.current || isKeyHeld.current) store.getState().endGesture();
    drag.current = undefined;
    isKeyHeld.current = false;
  };

  return {
    type: "range",
    min,
    max,
    step: "any",
    value,
    onChange: (event: ChangeEvent<HTMLInputElement>) =>
      move(snap(event.currentTarget.valueAsNumber, range, step / TEN)),
    onDoubleClick: onReset,

    onPointerDown(event: PointerEvent<HTMLInputElement>) {
      if (event.button !== 0) return;
      event.preventDefault();
      const input = event.currentTarget;
      input.focus({ preventScroll: true });
      input.setPointerCapture(event.pointerId);
      store.getState().beginGesture();
      const box = input.getBoundingClientRect();
      const width = Math.max(1, box.width - thumb);
      const thumbX = box.left + thumb / 2 + fractionOf(value, range) * width;
      // On the thumb: take it where it is. Beside it: bring it here.
      const isOnThumb = Math.abs(event.clientX - thumbX) <= thumb;
      const start = isOnThumb ? value : min + ((event.clientX - box.left - thumb / 2) / width) * (max - min);
      drag.current = { x: event.clientX, value: start, fine: event.shiftKey, width };
      if (!isOnThumb) move(snap(start, range, step));
    },
    onPointerMove(event: PointerEvent<HTMLInputElement>) {
      const from = drag.current;
      if (!from) return;
      // The panes' own listener on the document measures every border at each move: a forced layout per event.
      event.stopPropagation();
      if (from.fine !== event.shiftKey)
        Object.assign(from, { x: event.clientX, value, fine: event.shiftKey });
      const gain = ((max - min) / from.width) * (from.fine ? 1 / TEN : 1);
      const quantum = from.fine ? step / TEN : event.altKey ? step * TEN : step;
      move(snap(from.value + (event.clientX - from.x) * gain, range, quantum));
    },
    onPointerUp: finish,
    onPointerCancel: finish,
    onLostPointerCapture: finish,

    onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
      const next = event.ctrlKey || event.metaKey ? undefined : valueOfKey(event, value, range);
      if (next === undefined) return;
      event.preventDefault();
      if (!isKeyHeld.current) store.getState().beginGesture();
      isKeyHeld.current = true;
      move(next);
    },
    onKeyUp() {
      if (isKeyHeld.current) finish();
    },
    onBlur: finish,
  } as const;
}
