import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesOf, createCache } from "./cache.ts";

test("keeps whatever was used within the last half of its budget, and no more than its budget", () => {
  const use = fc.record({ key: fc.constantFrom(..."abcdefgh"), bytes: fc.integer({ min: 0, max: 12 }) });
  fc.assert(
    fc.property(fc.array(use, { maxLength: 40 }), (uses) => {
      const cache = createCache<string>(20);
      const sizes = new Map<string, number>();
      const order: string[] = [];
      for (const { key, bytes } of uses) {
        if (cache.get(key) === undefined) {
          cache.set(key, key, bytes);
          sizes.set(key, bytes);
        }
        order.push(key);
        expect(cache.bytes).toBeLessThanOrEqual(20);
      }
      let recent = 0;
      for (const key of new Set(order.toReversed())) {
        recent += sizes.get(key) ?? 0;
        if (recent > 10) break;
        expect(cache.get(key)).toBe(key);
      }
    }),
  );
});

test("lets go of what has not been used for longer than that", () => {
  const cache = createCache<string>(4);
  for (const key of "abcdefg") cache.set(key, key, 1);
  expect([..."abcdefg"].filter((key) => cache.get(key))).toEqual(["e", "f", "g"]);
});

test("does not keep a value larger than half its budget", () => {
  const cache = createCache<string>(10);
  cache.set("a", "a", 5);
  cache.set("b", "b", 6);
  expect([cache.get("a"), cache.get("b"), cache.bytes]).toEqual(["a", undefined, 5]);
});

test("replaces a value and its size", () => {
  const cache = createCache<number>(10);
  cache.set("a", 1, 5);
  cache.set("a", 2, 4);
  expect([cache.get("a"), cache.bytes]).toEqual([2, 4]);
  cache.clear();
  expect([cache.get("a"), cache.bytes]).toEqual([undefined, 0]);
});

test("bytes of nested data count typed arrays, numbers and characters", () => {
  expect(bytesOf(new Float32Array(10))).toBe(40);
  expect(bytesOf(new Map([["ab", new Uint8Array(5)]]))).toBe(4 + 5);
  expect(bytesOf({ x: 1, y: [new Float64Array(2)] })).toBe(8 + 8 + 16);
  expect(bytesOf(undefined)).toBe(8);
});
