/** Four lanes at once: the words that the kernels are written in. */

// @ts-ignore: a decorator of the compiler
@inline
export function load(at: usize): v128 {
  return v128.load(at);
}

// @ts-ignore: a decorator of the compiler
@inline
export function store(at: usize, value: v128): void {
  v128.store(at, value);
}

/** Clears the signs: without them the bits of floats order like their magnitudes. */
// @ts-ignore: a decorator of the compiler
@inline
export function magnitude(value: v128): v128 {
  return v128.and(value, i32x4.splat(0x7fffffff));
}

/** `mix` of src/core/random.ts in four lanes. */
// @ts-ignore: a decorator of the compiler
@inline
export function mix4(x: v128): v128 {
  const a = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 16)), i32x4.splat(0x21f0aaad));
  const b = i32x4.mul(v128.xor(a, i32x4.shr_u(a, 15)), i32x4.splat(0xd35a2d97));
  return v128.xor(b, i32x4.shr_u(b, 15));
}

/** The sum of four counts. */
// @ts-ignore: a decorator of the compiler
@inline
export function lanesOf(count: v128): i32 {
  return (
    i32x4.extract_lane(count, 0) +
    i32x4.extract_lane(count, 1) +
    i32x4.extract_lane(count, 2) +
    i32x4.extract_lane(count, 3)
  );
}
