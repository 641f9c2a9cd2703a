import { type PointerEvent, useLayoutEffect, useMemo, useRef, useState } from "react";
import { store, useApp } from "#app/store.ts";
import type { TensorCard } from "#core/summary.ts";
import styles from "./SeamMap.module.css";
import { SeamMapCell } from "./SeamMapCell.tsx";
import { usePixelRatio, useSeamColours } from "./seam-map-colours.ts";
import type { SeamPlace } from "./seam-map-describe.ts";
import { columnAt, type SeamColumns, type SeamValues } from "./seam-map-model.ts";
import { createSeamPainter, type SeamGeometry, seamHeight } from "./seam-map-paint.ts";

interface Props {
  readonly tensors: readonly TensorCard[];
  readonly map: SeamValues;
  readonly columns: SeamColumns;
  readonly geometry: SeamGeometry;
  describe(place: SeamPlace): string;
  /** What the pointer or the keyboard is at. */
  onPoint(place: SeamPlace | undefined): void;
  onReveal(name: string): void;
}

/** Both columns included; `to` may lie before `from`. */
interface Brush {
  readonly from: number;
  readonly to: number;
}

/** The canvas with what can be done on it: a click selects a tensor, a brush a range, the keyboard moves a cell. */
export function SeamMapStage(props: Props) {
  const { tensors, map, columns, geometry, onPoint, onReveal } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const [brush, setBrush] = useState<Brush>();
  const [active, setActive] = useState<SeamPlace>({ row: 0, column: 0 });
  usePainting(canvas, probe, props, brush);

  function placeAt(event: PointerEvent<HTMLCanvasElement>): SeamPlace {
    const box = event.currentTarget.getBoundingClientRect();
    const y = event.clientY - box.top;
    const row = Math.floor(y / (geometry.rowHeight + geometry.rowGap));
    return {
      row: Math.min(map.rows - 1, Math.max(0, row)),
      column: columnAt(columns, event.clientX - box.left),
    };
  }

  function select({ from, to }: Brush, adds: boolean) {
    const names = tensors.slice(Math.min(from, to), Math.max(from, to) + 1).map(({ name }) => name);
    store.getState().select(names, adds ? (names.length === 1 ? "toggle" : "add") : "replace");
    const name = tensors[to]?.name;
    if (name !== undefined) onReveal(name);
  }

  return (
    <>
      <span ref={probe} className={styles.probe} aria-hidden />
      <canvas
        ref={canvas}
        className={styles.canvas}
        style={{ inlineSize: geometry.width, blockSize: seamHeight(map.rows, geometry) }}
        aria-hidden
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          const { column } = placeAt(event);
          setBrush({ from: column, to: column });
        }}
        onPointerMove={(event) => {
          const place = placeAt(event);
          onPoint(place);
          if (brush && brush.to !== place.column) setBrush({ ...brush, to: place.column });
        }}
        onPointerUp={(event) => {
          if (!brush) return;
          setBrush(undefined);
          setActive(placeAt(event));
          select(brush, event.ctrlKey || event.metaKey || event.shiftKey);
        }}
        onPointerCancel={() => setBrush(undefined)}
        onPointerLeave={() => onPoint(undefined)}
      />
      <SeamMapCell
        {...{ map, columns, geometry, active, onPoint }}
        describe={props.describe}
        onMove={(next, from) => {
          setActive(next);
          if (from !== undefined) select({ from, to: next.column }, false);
        }}
        onSelect={(adds) => select({ from: active.column, to: active.column }, adds)}
      />
    </>
  );
}

function usePainting(
  canvas: React.RefObject<HTMLCanvasElement | null>,
  probe: React.RefObject<HTMLElement | null>,
  { tensors, map, columns, geometry }: Props,
  brush: Brush | undefined,
): void {
  const paint = useMemo(createSeamPainter, []);
  const colours = useSeamColours(probe);
  const ratio = usePixelRatio();
  const selection = useApp((state) => state.selection);
  const selected = useMemo(() => {
    const names = new Set(selection);
    const marks = Uint8Array.from(tensors, ({ name }) => Number(names.has(name)));
    if (brush) marks.fill(1, Math.min(brush.from, brush.to), Math.max(brush.from, brush.to) + 1);
    return marks;
  }, [tensors, selection, brush]);

  useLayoutEffect(() => {
    if (canvas.current && colours)
      paint(canvas.current, { map, columns, geometry, colours, selected }, ratio);
  }, [canvas, paint, map, columns, geometry, colours, selected, ratio]);
}
