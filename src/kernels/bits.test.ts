import { expect, it } from "vitest";
import { twin } from "#core/tensor/twin.ts";
import { kernelBits } from "#core/testing/kernel-bits.ts";
import { PINNED_BITS } from "#core/testing/pinned-bits.ts";
import { simdKernels } from "./simd.ts";

it("gives pinned bits, plain and by SIMD, whatever a module has done before", () => {
  expect(kernelBits(twin)).toEqual(PINNED_BITS);
  const kernels = simdKernels();
  expect(kernelBits(kernels)).toEqual(PINNED_BITS);
  expect(kernelBits(kernels)).toEqual(PINNED_BITS);
});
