/** 16-bit floats to f32, exactly; bits equal those of src/core/tensor/half.ts. */
import { store } from "./lanes";

/** out = the bf16 patterns at `halves`. */
export function fromBfloat16(out: usize, halves: usize, n: i32): void {
  for (let i: usize = 0; i < <usize>n; i += 8) {
    const eight = v128.load(halves + (i << 1));
    store(out + (i << 2), i32x4.shl(i32x4.extend_low_i16x8_u(eight), 16));
    store(out + (i << 2) + 16, i32x4.shl(i32x4.extend_high_i16x8_u(eight), 16));
  }
}

/** out = the f16 patterns at `halves`. */
export function fromFloat16(out: usize, halves: usize, n: i32): void {
  for (let i: usize = 0; i < <usize>n; i += 8) {
    const eight = v128.load(halves + (i << 1));
    store(out + (i << 2), widen(i32x4.extend_low_i16x8_u(eight)));
    store(out + (i << 2) + 16, widen(i32x4.extend_high_i16x8_u(eight)));
  }
}

// @ts-ignore: a decorator of the compiler
@inline
function widen(half: v128): v128 {
  const sign = i32x4.shl(v128.and(half, i32x4.splat(0x8000)), 16);
  const rest = i32x4.shl(v128.and(half, i32x4.splat(0x7fff)), 13);
  const special = i32x4.eq(v128.and(half, i32x4.splat(0x7c00)), i32x4.splat(0x7c00));
  // Exact: moves the exponent's bias from 15 to 127, subnormals included.
  const finite = f32x4.mul(rest, f32x4.splat(5.192296858534828e33));
  const infinite = v128.or(rest, i32x4.splat(0x7f800000));
  return v128.or(sign, v128.bitselect(infinite, finite, special));
}
