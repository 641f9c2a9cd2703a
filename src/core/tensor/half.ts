/**
 * 16-bit and 8-bit floats as bit patterns, without tables.
 *
 * f32 → f16 follows the rounding by integer and magic-number addition that F. Giesen described
 * ("Float→half conversions", public domain); f16 → f32 rescales the exponent by one exact multiplication, which
 * also makes subnormals normal.
 */

/** f32 whose unit in the last place is the smallest f16 subnormal: adding it rounds subnormals to even. */
const SUBNORMAL_MAGIC = 0.5;
const SUBNORMAL_MAGIC_BITS = 0x3f000000;

/** Smallest normal f16, 2⁻¹⁴, as f32 bits. */
const F16_MIN_NORMAL = 113 << 23;
/** 2¹⁶ as f32 bits: from here on every value is infinite in f16. */
const F16_TOO_LARGE = 143 << 23;
const F32_INFINITY = 0x7f800000;

/**
 * Fills `out` with the f16 patterns of the values, rounded to nearest even. Returns how many finite values became
 * infinite. NaNs become the quiet NaN of their sign.
 */
export function toFloat16(out: Uint16Array, values: Float32Array): number {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const cell = new Float32Array(1);
  const cellBits = new Uint32Array(cell.buffer);
  let overflows = 0;
  for (let i = 0; i < values.length; i++) {
    const sign = (bits[i] >>> 16) & 0x8000;
    const magnitude = bits[i] & 0x7fffffff;
    let half: number;
    if (magnitude >= F16_TOO_LARGE) {
      half = magnitude > F32_INFINITY ? 0x7e00 : 0x7c00;
      if (magnitude < F32_INFINITY) overflows++;
    } else if (magnitude < F16_MIN_NORMAL) {
      cell[0] = Math.abs(values[i]) + SUBNORMAL_MAGIC;
      half = cellBits[0] - SUBNORMAL_MAGIC_BITS;
    } else {
      const odd = (magnitude >>> 13) & 1;
      half = (magnitude - (112 << 23) + 0xfff + odd) >>> 13;
      if (half === 0x7c00) overflows++;
    }
    out[i] = sign | half;
  }
  return overflows;
}

/**
 * Fills `out` with the bf16 patterns of the values, rounded to nearest even. Returns how many finite values became
 * infinite. NaNs become the quiet NaN of their sign.
 */
export function toBfloat16(out: Uint16Array, values: Float32Array): number {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let overflows = 0;
  for (let i = 0; i < values.length; i++) {
    const word = bits[i];
    const magnitude = word & 0x7fffffff;
    if (magnitude > F32_INFINITY) {
      out[i] = ((word >>> 16) & 0x8000) | 0x7fc0;
      continue;
    }
    const half = (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
    if ((half & 0x7fff) === 0x7f80 && magnitude !== F32_INFINITY) overflows++;
    out[i] = half;
  }
  return overflows;
}

/** Fills `out` with the values of f16 patterns, exactly. NaN payloads keep their bits. */
export function fromFloat16(out: Float32Array, halves: Uint16Array): void {
  const bits = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i];
    const sign = (half & 0x8000) << 16;
    const rest = (half & 0x7fff) << 13;
    if ((half & 0x7c00) === 0x7c00) {
      bits[i] = sign | F32_INFINITY | rest;
    } else {
      bits[i] = sign | rest;
      out[i] *= 2 ** 112; // exact: moves the exponent's bias from 15 to 127, subnormals included
    }
  }
}

/** Fills `out` with the values of bf16 patterns, exactly. */
export function fromBfloat16(out: Float32Array, halves: Uint16Array): void {
  const bits = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i] << 16;
}

/**
 * Fills `out` with the values of 8-bit floats, exactly. e5m2 is the upper byte of an f16; e4m3 is the "fn" kind,
 * which has no infinity and one NaN per sign. Source: arXiv:2209.05433, table 1.
 */
export function fromFloat8(out: Float32Array, bytes: Uint8Array, kind: "f8_e4m3" | "f8_e5m2"): void {
  if (kind === "f8_e5m2") {
    fromFloat16(
      out,
      Uint16Array.from(bytes, (byte) => byte << 8),
    );
    return;
  }
  const bits = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < bytes.length; i++) {
    const sign = (bytes[i] & 0x80) << 24;
    const rest = bytes[i] & 0x7f;
    if (rest === 0x7f) {
      bits[i] = sign | 0x7fc00000;
    } else {
      bits[i] = sign | (rest << 20);
      out[i] *= 2 ** 120; // exact: moves the exponent's bias from 7 to 127
    }
  }
}
