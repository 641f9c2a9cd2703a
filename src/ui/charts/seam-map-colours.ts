import { type RefObject, useEffect, useLayoutEffect, useState } from "react";
import type { SeamColours } from "./seam-map-paint.ts";

/** Resolved token colours, read off a probe element whose style sheet names them; follows a change of theme. */
export function useSeamColours(probe: RefObject<HTMLElement | null>): SeamColours | undefined {
  const [colours, setColours] = useState<SeamColours>();

  useLayoutEffect(() => {
    if (probe.current) setColours(readColours(probe.current));
  }, [probe]);

  useEffect(() => {
    const read = () => {
      const element = probe.current;
      if (element) setColours((former) => same(former, readColours(element)));
    };
    const system = matchMedia("(prefers-color-scheme: dark)");
    const observer = new MutationObserver(read);
    observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    system.addEventListener("change", read);
    return () => {
      observer.disconnect();
      system.removeEventListener("change", read);
    };
  }, [probe]);

  return colours;
}

/** The probe's properties stand for tokens: see .probe in SeamMap.module.css. */
function readColours(element: HTMLElement): SeamColours {
  const style = getComputedStyle(element);
  return {
    low: style.backgroundColor,
    high: style.color,
    gold: style.borderTopColor,
    hatch: style.borderRightColor,
  };
}

function same(former: SeamColours | undefined, next: SeamColours): SeamColours {
  return former && JSON.stringify(former) === JSON.stringify(next) ? former : next;
}

/** Device pixels per CSS pixel; follows zoom and a move to another screen. */
export function usePixelRatio(): number {
  const [ratio, setRatio] = useState(() => devicePixelRatio);
  useEffect(() => {
    const query = matchMedia(`(resolution: ${ratio}dppx)`);
    const follow = () => setRatio(devicePixelRatio);
    query.addEventListener("change", follow);
    return () => query.removeEventListener("change", follow);
  }, [ratio]);
  return ratio;
}
