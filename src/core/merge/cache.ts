/** Keeps what was used last, up to a number of bytes. */
export interface Cache<V> {
  get(key: string): V | undefined;
  /** @param bytes what the value holds; a value larger than half the budget is not kept */
  set(key: string, value: V, bytes: number): void;
  /** Whether a value of that many bytes would be kept. */
  keeps(bytes: number): boolean;
  clear(): void;
  readonly bytes: number;
}

interface Entry<V> {
  readonly value: V;
  readonly bytes: number;
}

/** One half of a cache. */
interface Generation<V> {
  readonly entries: Map<string, Entry<V>>;
  bytes: number;
}

/**
 * A cache of two generations: what is used goes to the young one, and when that holds half of `budget` bytes it becomes
 * the old one, whose own entries are let go. So whatever was used within the last half budget is there, a hit writes
 * nothing, and no hit or miss costs more than a look-up (an ordered list of 20,000 entries cost 100 ms a merge).
 */
export function createCache<V>(budget: number): Cache<V> {
  const half = budget / 2;
  let young = emptyGeneration<V>();
  let old = emptyGeneration<V>();

  function put(key: string, entry: Entry<V>): void {
    remove(young, key);
    remove(old, key);
    if (entry.bytes > half) return;
    if (young.bytes + entry.bytes > half) {
      old = young;
      young = emptyGeneration();
    }
    young.entries.set(key, entry);
    young.bytes += entry.bytes;
  }

  return {
    get(key) {
      const entry = young.entries.get(key);
      if (entry) return entry.value;
      const aged = old.entries.get(key);
      if (aged) put(key, aged);
      return aged?.value;
    },
    set(key, value, bytes) {
      put(key, { value, bytes });
    },
    keeps: (bytes) => bytes <= half,
    clear() {
      young = emptyGeneration();
      old = emptyGeneration();
    },
    get bytes() {
      return young.bytes + old.bytes;
    },
  };
}

function emptyGeneration<V>(): Generation<V> {
  return { entries: new Map(), bytes: 0 };
}

function remove<V>(generation: Generation<V>, key: string): void {
  generation.bytes -= generation.entries.get(key)?.bytes ?? 0;
  generation.entries.delete(key);
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
