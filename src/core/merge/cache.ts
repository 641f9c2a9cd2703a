/** Keeps what was used last, up to a number of bytes. */
export interface Cache<V> {
  get(key: string): V | undefined;
  /** @param bytes what the value holds; a value larger than the whole budget is not kept */
  set(key: string, value: V, bytes: number): void;
  clear(): void;
  readonly bytes: number;
}

/** A cache that lets go of what was used longest ago when it would hold more than `budget` bytes. */
export function createCache<V>(budget: number): Cache<V> {
  // A Map keeps the order of insertion: first = used longest ago.
  const entries = new Map<string, { readonly value: V; readonly bytes: number }>();
  let held = 0;

  function drop(key: string): void {
    held -= entries.get(key)?.bytes ?? 0;
    entries.delete(key);
  }

  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    set(key, value, bytes) {
      drop(key);
      if (bytes > budget) return;
      entries.set(key, { value, bytes });
      held += bytes;
      for (const oldest of entries.keys()) {
        if (held <= budget) break;
        drop(oldest);
      }
    },
    clear() {
      entries.clear();
      held = 0;
    },
    get bytes() {
      return held;
    },
  };
}

/** Bytes that plain data, maps and typed arrays hold, roughly: 8 for every number, 2 for every character. */
export function bytesOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value === "string") return 2 * value.length;
  if (value === null || typeof value !== "object") return 8;
  const parts =
    value instanceof Map || value instanceof Set || Array.isArray(value)
      ? [...value.entries()].flat()
      : Object.values(value);
  return parts.reduce<number>((sum, part) => sum + bytesOf(part), 0);
}
