import fc from "fast-check";
import { expect, test } from "vitest";
import { selectPool } from "./select.ts";
import { selectStream } from "./select-stream.ts";

/** Few values, so that ties cross from one array to the next; zeros of both signs, subnormals and the largest. */
const value = fc.constantFrom(0, -0, 1, -1, 0.5, 1e-40, -1e-40, 3.4e38, 1 + 2 ** -20, -(1 + 2 ** -20));
const arrays = fc.array(fc.array(value, { maxLength: 12 }), { minLength: 1, maxLength: 5 });

test("cuts as the pool that is held whole does, tensor by tensor", async () => {
  await fc.assert(
    fc.asyncProperty(arrays, fc.double({ min: 0, max: 1, noNaN: true }), async (lists, share) => {
      const xs = lists.map((list) => Float32Array.from(list));
      const total = xs.reduce((sum, { length }) => sum + length, 0);
      const k = Math.floor(share * total);
      const stream = { lengths: xs.map(({ length }) => length), load: async (i: number) => xs[i] };
      expect(await selectStream(stream, k)).toEqual(selectPool(xs, k));
    }),
  );
});

test("refuses a count that the arrays do not have", async () => {
  const stream = { lengths: [2], load: async () => new Float32Array(2) };
  await expect(selectStream(stream, 3)).rejects.toThrow("k = 3 of 2");
});
