import { useEffect, useState } from "react";

/** True once `isOn` has held for a while; false at once when it ends. So that short work shows no spinner. */
export function useDelayed(isOn: boolean, milliseconds = 300): boolean {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    if (!isOn) {
      setLate(false);
      return;
    }
    const timer = setTimeout(() => setLate(true), milliseconds);
    return () => clearTimeout(timer);
  }, [isOn, milliseconds]);
  return isOn && isLate;
}
