import { expect, it } from "vitest";
import { twin } from "#core/tensor/twin.ts";
import { kernelBits } from "#core/testing/kernel-bits.ts";
import { PINNED_BITS } from "#core/testing/pinned-bits.ts";
import { simdKernels } from "./simd.ts";

it("gives in a browser the bits that it gives in Node, plain and by SIMD", () => {
  expect(kernelBits(twin)).toEqual(PINNED_BITS);
  expect(kernelBits(simdKernels())).toEqual(PINNED_BITS);
});
