import { type RefObject, useLayoutEffect, useRef, useState } from "react";

/** The inner width of an element in whole CSS pixels, 0 until it is known; follows resizes of its pane. */
export function useWidth<E extends HTMLElement>(): readonly [RefObject<E | null>, number] {
  const ref = useRef<E>(null);
  const [width, setWidth] = useState(0);

  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => {
      // A chart behind its table has no box: it keeps the width it had.
      if (element.clientWidth > 0) setWidth(element.clientWidth);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);

  return [ref, width];
}
