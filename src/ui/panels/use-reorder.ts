import { type PointerEvent, type RefObject, useState } from "react";

/** A press that moves less is a click; pixels. */
const SLACK = 5;

interface Drag {
  readonly from: number;
  readonly x: number;
  readonly y: number;
  /** Place it would take if let go now; undefined before the slack is used up. */
  readonly to?: number;
}

/**
 * Dragging the chips of a list to another place, by mouse, pen or finger. Chips are the descendants with `data-chip`;
 * they may wrap over several lines.
 */
export function useReorder(list: RefObject<HTMLElement | null>, onMove: (from: number, to: number) => void) {
  const [drag, setDrag] = useState<Drag>();

  const handlers = (index: number) => ({
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button === 0) setDrag({ from: index, x: event.clientX, y: event.clientY });
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      if (!drag) return;
      const isDragging =
        drag.to !== undefined || Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > SLACK;
      if (!isDragging) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const to = nearestChip(list.current, event.clientX, event.clientY);
      if (to !== undefined && to !== drag.to) setDrag({ ...drag, to });
    },
    onPointerUp() {
      if (drag?.to !== undefined) onMove(drag.from, drag.to);
      setDrag(undefined);
    },
    onPointerCancel: () => setDrag(undefined),
  });

  return {
    handlers,
    /** Index of the chip that is dragged, and of the one whose place it would take. */
    dragged: drag?.to === undefined ? undefined : drag.from,
    target: drag?.to,
  };
}

function nearestChip(list: HTMLElement | null, x: number, y: number): number | undefined {
  const chips = Array.from(list?.querySelectorAll("[data-chip]") ?? [], (chip) =>
    chip.getBoundingClientRect(),
  );
  const distances = chips.map((box) => {
    const dy = Math.max(0, box.top - y, y - box.bottom);
    return Math.abs((box.left + box.right) / 2 - x) + 4 * dy;
  });
  const nearest = distances.indexOf(Math.min(...distances));
  return nearest < 0 ? undefined : nearest;
}
