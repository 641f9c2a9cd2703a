import fc from "fast-check";
import { expect } from "vitest";

/** Properties draw the same cases in every run, so that a red run is about the change; another seed looks further. */
const DEFAULT_SEED = 20_261_122;
fc.configureGlobal({ seed: Number(import.meta.env.VITE_PROPERTY_SEED ?? DEFAULT_SEED) });

interface Tolerance {
  readonly rtol?: number;
  readonly atol?: number;
}

/** Compares numbers, alone or element by element: |a − b| ≤ atol + rtol · |b|; equal infinities and NaNs match. */
function toBeAllclose(
  got: number | ArrayLike<number>,
  wanted: number | ArrayLike<number>,
  { rtol = 1e-6, atol = 1e-7 }: Tolerance = {},
) {
  const received = typeof got === "number" ? [got] : got;
  const expected = typeof wanted === "number" ? [wanted] : wanted;
  const lengths = received.length === expected.length;
  let worst = -1;
  if (lengths) {
    for (let i = 0; i < expected.length; i++) {
      const a = received[i]!;
      const b = expected[i]!;
      if (!(Object.is(a, b) || Math.abs(a - b) <= atol + rtol * Math.abs(b))) {
        worst = i;
        break;
      }
    }
  }
  return {
    pass: lengths && worst < 0,
    message: () =>
      lengths
        ? `element ${worst}: ${received[worst]} is not close to ${expected[worst]} (rtol ${rtol}, atol ${atol})`
        : `lengths differ: ${received.length} and ${expected.length}`,
  };
}

expect.extend({ toBeAllclose });

declare module "vitest" {
  interface Assertion {
    toBeAllclose(expected: number | ArrayLike<number>, tolerance?: Tolerance): void;
  }
}
