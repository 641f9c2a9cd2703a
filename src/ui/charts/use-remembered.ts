import { useState } from "react";

/** A switch that survives a reload; where storage is forbidden it only forgets. */
export function useRemembered(key: string, initial: boolean): readonly [boolean, (value: boolean) => void] {
  const place = `kintsugi.open.${key}`;
  const [value, setValue] = useState(() => {
    try {
      const saved = localStorage.getItem(place);
      return saved === null ? initial : saved === "yes";
    } catch {
      return initial;
    }
  });
  const remember = (next: boolean) => {
    setValue(next);
    try {
      localStorage.setItem(place, next ? "yes" : "no");
    } catch {
      // Full or forbidden: nothing is lost but the memory of it.
    }
  };
  return [value, remember];
}
