/** Floats as integers: without the sign bit, the bits of a float order like its magnitude (NaN above infinity). */

/** Clears the sign of a float's bits. */
export const magnitudeBits = 0x7fff_ffff;
/** The exponent field: all ones for NaN and infinities. */
export const exponentBits = 0x7f80_0000;

/** Looks at the same memory as 32-bit integers. */
export function bitsOf(x: Float32Array): Int32Array {
  return new Int32Array(x.buffer, x.byteOffset, x.length);
}

const cell = new Float32Array(1);
const cellBits = bitsOf(cell);

/** Gives the bits of a number rounded to f32. */
export function toBits(value: number): number {
  cell[0] = value;
  return cellBits[0];
}

/** Gives the f32 value of 32 bits. */
export function fromBits(bits: number): number {
  cellBits[0] = bits;
  return cell[0];
}
