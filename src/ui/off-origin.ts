/** Counts what this page asked of other origins: the browser's own record of loads, and what the policy blocked. */
import { useSyncExternalStore } from "react";

let count = 0;
let isWatching = false;
const listeners = new Set<() => void>();

/** Requests off this origin since the page was opened. */
export function useOffOriginRequests(): number {
  return useSyncExternalStore(subscribe, () => count);
}

/** True for a URL that leaves this origin; data and blob URLs stay. */
export function isOffOrigin(address: string, origin: string): boolean {
  if (/^(data|blob|about):/.test(address)) return false;
  return URL.canParse(address, origin) && new URL(address, origin).origin !== origin;
}

function subscribe(listener: () => void): () => void {
  watch();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function watch(): void {
  if (isWatching) return;
  isWatching = true;
  new PerformanceObserver((list) => {
    add(list.getEntries().filter((entry) => isOffOrigin(entry.name, location.origin)).length);
  }).observe({ type: "resource", buffered: true });
  document.addEventListener("securitypolicyviolation", ({ blockedURI }) => {
    if (/^https?:/.test(blockedURI) && isOffOrigin(blockedURI, location.origin)) add(1);
  });
}

function add(more: number): void {
  if (more === 0) return;
  count += more;
  for (const listener of listeners) listener();
}
