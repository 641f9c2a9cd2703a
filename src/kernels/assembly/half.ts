/** 16-bit floats to f32, exactly; bits equal those of src/core/tensor/half.ts. */
import { load, store } from "./lanes";

/** out = the bf16 patterns at `halves`. */
export function fromBfloat16(out: usize, halves: usize, n: i32): void {
  for (let i: usize = 0; i < <usize>n; i += 8) {
    const eight = v128.load(halves + (i << 1));
    store(out + (i << 2), i32x4.shl(i32x4.extend_low_i16x8_u(eight), 16));
    store(out + (i << 2) + 16, i32x4.shl(i32x4.extend_high_i16x8_u(eight), 16));
  }
}

/** out = the f16 patterns at `halves`; both have room for 31 more. */
export function fromFloat16(out: usize, halves: usize, n: i32): void {
  for (const end = halves + (<usize>n << 1); halves < end; halves += 64, out += 128) {
    const a = load(halves);
    const b = v128.load(halves, 16);
    const c = v128.load(halves, 32);
    const d = v128.load(halves, 48);
    widen(out, a);
    widen(out + 32, b);
    widen(out + 64, c);
    widen(out + 96, d);
    const most = i16x8.max_s(i16x8.max_s(rest(a), rest(b)), i16x8.max_s(rest(c), rest(d)));
    if (!v128.any_true(i16x8.ge_s(most, i16x8.splat(0x7c00)))) continue;
    for (let at = out; at < out + 128; at += 16) store(at, special(load(at)));
  }
}

/** The bits without sign. */
// @ts-ignore: a decorator of the compiler
@inline
function rest(halves: v128): v128 {
  return v128.and(halves, i16x8.splat(0x7fff));
}

/** Stores eight values; of infinities and NaNs, those that have their mantissa and sign, and are 2¹⁶ or more. */
// @ts-ignore: a decorator of the compiler
@inline
function widen(out: usize, halves: v128): void {
  // Sign, three zeros, exponent, the first seven bits of the mantissa.
  const upper = v128.and(i16x8.shr_s(halves, 3), i16x8.splat(-0x7001));
  const lower = i16x8.shl(halves, 13);
  // Exact: moves the exponent's bias from 15 to 127, subnormals included.
  const factor = f32x4.splat(5.192296858534828e33);
  store(out, f32x4.mul(v128.shuffle<i16>(lower, upper, 0, 8, 1, 9, 2, 10, 3, 11), factor));
  v128.store(out, f32x4.mul(v128.shuffle<i16>(lower, upper, 4, 12, 5, 13, 6, 14, 7, 15), factor), 16);
}

/** Gives what is too large for an f16 the exponent of infinities and NaNs. */
// @ts-ignore: a decorator of the compiler
@inline
function special(value: v128): v128 {
  return v128.or(value, v128.and(f32x4.ge(f32x4.abs(value), f32x4.splat(65536)), i32x4.splat(0x7f800000)));
}
